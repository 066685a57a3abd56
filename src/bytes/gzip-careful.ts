import { crc32, createInflateRaw, constants } from 'node:zlib';
import { CHUNK, type Damage, type DecoderInput } from './decoder.ts';
import { type Extent, ExtentReader } from './source.ts';
import { ZlibStream } from './zlib-stream.ts';

/** Bytes per write. When a stream fails, the output of its last write is lost. */
const PIECE = 8 * 1024;
/** Longest header that is read, including extra field, name and comment. */
const MAX_HEADER = 128 * 1024;

type Output = Pick<DecoderInput, 'plain' | 'stopped'>;

/**
 * Inflates a gzip blob member by member, recovers every byte that can be recovered, and determines the
 * exact offset at which the gzip data ends. A wrong checksum is reported and reading continues.
 */
export async function inflateGzipCarefully(input: Output, extent: Extent): Promise<Damage | null> {
  const reader = new ExtentReader(extent);
  let damage: Damage | null = null;
  try {
    for (let at = 0; at < reader.size && !input.stopped();) {
      const header = readHeader(reader, at);
      if (header === 'foreign') return damage ?? bytesAfterEnd(extent, at);
      if (header === 'cut') {
        return (
          damage ?? {
            code: 'truncated',
            offset: at,
            message: 'unexpected end of the gzip stream, inside a header',
          }
        );
      }
      const member = await inflateMember(reader, at + header, input);
      damage ??= member.damage;
      if (member.end === null) break;
      at = member.end;
    }
    return damage;
  } finally {
    reader.close();
  }
}

/** Returns the damage if bytes other than zeros (legal padding, from tapes) follow the last member; else null. */
export function bytesAfterEnd(extent: Extent, offset: number): Damage | null {
  const reader = new ExtentReader(extent);
  try {
    if (restIsZero(reader, offset)) return null;
    const length = reader.size - offset;
    const message = `${length} ${length === 1 ? 'byte' : 'bytes'} after the end of the gzip stream`;
    return { code: 'trailing-data', offset, message };
  } finally {
    reader.close();
  }
}

/** Returns the length of the member header at `at` (RFC 1952 §2.3), or why there is no header. */
function readHeader(reader: ExtentReader, at: number): number | 'foreign' | 'cut' {
  const head = new Uint8Array(Math.min(MAX_HEADER, reader.size - at));
  const n = reader.read(head, at);
  if (n < 2 || head[0] !== 0x1f || head[1] !== 0x8b || (n > 2 && head[2] !== 8)) return 'foreign';
  if (n < 10) return 'cut';
  const flags = head[3]!;
  let i = 10;
  if (flags & 4) {
    if (i + 2 > n) return 'cut';
    i += 2 + (head[i]! | (head[i + 1]! << 8));
  }
  for (const flag of [8, 16]) {
    if ((flags & flag) === 0) continue;
    const nul = head.subarray(0, n).indexOf(0, i);
    if (nul < 0) return 'cut';
    i = nul + 1;
  }
  if (flags & 2) i += 2;
  return i > n ? 'cut' : i;
}

function restIsZero(reader: ExtentReader, from: number): boolean {
  const buffer = new Uint8Array(CHUNK);
  for (let at = from; at < reader.size;) {
    const n = reader.read(buffer, at);
    if (n === 0) return true;
    for (let i = 0; i < n; i++) if (buffer[i] !== 0) return false;
    at += n;
  }
  return true;
}

interface Member {
  /** Offset after the member; null if its end was not found. */
  readonly end: number | null;
  readonly damage: Damage | null;
}

/** Inflates one member; if that fails, tries again byte by byte from the failed write on. */
async function inflateMember(reader: ExtentReader, start: number, input: Output): Promise<Member> {
  const given = { bytes: 0 };
  const first = await attemptMember(reader, start, Number.POSITIVE_INFINITY, input, given);
  if (first.failedAt === null) return first;
  const second = await attemptMember(reader, start, first.failedAt, input, given);
  return second;
}

interface Attempt extends Member {
  /** Offset at which the failed write began; null if none failed. */
  readonly failedAt: number | null;
}

/**
 * @param fineFrom offset from which every byte is written alone
 * @param given bytes of this member's content that the sink already has; they are not passed again
 */
async function attemptMember(
  reader: ExtentReader,
  start: number,
  fineFrom: number,
  input: Output,
  given: { bytes: number },
): Promise<Attempt> {
  let crc = 0;
  let length = 0;
  const stream = new ZlibStream(createInflateRaw({ finishFlush: constants.Z_SYNC_FLUSH }), {
    plain(chunk) {
      crc = crc32(chunk, crc);
      length += chunk.length;
      const news = Math.min(chunk.length, length - given.bytes);
      if (news <= 0) return;
      given.bytes = length;
      input.plain(news === chunk.length ? chunk : chunk.subarray(chunk.length - news));
    },
    stopped: () => input.stopped(),
  });
  const buffer = new Uint8Array(PIECE);
  try {
    let at = start;
    while (stream.leftover === 0 && !input.stopped()) {
      const piece = at >= fineFrom ? buffer.subarray(0, 1) : buffer;
      const n = reader.read(piece, at);
      if (n === 0) return { end: null, damage: truncated(at), failedAt: null };
      await stream.write(n === piece.length ? piece : piece.subarray(0, n));
      if (stream.failure !== null) {
        const damage: Damage = { code: 'corrupt', offset: at, message: 'damaged gzip stream' };
        return { end: null, damage, failedAt: at };
      }
      at += n;
    }
    if (input.stopped()) return { end: null, damage: null, failedAt: null };
    return { ...checkTrailer(reader, start + stream.consumed, crc, length), failedAt: null };
  } finally {
    stream.close();
  }
}

function checkTrailer(reader: ExtentReader, at: number, crc: number, length: number): Member {
  const trailer = new Uint8Array(8);
  const n = reader.read(trailer, at);
  if (n < 8) return { end: null, damage: truncated(at + n) };
  const view = new DataView(trailer.buffer);
  const holds = view.getUint32(0, true) === crc && view.getUint32(4, true) === length % 2 ** 32;
  const message = 'the gzip checksum does not match';
  return { end: at + 8, damage: holds ? null : { code: 'corrupt', offset: at, message } };
}

function truncated(offset: number): Damage {
  return { code: 'truncated', offset, message: 'unexpected end of the gzip stream' };
}
