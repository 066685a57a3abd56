import { type Automaton, LINE, outputsOf } from './automaton.ts';
import { SeenContents, type Tag, TAG_ROOM, TAG_STEP } from './seen-contents.ts';
import { MOST_COLUMNS, scanModule, startModule, STREAMS } from './scan-module.ts';

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
  /** Tells contents apart that lie there; null where nobody wants to know. */
  readonly seen: RoomSeen | null;
}

/** What was seen before of the contents of a room. */
interface RoomSeen {
  /** The tag of the content at [from, from + length). Bytes behind it become zeros. */
  tag(from: number, length: number): Tag;
  /** Whether that content was looked through before, and nothing found. */
  has(tag: Tag): boolean;
  add(tag: Tag): void;
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

/**
 * The fastest finder of an automaton's anchors that this engine runs.
 * @param shared what other threads have seen (see sharedSeen), for contents that may come again
 */
export function automatonFinder(automaton: Automaton, shared: SharedArrayBuffer | null = null): AnchorFinder {
  return {
    scanner: streamScanner(automaton, shared) ?? plainScanner(automaton),
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
/** Behind a content, for its tag and for its line feeds. */
const PADDING = TAG_STEP;
/** Tags of contents in the room; those of stretches have the state of the automaton before them. */
const WHOLE = 0;
const LINE_FEED = 0x0a;
const PAGE = 65536;
const HIT_BYTES = 8;

/**
 * Several stretches at once, in WebAssembly.
 * @param shared what other threads have seen, if contents may come again
 * @returns null where the engine has none, and for an automaton whose numbers are larger than its code takes
 */
export function streamScanner(
  automaton: Automaton,
  shared: SharedArrayBuffer | null = null,
): AnchorScanner | null {
  const plain = plainScanner(automaton);
  const { columns, lines: rowLines, table, firstOutput, longest } = automaton;
  if (!(table instanceof Uint16Array) || rowLines * LINE > MOST_COLUMNS) return null;
  const tableAt = 256;
  // A few bytes of padding make the stretches equally long.
  const inputAt = align(tableAt + table.byteLength);
  const roomAt = align(inputAt + SCAN_CAPACITY + PADDING);
  const hitsAt = align(roomAt + SCAN_CAPACITY + PADDING);
  const seenAt = align(hitsAt + (SCAN_CAPACITY + PADDING) * HIT_BYTES);
  const pages = Math.ceil((seenAt + (shared === null ? 0 : TAG_ROOM)) / PAGE);
  const code = scanModule({ columns: 0, table: tableAt, firstOutput }, pages);
  const started = startModule(code);
  if (started === null) return null;
  const { memory, scan, lines } = started;
  const input = new Uint8Array(memory.buffer, inputAt, SCAN_CAPACITY + PADDING);
  const room = new Uint8Array(memory.buffer, roomAt, SCAN_CAPACITY);
  const hits = new Uint32Array(memory.buffer, hitsAt);
  const seen = shared === null ? null : new SeenContents(shared, memory, seenAt);
  new Uint8Array(memory.buffer, 0, 256).set(columns.map((column) => column * 2));
  // The one table that is walked: what of it lies in the caches serves both walks.
  const rows = new Uint16Array(memory.buffer, tableAt, table.length);
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
   * Scans what lies at an address, and is [from, to) of `bytes`; behind it there is room for padding.
   * @returns whether there was a hit
   */
  const scanAt = (address: number, bytes: Uint8Array, from: number, to: number, hit: AnchorHit): boolean => {
    const length = to - from;
    const count = Math.ceil(length / STREAMS);
    new Uint8Array(memory.buffer, address + length, count * STREAMS - length).fill(0);
    const at = (stream: number): number => Math.min(to, from + stream * count);
    const states = Array.from({ length: STREAMS }, (_, stream) => warm(bytes, at(stream)));
    const end = scan(address, count, ...states, hitsAt);
    const words = (end - hitsAt) / 4;
    if (words === 0) return false;
    // Each stretch has its hits in order, between those of the others.
    for (let stream = 0; stream < STREAMS; stream++) {
      const first = address + stream * count;
      const last = Math.min(first + count, address + length);
      for (let word = 0; word < words; word += 2) {
        const place = hits[word]!;
        if (place >= first && place < last) hit(place - address + from, hits[word + 1]!);
      }
    }
    return true;
  };

  return {
    room:
      columns[0] === 0
        ? {
            bytes: room,
            scan(to, hit) {
              if (to > 0) scanAt(roomAt, room, 0, to, hit);
            },
            seen:
              seen === null
                ? null
                : {
                    tag: (from, length) => seen.tag(roomAt + from, length, WHOLE),
                    has: (tag) => seen.has(tag),
                    add: (tag) => seen.add(tag),
                  },
          }
        : null,
    countLines(bytes, from, to) {
      const length = to - from;
      if (length < WORTH_IT) return plainLines(bytes, from, to);
      const padded = (length + 7) & ~7;
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
      const tag = seen?.tag(inputAt, to - from, 1 + warm(bytes, from)) ?? null;
      if (tag !== null && seen!.has(tag)) return;
      if (!scanAt(inputAt, bytes, from, to, hit) && tag !== null) seen!.add(tag);
    },
  };
}

function align(address: number): number {
  return (address + 7) & ~7;
}
