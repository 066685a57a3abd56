import { texture } from '../entropy.ts';
import type { RawHit } from '../raw-hit.ts';
import { fieldHit } from './text-fields.ts';

const SHORTEST = 6;
const LONGEST = 512;

/** A file named like a secret that holds one word and nothing else: `password.txt`, `api_token`. */
export function readSecretFile(text: string): RawHit[] {
  const value = text.trim();
  if (value.length < SHORTEST || value.length > LONGEST || !/^[\x21-\x7e]+$/.test(value)) return [];
  // A path or an address says where the secret is.
  if (/^(?:\.{0,2}|~)\/|^[a-z+]+:\/\//i.test(value)) return [];
  const look = texture(value);
  const start = text.indexOf(value);
  return [
    fieldHit(text, {
      rule: 'secret-file',
      title: 'Secret in a file of its own',
      start,
      end: start + value.length,
      severity: 'high',
      confidence: look === 'words' ? 'low' : look === 'random' ? 'high' : 'medium',
      tier: 2,
    }),
  ];
}
