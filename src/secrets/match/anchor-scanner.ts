import { WASM } from '../../assembly/anchor-scan.wasm.ts';
import { type Automaton, LINE, outputsOf } from './automaton.ts';

/** Bytes that one scan takes at most. */
export const SCAN_CAPACITY = 256 * 1024;

/** Receives each place where an anchor ends: the offset of its last byte, and the finder's state there. */
export type AnchorHit = (last: number, state: number) => void;

/** Memory of a scanner into which contents are put, to be scanned where they lie. */
interface ScanRoom {
  /** {@link SCAN_CAPACITY} long. A zero in it belongs to no anchor. */
  readonly bytes: Uint8Array;
  /** Reports, in order, every place in [0, to) where an anchor ends. */
  scan(to: number, hit: AnchorHit): void;
}

/** Finds anchors in a stretch of bytes. Holds memory of its own: one a thread. */
export interface AnchorScanner {
  /** Null where contents are scanned one by one only. */
  readonly room: ScanRoom | null;
  /**
   * Reports, in order, every place in [from, to) where an anchor ends. The anchor may begin before
   * `from`, but not before the start of `bytes`.
   * @param to at most `from` + {@link SCAN_CAPACITY}
   */
  scan(bytes: Uint8Array, from: number, to: number, hit: AnchorHit): void;
  /** Counts line feeds in [from, to), which is at most {@link SCAN_CAPACITY} long. */
  countLines(bytes: Uint8Array, from: number, to: number): number;
}

/** A scanner, and what its states stand for. */
export interface AnchorFinder {
  readonly scanner: AnchorScanner;
  /** The anchors (indices into the list that the finder was made of) that end at a state. */
  outputs(state: number): readonly number[];
}

/** Returns the fastest finder of an automaton's anchors that this engine runs. */
export function automatonFinder(automaton: Automaton): AnchorFinder {
  return {
    scanner: streamScanner(automaton) ?? plainScanner(automaton),
    outputs: (state) => outputsOf(automaton, state),
  };
}

/** The plain loop: for engines without WebAssembly, for short contents, and as the oracle of tests. */
export function plainScanner(automaton: Automaton): AnchorScanner {
  const { columns, table, firstOutput, longest } = automaton;
  return {
    room: null,
    scan(bytes, from, to, hit) {
      let state = 0;
      let at = Math.max(0, from - longest + 1);
      for (; at < from; at++) state = table[state * LINE + columns[bytes[at]!]!]!;
      for (; at < to; at++) {
        state = table[state * LINE + columns[bytes[at]!]!]!;
        if (state >= firstOutput) hit(at, state);
      }
    },
    countLines: plainLines,
  };
}

/** Line feeds in [from, to). */
export function plainLines(bytes: Uint8Array, from: number, to: number): number {
  let lines = 0;
  for (let at = from; at < to; at++) if (bytes[at] === LINE_FEED) lines++;
  return lines;
}

/** Below this the call and the copy cost more than they save. */
const WORTH_IT = 512;
/** Chunks that advance together; see assembly/anchor-scan.as.ts. */
const STREAMS = 5;
/** Columns, times two, fit into a byte. */
const MAX_COLUMNS = 128;
/** Zeros after a content, which make the chunks equally long and the content a multiple of sixteen bytes for {@link ScanExports.lines}. */
const PADDING = 16;
const LINE_FEED = 0x0a;
const PAGE = 65536;
const HIT_BYTES = 8;
/** Address of the transition table; assembly/anchor-scan.as.ts has the same number. */
const TABLE_AT = 256;

/** See assembly/anchor-scan.as.ts. */
interface ScanExports {
  readonly scan: (...walk: number[]) => number;
  readonly lines: (start: number, count: number) => number;
}

let compiled: WebAssembly.Module | null = null;

/**
 * Scans several chunks at once, in WebAssembly.
 * @returns null if this engine has no WebAssembly, and for an automaton with more states or columns than the loop takes
 */
export function streamScanner(automaton: Automaton): AnchorScanner | null {
  if (typeof WebAssembly === 'undefined') return null;
  const plain = plainScanner(automaton);
  const { columns, lines: rowLines, table, firstOutput, longest } = automaton;
  if (!(table instanceof Uint16Array) || rowLines * LINE > MAX_COLUMNS) return null;
  const inputAt = align(TABLE_AT + table.byteLength);
  const roomAt = align(inputAt + SCAN_CAPACITY + PADDING);
  const hitsAt = align(roomAt + SCAN_CAPACITY + PADDING);
  const memory = new WebAssembly.Memory({
    initial: Math.ceil((hitsAt + (SCAN_CAPACITY + PADDING) * HIT_BYTES) / PAGE),
  });
  compiled ??= new WebAssembly.Module(Buffer.from(WASM, 'base64'));
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
  const { scan, lines } = exports as unknown as ScanExports;
  const input = new Uint8Array(memory.buffer, inputAt, SCAN_CAPACITY + PADDING);
  const room = new Uint8Array(memory.buffer, roomAt, SCAN_CAPACITY);
  const hits = new Uint32Array(memory.buffer, hitsAt);
  new Uint8Array(memory.buffer, 0, 256).set(columns.map((column) => column * 2));
  // The one table that is walked: what of it lies in the caches serves both walks.
  const rows = new Uint16Array(memory.buffer, TABLE_AT, table.length);
  rows.set(table);

  /** The state in which a stretch begins: only an anchor's length before it matters. */
  const warm = (bytes: Uint8Array, until: number): number => {
    let state = 0;
    for (let at = Math.max(0, until - longest + 1); at < until; at++) {
      state = rows[state * LINE + columns[bytes[at]!]!]!;
    }
    return state;
  };

  /**
   * Scans the bytes at an address, which are [from, to) of `bytes`; there is room for padding after them.
   */
  const scanAt = (address: number, bytes: Uint8Array, from: number, to: number, hit: AnchorHit): void => {
    const length = to - from;
    const count = Math.ceil(length / STREAMS);
    new Uint8Array(memory.buffer, address + length, count * STREAMS - length).fill(0);
    const at = (stream: number): number => Math.min(to, from + stream * count);
    const states = Array.from({ length: STREAMS }, (_, stream) => warm(bytes, at(stream)));
    const end = scan(address, count, ...states, hitsAt, firstOutput);
    const words = (end - hitsAt) / 4;
    // The hits of each chunk are in order, interleaved with those of the others.
    for (let stream = 0; stream < STREAMS; stream++) {
      const first = address + stream * count;
      const last = Math.min(first + count, address + length);
      for (let word = 0; word < words; word += 2) {
        const place = hits[word]!;
        if (place >= first && place < last) hit(place - address + from, hits[word + 1]!);
      }
    }
  };

  return {
    room:
      columns[0] === 0
        ? {
            bytes: room,
            scan(to, hit) {
              if (to > 0) scanAt(roomAt, room, 0, to, hit);
            },
          }
        : null,
    countLines(bytes, from, to) {
      const length = to - from;
      if (length < WORTH_IT) return plainLines(bytes, from, to);
      const padded = (length + 15) & ~15;
      input.set(bytes.subarray(from, to));
      input.fill(0, length, padded);
      return lines(inputAt, padded);
    },
    scan(bytes, from, to, hit) {
      if (to - from < WORTH_IT) {
        plain.scan(bytes, from, to, hit);
        return;
      }
      input.set(bytes.subarray(from, to));
      scanAt(inputAt, bytes, from, to, hit);
    },
  };
}

function align(address: number): number {
  return (address + 7) & ~7;
}
