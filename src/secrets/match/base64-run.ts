import { byteSet } from '../gate.ts';
import type { Rule } from '../rule.ts';

/** The base64 encoding of an anchor at one of its three alignments. */
export interface EncodedAnchor {
  readonly text: string;
  /** Index of the first character in its group of four. */
  readonly phase: number;
}

const MIN_ANCHOR = 4;
/** 36 bits are rare enough; more would only enlarge the automaton. */
const MAX_FORM = 6;
const BASE64 = byteSet('A-Za-z0-9+/_-');
const PADDING = 0x3d;

/**
 * Returns the base64 encodings of the anchors that strong rules begin with. Characters that share bits with
 * the bytes before or after the anchor are left out, so an encoding does not depend on its surroundings.
 */
export function base64Anchors(rules: readonly Rule[]): EncodedAnchor[] {
  const found = new Map<string, EncodedAnchor>();
  for (const rule of rules) {
    if (!rule.strong || rule.start.at !== 'anchor') continue;
    for (const { text, ignoreCase } of rule.anchors) {
      // Anchors that are base64 themselves would be found in every certificate.
      if (ignoreCase === true || text.length < MIN_ANCHOR || rule.left === 'base64') continue;
      for (const shift of [0, 1, 2]) {
        const phase = Math.ceil((shift * 8) / 6);
        const bits = (shift + text.length) * 8;
        const encoded = Buffer.from('\0'.repeat(shift) + text, 'latin1').toString('base64');
        const core = encoded.slice(phase, Math.min(Math.floor(bits / 6), phase + MAX_FORM));
        found.set(`${core}/${phase}`, { text: core, phase });
      }
    }
  }
  return [...found.values()];
}

/** A decoded run of base64. */
export interface DecodedRun {
  readonly bytes: Uint8Array;
  /** Range of the run in the encoded bytes: [start, end). */
  readonly start: number;
  readonly end: number;
  /** Range of the decoded bytes in which the anchor may end. */
  readonly anchorAt: number;
  readonly anchorEnd: number;
  /** Whether it decodes to plain text. */
  readonly text: boolean;
}

const MAX_ANCHOR = 64;

/**
 * Decodes the base64 around an encoded anchor, aligned with it, so that extra letters in front do no harm.
 * Accepts both alphabets.
 * @param at first byte of the encoded anchor
 * @param phase index of that byte in its group of four
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
    anchorEnd: Math.min(decoded.length, seen + MAX_ANCHOR),
    text: !decoded.subarray(0, 64).some((byte) => byte < 9 || byte > 126),
  };
}
