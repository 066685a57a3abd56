import type { Gate } from './rule.ts';

/**
 * Checks the bytes around an anchor; returns false if the pattern cannot match.
 * @param start first byte of the anchor
 * @param end the byte after the anchor
 * @param low first byte that may be read
 * @param high the byte after the last one that may be read
 */
export type GateTest = (bytes: Uint8Array, start: number, end: number, low: number, high: number) => boolean;

const sets = new Map<string, Uint8Array>();

/**
 * Returns a table with 1 for each byte in a character class and 0 for the others. Shared: do not modify.
 * @param set the inside of the class
 */
export function byteSet(set: string): Uint8Array {
  const known = sets.get(set);
  if (known !== undefined) return known;
  const pattern = new RegExp(`[${set}]`);
  const bytes = new Uint8Array(256);
  for (let byte = 0; byte < 256; byte++) if (pattern.test(String.fromCharCode(byte))) bytes[byte] = 1;
  sets.set(set, bytes);
  return bytes;
}

const NAME = byteSet('A-Za-z0-9_.-');
const CLOSERS = byteSet('"\'`\\\\\\])');
const BEFORE_SIGN = byteSet('=:?');
const NO_AUTHORITY = byteSet('\\s"\'`<>/?#\\\\');
const MAX_NAME = 40;
const MAX_CLOSERS = 4;
const MAX_SPACE = 8;
const MAX_AUTHORITY = 360;
const SPACE = 0x20;
const TAB = 0x09;
const AT = 0x40;

function assigned(bytes: Uint8Array, _start: number, end: number, _low: number, high: number): boolean {
  let at = end;
  for (const stop = Math.min(high, at + MAX_NAME); at < stop && NAME[bytes[at]!] === 1;) at++;
  for (const stop = Math.min(high, at + MAX_CLOSERS); at < stop && CLOSERS[bytes[at]!] === 1;) at++;
  const stop = Math.min(high, at + MAX_SPACE);
  while (at < stop && (bytes[at] === SPACE || bytes[at] === TAB)) at++;
  return at < high && BEFORE_SIGN[bytes[at]!] === 1;
}

function authority(bytes: Uint8Array, _start: number, end: number, _low: number, high: number): boolean {
  for (let at = end, stop = Math.min(high, end + MAX_AUTHORITY); at < stop; at++) {
    const byte = bytes[at]!;
    if (byte === AT) return true;
    if (NO_AUTHORITY[byte] === 1) return false;
  }
  return false;
}

/** Returns the test of a gate; null for a rule without a gate. */
export function gateTest(gate: Gate | null): GateTest | null {
  if (gate === null) return null;
  switch (gate.kind) {
    case 'assigned':
      return assigned;
    case 'authority':
      return authority;
    case 'after': {
      const set = byteSet(gate.set);
      const { min } = gate;
      return (bytes, _start, end, _low, high) => {
        if (end + min > high) return false;
        for (let at = end; at < end + min; at++) if (set[bytes[at]!] === 0) return false;
        return true;
      };
    }
    case 'before': {
      const set = byteSet(gate.set);
      const { min } = gate;
      return (bytes, start, _end, low) => {
        if (start - min < low) return false;
        for (let at = start - 1; at >= start - min; at--) if (set[bytes[at]!] === 0) return false;
        return true;
      };
    }
  }
}
