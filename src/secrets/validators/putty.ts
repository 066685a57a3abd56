import { createHash } from 'node:crypto';
import type { Validator } from './candidate.ts';

const KEY_WINDOW = 8100;
const FORM =
  /^PuTTY-User-Key-File-[123]: [^\r\n]{1,60}\r?\nEncryption: ([a-z0-9-]{1,30})\r?\nComment: [^\r\n]{0,200}\r?\nPublic-Lines: (\d{1,3})\r?\n((?:[A-Za-z0-9+/=]{1,64}\r?\n){1,80})(?:[A-Z][A-Za-z0-9-]{1,30}: [^\r\n]{1,100}\r?\n){0,8}Private-Lines: \d{1,3}\r?\n((?:[A-Za-z0-9+/=]{1,64}\r?\n){1,120})Private-(?:MAC|Hash): [0-9a-f]{40,64}/;

/** Validates a PuTTY key file, whose headers must be in order. The fingerprint is that of the public key. */
export const puttyKey: Validator = (candidate) => {
  const text = candidate.from(KEY_WINDOW).replaceAll(/\\r\\n|\\n/g, '\n');
  const match = FORM.exec(text);
  if (match === null) return { verdict: 'placeholder', reason: 'PuTTY key headers missing' };
  const blob = Buffer.from(match[3]!.replaceAll(/\s/g, ''), 'base64');
  const print = createHash('sha256').update(blob).digest('base64').replace(/=+$/, '');
  const details = { publicKey: `SHA256:${print}` };
  const found = {
    verdict: 'structure-valid',
    span: { start: 0, end: match[0].length },
    value: match[4]!.replaceAll(/\s/g, ''),
  } as const;
  if (match[1] === 'none') return { ...found, details };
  return {
    ...found,
    severity: 'medium',
    reason: 'protected by a passphrase',
    details: { ...details, encrypted: 'yes' },
  };
};
