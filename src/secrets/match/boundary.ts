import { byteSet } from '../gate.ts';
import type { LeftBoundary } from '../rule.ts';

const WORD = byteSet('A-Za-z0-9_');
const ALPHANUMERIC = byteSet('A-Za-z0-9');
const BASE64 = byteSet('A-Za-z0-9+/_-');
const HEX = byteSet('0-9A-Fa-f');
const ESCAPED = byteSet('nrtbfv0');
const BACKSLASH = 0x5c;
const PERCENT = 0x25;
const SMALL_U = 0x75;

/**
 * Reports whether a match may begin at `at`: the byte before it must not belong to it. The end of an escape
 * (`\n`, `%3D`, `\u003d`) counts as the character that it represents.
 * @param low first byte that may be read
 */
export function startsHere(bytes: Uint8Array, at: number, low: number, left: LeftBoundary): boolean {
  if (left === 'none' || at <= low) return true;
  const previous = bytes[at - 1]!;
  if ((left === 'word' ? WORD : BASE64)[previous] === 0) return true;
  return afterEscape(bytes, at, low);
}

/**
 * Reports whether `at` is between two letters or digits, so that no value begins or ends there. The end of an
 * escape counts as the character that it represents.
 * @param low first byte that may be read
 * @param at index of an existing byte
 */
export function isInsideWord(bytes: Uint8Array, at: number, low: number): boolean {
  if (at <= low || ALPHANUMERIC[bytes[at]!] === 0 || ALPHANUMERIC[bytes[at - 1]!] === 0) return false;
  return !afterEscape(bytes, at, low);
}

/** Reports whether an escape ends right before `at`, which must not be 0. */
function afterEscape(bytes: Uint8Array, at: number, low: number): boolean {
  if (at - 2 >= low && bytes[at - 2] === BACKSLASH && ESCAPED[bytes[at - 1]!] === 1) return true;
  if (at - 3 >= low && bytes[at - 3] === PERCENT) return isHex(bytes, at - 2, at);
  return (
    at - 6 >= low && bytes[at - 6] === BACKSLASH && bytes[at - 5] === SMALL_U && isHex(bytes, at - 4, at)
  );
}

function isHex(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (HEX[bytes[at]!] === 0) return false;
  return true;
}
