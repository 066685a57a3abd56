import { isKeyFingerprint, isSecretName } from '../names.ts';
import type { RawHit } from '../raw-hit.ts';
import { printableBase64 } from '../validators/passwords.ts';
import { assignedOn, fieldHit, linesOf } from './text-fields.ts';

/** Readers of files in which programs store logins, one or a few lines each. Texts are latin1. */

/** Reads `//host/:_authToken=…`, `_auth=…`, `_password=…` (npm-config). */
export function readNpmrc(text: string): RawHit[] {
  const hits: RawHit[] = [];
  for (const line of linesOf(text)) {
    const found = assignedOn(line.text, '=');
    const name = found === null ? undefined : /(_authToken|_auth|_password)$/.exec(found.key)?.[1];
    if (found === null || name === undefined) continue;
    const start = line.start + found.at;
    const decoded = name === '_authToken' ? null : printableBase64(found.value);
    const host = /^\/\/([^/:]+)/.exec(found.key)?.[1];
    hits.push(
      fieldHit(text, {
        rule: 'npmrc',
        title: 'npm registry login',
        start,
        end: start + found.value.length,
        severity: 'high',
        ...(decoded === null ? {} : { value: decoded.slice(decoded.indexOf(':') + 1) }),
        details: { field: name, ...(host === undefined ? {} : { host }) },
      }),
    );
  }
  return hits;
}

/** Reads `machine HOST login USER password WORD`, in any layout (netrc). */
export function readNetrc(text: string): RawHit[] {
  const hits: RawHit[] = [];
  let machine = '';
  let login = '';
  let expected = '';
  let macro = false;
  for (const line of linesOf(text)) {
    // A macro ends at the next empty line.
    if (macro && line.text.trim() !== '') continue;
    macro = false;
    for (const { 0: word, index } of line.text.matchAll(/"[^"]*"|\S+/g)) {
      if (word.startsWith('#')) break;
      const bare = word.replaceAll('"', '');
      if (expected === 'machine') machine = bare;
      if (expected === 'login') login = bare;
      if (expected === 'password') {
        const start = line.start + index + (word.startsWith('"') ? 1 : 0);
        hits.push(
          fieldHit(text, {
            rule: 'netrc',
            title: 'Machine password (.netrc)',
            start,
            end: start + bare.length,
            severity: 'high',
            details: { host: machine, user: login },
          }),
        );
      }
      if (word === 'macdef') {
        macro = true;
        break;
      }
      expected = expected === '' && /^(?:machine|login|password|account)$/.test(word) ? word : '';
      if (word === 'default') machine = 'default';
    }
  }
  return hits;
}

/** Reads sections with `username` and `password`: .pypirc and similar files. */
export function readIniPasswords(rule: string, title: string): (text: string) => RawHit[] {
  return (text) => {
    const hits: RawHit[] = [];
    let section = '';
    for (const line of linesOf(text)) {
      section = /^\s*\[([^\]]+)\]/.exec(line.text)?.[1] ?? section;
      const found = assignedOn(line.text);
      if (found === null || !/^(?:password|passwd|pass|secret|token)$/i.test(found.key)) continue;
      const start = line.start + found.at;
      hits.push(
        fieldHit(text, {
          rule,
          title,
          start,
          end: start + found.value.length,
          severity: 'high',
          details: { section },
        }),
      );
    }
    return hits;
  };
}

/**
 * Reads `host:port:database:user:password` with a backslash before a colon that is part of a field (libpq).
 */
export function readPgpass(text: string): RawHit[] {
  const hits: RawHit[] = [];
  for (const line of linesOf(text)) {
    if (/^\s*(?:#|$)/.test(line.text)) continue;
    const fields = [...line.text.matchAll(/((?:\\.|[^:\\])*)(?::|$)/g)];
    const last = fields[4];
    if (last === undefined || last[1] === '') continue;
    const start = line.start + last.index;
    hits.push(
      fieldHit(text, {
        rule: 'pgpass',
        title: 'PostgreSQL password (.pgpass)',
        start,
        end: start + last[1]!.length,
        severity: 'high',
        value: last[1]!.replaceAll(/\\(.)/g, '$1'),
        details: { host: fields[0]![1]!, database: fields[2]![1]!, user: fields[3]![1]! },
      }),
    );
  }
  return hits;
}

/** Reads `https://user:password@host`, one per line (git-credential-store). */
export function readGitCredentials(text: string): RawHit[] {
  const hits: RawHit[] = [];
  for (const line of linesOf(text)) {
    const match = /^\s*([a-z]+):\/\/([^:@/]*):([^@/]+)@([^/\s]+)/.exec(line.text);
    if (match === null) continue;
    const start = line.start + match[0].lastIndexOf(`${match[3]!}@`);
    hits.push(
      fieldHit(text, {
        rule: 'git-credentials',
        title: 'Git server login (.git-credentials)',
        start,
        end: start + match[3]!.length,
        severity: 'critical',
        details: { host: match[4]!, user: match[2]! },
      }),
    );
  }
  return hits;
}

/** Reads `aws_access_key_id`, `aws_secret_access_key`, `aws_session_token` in sections (AWS CLI). */
export function readAwsCredentials(text: string): RawHit[] {
  const hits: RawHit[] = [];
  let profile = 'default';
  let id = '';
  for (const line of linesOf(text)) {
    profile = /^\s*\[(?:profile\s+)?([^\]]+)\]/.exec(line.text)?.[1] ?? profile;
    const found = assignedOn(line.text);
    if (found === null) continue;
    if (found.key === 'aws_access_key_id') id = found.value;
    if (found.key !== 'aws_secret_access_key' && found.key !== 'aws_session_token') continue;
    const start = line.start + found.at;
    hits.push(
      fieldHit(text, {
        rule: 'aws-credentials',
        title: 'AWS secret access key in a profile',
        start,
        end: start + found.value.length,
        severity: found.key === 'aws_session_token' ? 'medium' : 'critical',
        details: { profile, keyId: id },
      }),
    );
  }
  return hits;
}

/** Reads `NAME=value` with secret-like names: .env and similar files. */
export function readEnv(text: string): RawHit[] {
  const hits: RawHit[] = [];
  for (const line of linesOf(text)) {
    const found = assignedOn(line.text, '=');
    if (found === null || found.value === '') continue;
    if (!isSecretName(found.key) || isKeyFingerprint(found.key, found.value)) continue;
    if (/^(?:true|false|yes|no|on|off|null|\d{1,6}|[\w+]+:\/\/\S*|\/\S*)$/i.test(found.value)) continue;
    const start = line.start + found.at;
    hits.push(
      fieldHit(text, {
        rule: 'env-file',
        title: 'Secret in an environment file',
        start,
        end: start + found.value.length,
        severity: 'high',
        details: { name: found.key },
        tier: 2,
      }),
    );
  }
  return hits;
}
