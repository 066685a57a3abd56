import { crc32, createInflateRaw, constants } from 'node:zlib';
import type { Damage, DecoderInput } from './decoder.ts';
import { type Extent, ExtentReader } from './source.ts';

/** Small pieces, so that damage costs at most the output of one of them. */
const PIECE = 4096;

/**
 * Inflates a gzip blob member by member, keeping every byte that can be had, and tells exactly
 * where it stops being gzip.
 * @param skip plain bytes that were given before and are not given again
 */
export async function inflateGzipCarefully(
  extent: Extent,
  skip: number,
  input: Pick<DecoderInput, 'plain' | 'stopped'>,
): Promise<Damage | null> {
  const reader = new ExtentReader(extent);
  let left = skip;
  const plain = (chunk: Uint8Array): void => {
    const cut = Math.min(left, chunk.length);
    left -= cut;
    if (cut < chunk.length) input.plain(chunk.subarray(cut));
  };
  try {
    let at = 0;
    while (at < reader.size && !input.stopped()) {
      const header = readHeader(reader, at);
      if (header === 'zeros') return null;
      if (typeof header === 'string') {
        if (at > 0 && header === 'foreign') {
          return {
            code: 'trailing-data',
            offset: at,
            message: `${reader.size - at} bytes after the end of the gzip stream`,
          };
        }
        return { code: 'truncated', offset: at, message: 'the gzip stream ends inside a header' };
      }
      const member = await inflateMember(reader, header.dataOffset, plain, input);
      if (member.damage !== null) return member.damage;
      at = member.end;
    }
    return null;
  } finally {
    reader.close();
  }
}

function readHeader(
  reader: ExtentReader,
  at: number,
): { readonly dataOffset: number } | 'foreign' | 'truncated' | 'zeros' {
  const head = new Uint8Array(64 * 1024);
  const n = reader.read(head, at);
  if (head[0] === 0 && restIsZero(reader, at)) return 'zeros';
  if (n < 2 || head[0] !== 0x1f || head[1] !== 0x8b || (n > 2 && head[2] !== 8)) return 'foreign';
  if (n < 10) return 'truncated';
  const flags = head[3]!;
  let i = 10;
  if (flags & 4) i += 2 + (head[i]! | (head[i + 1]! << 8));
  for (const flag of [8, 16]) {
    if ((flags & flag) === 0) continue;
    const nul = head.indexOf(0, i);
    if (nul < 0 || nul >= n) return 'truncated';
    i = nul + 1;
  }
  if (flags & 2) i += 2;
  return i > n ? 'truncated' : { dataOffset: at + i };
}

function restIsZero(reader: ExtentReader, from: number): boolean {
  const buffer = new Uint8Array(64 * 1024);
  for (let at = from; at < reader.size;) {
    const n = reader.read(buffer, at);
    if (n === 0) return true;
    for (let i = 0; i < n; i++) if (buffer[i] !== 0) return false;
    at += n;
  }
  return true;
}

interface Member {
  readonly end: number;
  readonly damage: Damage | null;
}

async function inflateMember(
  reader: ExtentReader,
  start: number,
  plain: (chunk: Uint8Array) => void,
  input: Pick<DecoderInput, 'stopped'>,
): Promise<Member> {
  const stream = createInflateRaw({ finishFlush: constants.Z_SYNC_FLUSH });
  let crc = 0;
  let length = 0;
  let ended = false;
  let failure: Error | null = null;
  let wake: () => void = () => {};
  stream.on('data', (chunk: Buffer) => {
    crc = crc32(chunk, crc);
    length += chunk.length;
    plain(chunk);
  });
  stream.on('end', () => {
    ended = true;
    wake();
  });
  stream.on('error', (error) => {
    failure = error;
    wake();
  });
  let at = start;
  try {
    while (!ended && failure === null && !input.stopped()) {
      const piece = new Uint8Array(PIECE);
      const n = reader.read(piece, at);
      if (n === 0) break;
      at += n;
      await new Promise<void>((resolve) => {
        wake = resolve;
        stream.write(piece.subarray(0, n), () => resolve());
      });
      // `end` is emitted after the write's callback.
      await new Promise(setImmediate);
    }
    const end = start + stream.bytesWritten;
    if (failure !== null) {
      return { end, damage: { code: 'corrupt', offset: end, message: 'the gzip stream is damaged' } };
    }
    if (!ended) return { end, damage: truncated(reader.size) };
    const trailer = new Uint8Array(8);
    if (reader.read(trailer, end) < 8) return { end, damage: truncated(reader.size) };
    const view = new DataView(trailer.buffer);
    if (view.getUint32(0, true) !== crc || view.getUint32(4, true) !== length % 2 ** 32) {
      return { end, damage: { code: 'corrupt', offset: end, message: 'the gzip checksum does not match' } };
    }
    return { end: end + 8, damage: null };
  } finally {
    stream.destroy();
  }
}

function truncated(offset: number): Damage {
  return { code: 'truncated', offset, message: 'the gzip stream ends before its end' };
}
