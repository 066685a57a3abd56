import { parseNumber } from './header.ts';
import type { SparseForm, SparseSegment } from './member.ts';
import { type PaxRecords, paxNumber } from './pax.ts';

const decoder = new TextDecoder();

/**
 * The data segments named by an old GNU sparse header (4 of them) or an extension block (21):
 * pairs of 12-byte offset and length, ended by an empty one.
 */
export function parseOldSparse(bytes: Uint8Array, at: number, count: number): SparseSegment[] {
  const segments: SparseSegment[] = [];
  for (let i = 0; i < count; i++) {
    const field = at + i * 24;
    if (bytes[field] === 0 && bytes[field + 12] === 0) break;
    const offset = parseNumber(bytes, field, 12);
    const length = parseNumber(bytes, field + 12, 12);
    if (offset === null || length === null || offset < 0 || length < 0) break;
    segments.push({ offset, length });
  }
  return segments;
}

/**
 * What the PAX forms of GNU sparse files say (versions 0.0, 0.1 and 1.0; GNU tar manual,
 * appendix E). Version 1.0 keeps its map in front of the data.
 */
export function paxSparse(pax: PaxRecords): { form: SparseForm; realSize: number | null } | null {
  if (paxNumber(pax, 'GNU.sparse.major') === 1 && paxNumber(pax, 'GNU.sparse.minor') === 0) {
    return { form: { kind: 'map-in-data' }, realSize: paxNumber(pax, 'GNU.sparse.realsize') };
  }
  const map = pax.get('GNU.sparse.map');
  if (map === undefined) return null;
  const numbers = decoder.decode(map).split(',').map(Number);
  const segments: SparseSegment[] = [];
  for (let i = 0; i + 1 < numbers.length; i += 2) {
    const offset = numbers[i]!;
    const length = numbers[i + 1]!;
    if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(length) || offset < 0 || length < 0) break;
    segments.push({ offset, length });
  }
  return { form: { kind: 'map', segments }, realSize: paxNumber(pax, 'GNU.sparse.size') };
}

/**
 * Reads a version 1.0 map: decimal numbers, one a line, count first, padded to a block.
 * @param data the member's stored bytes, at least as far as the map reaches
 * @returns the segments and the length of the map in bytes, or null where it does not parse
 */
export function parseSparseMap(data: Uint8Array): { segments: SparseSegment[]; length: number } | null {
  let at = 0;
  const line = (): number | null => {
    const end = data.indexOf(0x0a, at);
    if (end < 0 || end - at > 20) return null;
    const value = Number(decoder.decode(data.subarray(at, end)));
    at = end + 1;
    return Number.isSafeInteger(value) && value >= 0 ? value : null;
  };
  const count = line();
  if (count === null) return null;
  const segments: SparseSegment[] = [];
  for (let i = 0; i < count; i++) {
    const offset = line();
    const length = line();
    if (offset === null || length === null) return null;
    segments.push({ offset, length });
  }
  return { segments, length: Math.ceil(at / 512) * 512 };
}
