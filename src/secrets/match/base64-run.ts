import { byteSet } from '../gate.ts';
import type { Rule } from '../rule.ts';

/** An anchor as base64 writes it, at one of its three alignments. */
export interface EncodedAnchor {
  readonly text: string;
  /** Place of the first character in its group of four. */
  readonly phase: number;
}

const SHORTEST_ANCHOR = 4;
/** Enough to be rare: 36 bits. More would only make the automaton larger. */
const LONGEST_FORM = 6;
const BASE64 = byteSet('A-Za-z0-9+/_-');
const PADDING = 0x3d;

/**
 * The base64 forms of the anchors that strong rules begin with. Bytes that share a character with what
 * stands before or after are left out, so a form is the same whatever surrounds it.
 */
export function base64Anchors(rules: readonly Rule[]): EncodedAnchor[] {
  const found = new Map<string, EncodedAnchor>();
  for (const rule of rules) {
    if (!rule.strong || rule.start.at !== 'anchor') continue;
    for (const { text, ignoreCase } of rule.anchors) {
      // What is base64 itself would be found in every certificate.
      if (ignoreCase === true || text.length < SHORTEST_ANCHOR || rule.left === 'base64') continue;
      for (const shift of [0, 1, 2]) {
        const phase = Math.ceil((shift * 8) / 6);
        const bits = (shift + text.length) * 8;
        const encoded = Buffer.from('\0'.repeat(shift) + text, 'latin1').toString('base64');
        const core = encoded.slice(phase, Math.min(Math.floor(bits / 6), phase + LONGEST_FORM));
        found.set(`${core}/${phase}`, { text: core, phase });
      }
    }
  }
  return [...found.values()];
}

/** A decoded stretch of base64. */
export interface DecodedRun {
  readonly bytes: Uint8Array;
  /** Where the stretch lies: [start, end) of the encoded bytes. */
  readonly start: number;
  readonly end: number;
  /** Decoded bytes in which the anchor that was seen may end. */
  readonly anchorAt: number;
  readonly anchorEnd: number;
  /** True where it decodes to plain text. */
  readonly text: boolean;
}

const LONGEST_ANCHOR = 64;

/**
 * Decodes the base64 around an anchor's form, in step with it, so that letters glued to the front do no
 * harm. Both alphabets are taken.
 * @param at first byte of the form
 * @param phase its place in a group of four
 */
export function decodeRunAt(
  bytes: Uint8Array,
  at: number,
  phase: number,
  low: number,
  high: number,
): DecodedRun | null {
  let start = at;
  while (start > low && BASE64[bytes[start - 1]!] === 1) start--;
  start += (((at - start - phase) % 4) + 4) % 4;
  if (start > at) return null;
  let end = at;
  while (end < high && BASE64[bytes[end]!] === 1) end++;
  const encoded = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
  if (end < high && bytes[end] === PADDING) end += bytes[end + 1] === PADDING ? 2 : 1;
  const decoded = Buffer.from(encoded, 'base64');
  const seen = Math.floor(((at - start) * 3) / 4);
  return {
    bytes: decoded,
    start,
    end: Math.min(end, high),
    anchorAt: seen,
    anchorEnd: Math.min(decoded.length, seen + LONGEST_ANCHOR),
    text: !decoded.subarray(0, 64).some((byte) => byte < 9 || byte > 126),
  };
}
