import { byteSet } from './gate.ts';
import type { LeftBoundary } from './rule.ts';

const WORD = byteSet('A-Za-z0-9_');
const BASE64 = byteSet('A-Za-z0-9+/_-');
const HEX = byteSet('0-9A-Fa-f');
const ESCAPED = byteSet('nrtbfv0');
const BACKSLASH = 0x5c;
const PERCENT = 0x25;
const SMALL_U = 0x75;

/**
 * Tells whether a match may begin at `at`: what stands before must not belong to it. The end of an
 * escape (`\n`, `%3D`, `\u003d`) counts as the character it stands for.
 * @param low first byte that may be looked at
 */
export function startsHere(bytes: Uint8Array, at: number, low: number, left: LeftBoundary): boolean {
  if (left === 'none' || at <= low) return true;
  const previous = bytes[at - 1]!;
  if ((left === 'word' ? WORD : BASE64)[previous] === 0) return true;
  if (at - 2 >= low && bytes[at - 2] === BACKSLASH && ESCAPED[previous] === 1) return true;
  if (at - 3 >= low && bytes[at - 3] === PERCENT) return isHex(bytes, at - 2, at);
  return (
    at - 6 >= low && bytes[at - 6] === BACKSLASH && bytes[at - 5] === SMALL_U && isHex(bytes, at - 4, at)
  );
}

function isHex(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (HEX[bytes[at]!] === 0) return false;
  return true;
}
