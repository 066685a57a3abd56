import { type Budget, MAX_UNPACKED } from './budget.ts';
import type { Coverage } from './coverage.ts';
import type { WholeInflater } from './whole-inflater.ts';

/** Lengths of the fixed header, the trailer, and the trailer's length field (RFC 1952 §2.3). */
const FIXED = 10;
const TRAILER = 8;
const LENGTH_FIELD = 4;

/** Flag bits (RFC 1952 §2.3.1). The reserved bits must be zero. */
const HEADER_SUM = 1 << 1;
const EXTRA = 1 << 2;
const NAME = 1 << 3;
const COMMENT = 1 << 4;
const RESERVED = 0xe0;

/**
 * Decompresses a gzip file. Its members are one content however many there are (RFC 1952 §2.2). Checksums are
 * not verified: modified data must be scanned as well.
 * @param coverage receives the streams that were read, and the surrounding fields that cannot contain text
 * @returns valid until the inflater is used again; null if there is no stream or it exceeds the budget
 */
export function gunzip(
  bytes: Uint8Array,
  budget: Budget,
  inflater: WholeInflater,
  coverage: Coverage,
): Uint8Array | null {
  const content = new Joined();
  let members = 0;
  for (let at = 0, start = streamAt(bytes, 0, coverage); start !== null; members++) {
    const allowed = Math.min(budget.allowed, MAX_UNPACKED - content.length);
    const made = inflater.inflate(bytes.subarray(start), allowed, lengthBefore(bytes, bytes.length));
    if (made === null) budget.discard(allowed);
    if (made === null || (!made.ended && made.bytes.length === 0)) break;
    const streamEnd = start + made.stored;
    // If the length differs, the bytes may not be a trailer.
    const end =
      lengthBefore(bytes, streamEnd + TRAILER) === made.bytes.length ? streamEnd + TRAILER : streamEnd;
    if (made.ended) {
      coverage.add(at, at + FIXED);
      coverage.add(start, end);
    }
    at = streamEnd + TRAILER;
    start = made.ended ? streamAt(bytes, at, coverage) : null;
    content.add(made.bytes, start === null);
  }
  if (members === 0) return null;
  budget.take(content.length);
  return content.bytes;
}

/** Returns the offset of the stream of the member whose header is at `at`; null if there is no header. */
function streamAt(bytes: Uint8Array, at: number, coverage: Coverage): number | null {
  if (at + FIXED > bytes.length) return null;
  const flags = bytes[at + 3]!;
  const isMember = bytes[at] === 0x1f && bytes[at + 1] === 0x8b && bytes[at + 2] === 8;
  if (!isMember || (flags & RESERVED) !== 0) return null;
  let next = at + FIXED;
  if ((flags & EXTRA) !== 0) {
    next += 2 + (bytes[next] ?? 0) + 256 * (bytes[next + 1] ?? 0);
    coverage.cut(next);
  }
  if ((flags & NAME) !== 0) next = afterZero(bytes, next);
  if ((flags & COMMENT) !== 0) next = afterZero(bytes, next);
  if ((flags & HEADER_SUM) !== 0) next += 2;
  return next <= bytes.length ? next : null;
}

function afterZero(bytes: Uint8Array, at: number): number {
  const zero = bytes.indexOf(0, at);
  return zero < 0 ? bytes.length + 1 : zero + 1;
}

/** Returns the length field of a trailer that ends at `end`, modulo 2^32; -1 if the file is too short. */
function lengthBefore(bytes: Uint8Array, end: number): number {
  if (end > bytes.length) return -1;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return view.getUint32(end - LENGTH_FIELD, true);
}

/** Concatenates pieces; a single piece is not copied. */
class Joined {
  length = 0;
  #bytes: Uint8Array = new Uint8Array(0);

  /** @param last whether this is the last piece */
  add(piece: Uint8Array, last: boolean): void {
    const length = this.length + piece.length;
    if (last && this.length === 0) this.#bytes = piece;
    else {
      if (length > this.#bytes.length) this.#grow(length);
      this.#bytes.set(piece, this.length);
    }
    this.length = length;
  }

  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }

  #grow(length: number): void {
    const grown = new Uint8Array(Math.max(length, Math.min(2 * length, MAX_UNPACKED)));
    grown.set(this.#bytes.subarray(0, this.length));
    this.#bytes = grown;
  }
}
