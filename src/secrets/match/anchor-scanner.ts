import { WASM } from '../../assembly/anchor-scan.wasm.ts';
import { type Automaton, LINE, outputsOf } from './automaton.ts';

/** Maximum number of bytes per scan. */
export const SCAN_CAPACITY = 256 * 1024;

/** Receives each position where an anchor ends: the offset of its last byte, and the finder's state there. */
export type AnchorHit = (last: number, state: number) => void;

/** Memory of a scanner for contents that are to be scanned in place. */
interface ScanBuffer {
  /** {@link SCAN_CAPACITY} bytes long. No anchor contains a zero byte. */
  readonly bytes: Uint8Array;
  /** Reports, in order, every position in [0, to) where an anchor ends. */
  scan(to: number, hit: AnchorHit): void;
}

/** Finds anchors in a range of bytes. It owns memory, so each thread needs its own. */
export interface AnchorScanner {
  /** Null if this scanner cannot scan several contents at once. */
  readonly buffer: ScanBuffer | null;
  /**
   * Reports, in order, every position in [from, to) where an anchor ends. The anchor may begin before `from`,
   * but not before the start of `bytes`.
   * @param to at most `from` + {@link SCAN_CAPACITY}
   */
  scan(bytes: Uint8Array, from: number, to: number, hit: AnchorHit): void;
  /** Counts the line feeds in [from, to), a range of at most {@link SCAN_CAPACITY} bytes. */
  countLines(bytes: Uint8Array, from: number, to: number): number;
}

/** A scanner and the meaning of its states. */
export interface AnchorFinder {
  readonly scanner: AnchorScanner;
  /** Returns the anchors that end at a state, as indices into the list that the finder was made from. */
  outputs(state: number): readonly number[];
}

/** Returns the fastest finder of an automaton's anchors that this engine supports. */
export function automatonFinder(automaton: Automaton): AnchorFinder {
  return {
    scanner: streamScanner(automaton) ?? plainScanner(automaton),
    outputs: (state) => outputsOf(automaton, state),
  };
}

/** A plain loop: for engines without WebAssembly, for short contents, and as the reference in tests. */
export function plainScanner(automaton: Automaton): AnchorScanner {
  const { columns, table, firstOutput, longest } = automaton;
  return {
    buffer: null,
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

/** Counts the line feeds in [from, to). */
export function plainLines(bytes: Uint8Array, from: number, to: number): number {
  let lines = 0;
  for (let at = from; at < to; at++) if (bytes[at] === LINE_FEED) lines++;
  return lines;
}

/** For fewer bytes the call and the copy cost more than they save. */
const MIN_WASM_BYTES = 512;
/** Chunks that advance together; see assembly/anchor-scan.as.ts. */
const STREAMS = 5;
/** Twice a column number must fit into a byte. */
const MAX_COLUMNS = 128;
/**
 * Zeros after a content. They make the chunks equally long, and the length a multiple of 16 bytes for {@link
 * ScanExports.lines}.
 */
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
 * Returns a scanner that scans several chunks at once, in WebAssembly.
 * @returns null if this engine has no WebAssembly, or if the automaton has too many states or columns for the
 *   loop
 */
export function streamScanner(automaton: Automaton): AnchorScanner | null {
  if (typeof WebAssembly === 'undefined') return null;
  const plain = plainScanner(automaton);
  const { columns, lines: rowLines, table, firstOutput, longest } = automaton;
  if (!(table instanceof Uint16Array) || rowLines * LINE > MAX_COLUMNS) return null;
  const inputAt = align(TABLE_AT + table.byteLength);
  const bufferAt = align(inputAt + SCAN_CAPACITY + PADDING);
  const hitsAt = align(bufferAt + SCAN_CAPACITY + PADDING);
  const memory = new WebAssembly.Memory({
    initial: Math.ceil((hitsAt + (SCAN_CAPACITY + PADDING) * HIT_BYTES) / PAGE),
  });
  compiled ??= new WebAssembly.Module(Buffer.from(WASM, 'base64'));
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
  const { scan, lines } = exports as unknown as ScanExports;
  const input = new Uint8Array(memory.buffer, inputAt, SCAN_CAPACITY + PADDING);
  const buffer = new Uint8Array(memory.buffer, bufferAt, SCAN_CAPACITY);
  const hits = new Uint32Array(memory.buffer, hitsAt);
  new Uint8Array(memory.buffer, 0, 256).set(columns.map((column) => column * 2));
  // Both loops use this copy of the table, for cache locality.
  const rows = new Uint16Array(memory.buffer, TABLE_AT, table.length);
  rows.set(table);

  /** Returns the state at an offset. It depends only on the bytes before it that an anchor can span. */
  const warm = (bytes: Uint8Array, until: number): number => {
    let state = 0;
    for (let at = Math.max(0, until - longest + 1); at < until; at++) {
      state = rows[state * LINE + columns[bytes[at]!]!]!;
    }
    return state;
  };

  /**
   * Scans the bytes at an address, which are [from, to) of `bytes`. The memory after them has space for
   * padding.
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
    buffer:
      columns[0] === 0
        ? {
            bytes: buffer,
            scan(to, hit) {
              if (to > 0) scanAt(bufferAt, buffer, 0, to, hit);
            },
          }
        : null,
    countLines(bytes, from, to) {
      const length = to - from;
      if (length < MIN_WASM_BYTES) return plainLines(bytes, from, to);
      const padded = (length + 15) & ~15;
      input.set(bytes.subarray(from, to));
      input.fill(0, length, padded);
      return lines(inputAt, padded);
    },
    scan(bytes, from, to, hit) {
      if (to - from < MIN_WASM_BYTES) {
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
