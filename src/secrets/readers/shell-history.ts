import type { RawHit } from '../raw-hit.ts';
import { fieldHit, linesOf } from './text-fields.ts';

/**
 * How programs take a password as an argument: words of which the line must contain one, in lower case; a
 * pattern whose second group is the password, tried once per line; the program's name.
 */
const COMMANDS: readonly (readonly [readonly string[], RegExp, string])[] = [
  [
    ['mysql', 'mariadb'],
    /\b(?:mysql|mysqldump|mysqladmin|mariadb)\b[^|;&]{0,200}?\s-p(["']?)([^\s"'-][^\s"']{2,100})\1/,
    'mysql',
  ],
  [
    ['mongo'],
    /\b(?:mongo|mongosh|mongodump|mongorestore)\b[^|;&]{0,200}?\s-p[ =]?(["']?)([^\s"'-][^\s"']{3,100})\1/,
    'mongo',
  ],
  [['redis-cli'], /\bredis-cli\b[^|;&]{0,100}?\s-a\s{1,4}(["']?)([^\s"']{4,200})\1/, 'redis-cli'],
  [
    ['ldap'],
    /\bldap(?:search|add|modify|passwd|whoami|delete)\b[^|;&]{0,200}?\s-w\s{0,4}(["']?)([^\s"'-][^\s"']{3,100})\1/,
    'ldap',
  ],
  [
    ['smbclient'],
    /\bsmbclient\b[^|;&]{0,200}?\s-U\s{0,4}["']?[\w.\\-]{1,60}(%)([^\s"']{4,100})/,
    'smbclient',
  ],
  [
    ['htpasswd'],
    /\bhtpasswd\b[^|;&]{0,60}?\s-[a-zA-Z]{0,6}b[a-zA-Z]{0,6}\s[^|;&]{0,200}?\s(["']?)([^\s"']{4,100})\1\s{0,8}$/,
    'htpasswd',
  ],
  [
    ['openssl'],
    /\bopenssl\b[^|;&]{0,200}?\s-(?:passin|passout|pass|k)\s{1,4}(["']?)(?:pass:)?([^\s"':-][^\s"':]{3,100})\1(?:\s|$)/,
    'openssl',
  ],
  [['zip'], /\b(?:zip|unzip)\b[^|;&]{0,60}?\s-P\s{1,4}(["']?)([^\s"']{4,100})\1/, 'zip'],
  [['7z'], /\b7z[a-z]?\b[^|;&]{0,100}?\s-p(["']?)([^\s"']{4,100})\1/, '7z'],
  [
    ['sudo'],
    /\becho\s{1,4}(?:-n\s{1,4})?(["']?)([^\s"'$|]{4,100})\1\s{0,4}\|\s{0,4}sudo\s[^|;&]{0,40}?-S\b/,
    'sudo',
  ],
  [
    ['echo', 'printf'],
    /\b(?:echo|printf)\s{1,4}(?:-[neE]{1,3}\s{1,4})?(["']?)([^\s"'$|>]{6,200})\1\s{0,4}>{1,2}\s{0,4}[\w./~-]{0,100}(?:pass(?:word|wd|phrase)?|secret|token|credentials?|api[_-]?key)[\w.-]{0,40}/i,
    'echo',
  ],
  [
    ['rdesktop', 'xfreerdp'],
    /\b(?:rdesktop|xfreerdp)\b[^|;&]{0,200}?\s(?:-p\s{0,4}|\/p:)(["']?)([^\s"']{4,100})\1/,
    'rdp',
  ],
  [['net'], /\bnet\s{1,4}user\s{1,4}[\w.-]{1,40}\s{1,4}(["']?)([^\s"'/]{4,100})\1/, 'net user'],
];
const MAX_LINE = 4000;

/**
 * Reads passwords in the arguments of shell commands. Named values and distinctive formats are left to the
 * rules.
 */
export function readShellHistory(text: string): RawHit[] {
  const hits: RawHit[] = [];
  for (const line of linesOf(text)) {
    if (line.text.length > MAX_LINE) continue;
    const lower = line.text.toLowerCase();
    for (const [words, pattern, command] of COMMANDS) {
      if (!words.some((word) => lower.includes(word))) continue;
      const match = pattern.exec(line.text);
      const value = match?.[2];
      if (match === null || value === undefined) continue;
      const start = line.start + match.index + match[0].lastIndexOf(value);
      hits.push(
        fieldHit(text, {
          rule: 'shell-history',
          title: 'Password in shell history',
          start,
          end: start + value.length,
          severity: 'high',
          confidence: 'medium',
          details: { command },
        }),
      );
    }
  }
  return hits;
}
