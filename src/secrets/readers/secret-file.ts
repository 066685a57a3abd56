import { texture } from '../entropy.ts';
import type { RawHit } from '../raw-hit.ts';
import { fieldHit } from './text-fields.ts';

const MIN_LENGTH = 6;
const MAX_LENGTH = 512;

/** Reads a file with a secret-like name that contains a single word: `password.txt`, `api_token`. */
export function readSecretFile(text: string): RawHit[] {
  const value = text.trim();
  if (value.length < MIN_LENGTH || value.length > MAX_LENGTH || !/^[\x21-\x7e]+$/.test(value)) return [];
  // A path or a URL only says where the secret is.
  if (/^(?:\.{0,2}|~)\/|^[a-z+]+:\/\//i.test(value)) return [];
  const look = texture(value);
  const start = text.indexOf(value);
  return [
    fieldHit(text, {
      rule: 'secret-file',
      title: 'Secret in a dedicated file',
      start,
      end: start + value.length,
      severity: 'high',
      confidence: look === 'words' ? 'low' : look === 'random' ? 'high' : 'medium',
      tier: 2,
    }),
  ];
}
