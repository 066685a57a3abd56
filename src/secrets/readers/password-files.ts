import type { RawHit } from '../raw-hit.ts';
import { fieldHit, linesOf } from './text-fields.ts';

/** Readers of files with users and hashed passwords, and of files with a single key. Texts are latin1. */

const METHODS: readonly (readonly [RegExp, string, boolean])[] = [
  [/^\$y\$/, 'yescrypt', false],
  [/^\$gy\$/, 'gost-yescrypt', false],
  [/^\$7\$/, 'scrypt', false],
  [/^\$6\$/, 'SHA-512', false],
  [/^\$5\$/, 'SHA-256', false],
  [/^\$2[aby]\$/, 'bcrypt', false],
  [/^\$apr1\$/, 'Apache MD5', true],
  [/^\$1\$/, 'MD5', true],
  [/^\{SHA\}/, 'SHA-1 without salt', true],
  [/^\{SSHA\}/, 'SHA-1', true],
  [/^[./0-9A-Za-z]{13}$/, 'DES', true],
];

/** Returns the method of a hash by its form (crypt(5)), and whether it is weak; null if it is not a hash. */
export function hashMethod(hash: string): { name: string; weak: boolean } | null {
  const found = METHODS.find(([pattern]) => pattern.test(hash));
  return found === undefined ? null : { name: found[1], weak: found[2] };
}

function hashed(rule: string, title: string, at: number) {
  return (text: string): RawHit[] => {
    const hits: RawHit[] = [];
    for (const line of linesOf(text)) {
      if (line.text.startsWith('#')) continue;
      const fields = line.text.split(':');
      const [user = ''] = fields;
      const raw = fields[at] ?? '';
      // A leading ! locks the account, but the hash can still be cracked (shadow(5)).
      const locked = /^[!*]/.test(raw);
      const hash = raw.replace(/^!+/, '');
      const method = hashMethod(hash);
      const start = line.start + fields.slice(0, at).join(':').length + 1 + (raw.length - hash.length);
      if (rule === 'shadow' && fields.length >= 8 && raw === '') {
        hits.push(
          fieldHit(text, {
            rule: 'shadow-empty',
            title: 'Account without a password',
            start,
            end: start,
            severity: 'high',
            verdict: 'structure-valid',
            confidence: 'high',
            value: `${user}:`,
            details: { user },
          }),
        );
      }
      if (method === null || user === '') continue;
      hits.push(
        fieldHit(text, {
          rule,
          title,
          start,
          end: start + hash.length,
          severity: locked ? 'low' : method.weak ? 'high' : 'medium',
          confidence: 'high',
          verdict: 'structure-valid',
          ...(locked ? { reason: 'locked account; the hash can still be cracked' } : {}),
          details: { user, method: method.name },
        }),
      );
    }
    return hits;
  };
}

/** Reads /etc/shadow and its backups: the second field is the hash. */
export const readShadow = hashed('shadow', 'Account password hash', 1);

/** Reads htpasswd: `user:hash`. */
export const readHtpasswd = hashed('htpasswd', 'Web user password hash', 1);

/** Reads config/master.key and credentials/*.key of Rails: 32 hexadecimal digits and nothing else. */
export function readMasterKey(text: string): RawHit[] {
  const match = /^\s*([0-9a-f]{32})\s*$/.exec(text);
  if (match === null) return [];
  const start = text.indexOf(match[1]!);
  return [
    fieldHit(text, {
      rule: 'rails-master-key-file',
      title: 'Rails master key',
      start,
      end: start + 32,
      severity: 'critical',
      confidence: 'high',
    }),
  ];
}

/** Reads `define('DB_PASSWORD', '…')` and the salts of wp-config.php. */
export function readWpConfig(text: string): RawHit[] {
  const hits: RawHit[] = [];
  const pattern =
    /define\(\s{0,8}["'](DB_PASSWORD|AUTH_KEY|SECURE_AUTH_KEY|LOGGED_IN_KEY|NONCE_KEY|AUTH_SALT|SECURE_AUTH_SALT|LOGGED_IN_SALT|NONCE_SALT)["']\s{0,8},\s{0,8}(["'])([^\r\n]{1,200}?)\2\s{0,8}\)/g;
  for (const match of text.matchAll(pattern)) {
    const value = match[3]!;
    const start = match.index + match[0].lastIndexOf(value);
    hits.push(
      fieldHit(text, {
        rule: 'wp-config',
        title: match[1] === 'DB_PASSWORD' ? 'WordPress database password' : 'WordPress key or salt',
        start,
        end: start + value.length,
        severity: match[1] === 'DB_PASSWORD' ? 'high' : 'medium',
        details: { name: match[1]! },
      }),
    );
  }
  return hits;
}
