/*
 * The inner loop of the automaton as WebAssembly, put together here byte by byte: five stretches of the
 * same content walk at once, so that the wait for one table entry is filled with the other four. It
 * runs some three times as fast as the same loop in JavaScript. The instructions are those of the
 * WebAssembly core specification, section 5 (binary format).
 */

/** Where things lie in the module's memory, in bytes. */
export interface ScanLayout {
  /** Column of each byte, times two, as 256 bytes at address 0. */
  readonly columns: 0;
  /** Start of the transition table: states, 16 bits each. */
  readonly table: number;
  /** State from which on one ends an anchor. */
  readonly firstOutput: number;
}

/** A table's columns, times two, fit into a byte. */
export const MOST_COLUMNS = 128;

/** What the module exports. */
export interface ScanExports {
  readonly memory: WebAssembly.Memory;
  /**
   * Walks {@link STREAMS} stretches of equal length, above zero, that lie one after the other. For each hit it
   * writes (address of the last byte, state).
   * @param walk address of the first stretch; bytes of each; the state in which each begins; where hits go
   * @returns the address after the last hit written
   */
  readonly scan: (...walk: number[]) => number;
  /** Counts the line feeds in `count` bytes from `start`; `count` is a multiple of eight, above zero. */
  readonly lines: (start: number, count: number) => number;
}

/** Compiles and starts a module. @returns null where the engine has no WebAssembly */
export function startModule(code: Uint8Array<ArrayBuffer>): ScanExports | null {
  if (typeof WebAssembly === 'undefined') return null;
  return new WebAssembly.Instance(new WebAssembly.Module(code)).exports as unknown as ScanExports;
}

const I32 = 0x7f;
const I64 = 0x7e;
const BLOCK_VOID = 0x40;
const OP = {
  loop: 0x03,
  if: 0x04,
  end: 0x0b,
  brIf: 0x0d,
  get: 0x20,
  set: 0x21,
  tee: 0x22,
  load64: 0x29,
  load8: 0x2d,
  load16: 0x2f,
  store: 0x36,
  constant: 0x41,
  notEqual: 0x47,
  atLeast: 0x4f,
  add: 0x6a,
  shiftLeft: 0x74,
  constant64: 0x42,
  popcount64: 0x7b,
  add64: 0x7c,
  and64: 0x83,
  or64: 0x84,
  xor64: 0x85,
  wrap: 0xa7,
} as const;

/**
 * Stretches that walk at once. Fewer wait for the table; more states than these do not fit into the registers of
 * x86-64. Measured on real layers with four to eight.
 */
export const STREAMS = 5;
const START = 0;
const COUNT = 1;
const STATE = 2;
const HITS = STATE + STREAMS;
/** Locals after the parameters: the address in the stretch at hand, and where the first stretch ends. */
const ADDRESS = HITS + 1;
const STOP = ADDRESS + 1;
/** A line of the table has 64 bytes. */
const LINE_SHIFT = 6;

function unsigned(value: number): number[] {
  const out: number[] = [];
  let rest = value;
  do {
    const low = rest & 0x7f;
    rest >>>= 7;
    out.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return out;
}

/** Signed LEB128 of a number that is not negative. */
function constant(value: number): number[] {
  const out = unsigned(value);
  const last = out.at(-1)!;
  if ((last & 0x40) !== 0) out.splice(-1, 1, last | 0x80, 0);
  return [OP.constant, ...out];
}

/** Signed LEB128 of 64 bits that repeat one byte. */
function everyByte(byte: number): number[] {
  const out: number[] = [];
  let rest = BigInt.asIntN(64, BigInt(byte) * 0x0101010101010101n);
  for (;;) {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    if ((rest === 0n && (low & 0x40) === 0) || (rest === -1n && (low & 0x40) !== 0)) {
      return [OP.constant64, ...out, low];
    }
    out.push(low | 0x80);
  }
}

function section(id: number, content: number[]): number[] {
  return [id, ...unsigned(content.length), ...content];
}

/** The type of a function that takes so many 32-bit numbers and returns one. */
function signature(parameters: number): number[] {
  return [0x60, parameters, ...Array.from({ length: parameters }, () => I32), 1, I32];
}

function name(text: string): number[] {
  return [text.length, ...Buffer.from(text, 'latin1')];
}

function get(local: number): number[] {
  return [OP.get, local];
}

function set(local: number): number[] {
  return [OP.set, local];
}

/** Stores the 32-bit number on the stack at the address below it. */
function store(offset: number): number[] {
  return [OP.store, 2, offset];
}

function increase(local: number, by: number): number[] {
  return [...get(local), ...constant(by), OP.add, ...set(local)];
}

/** One byte of one stream: the next state, and a note of it if an anchor ends there. */
function step(stream: number, layout: ScanLayout): number[] {
  const state = STATE + stream;
  const address =
    stream === 0
      ? [...get(START), OP.tee, ADDRESS]
      : [...get(ADDRESS), ...get(COUNT), OP.add, OP.tee, ADDRESS];
  const column = [...address, OP.load8, 0, 0, OP.load8, 0, ...unsigned(layout.columns)];
  const row = [...get(state), ...constant(LINE_SHIFT), OP.shiftLeft];
  const next = [...row, ...column, OP.add, OP.load16, 1, ...unsigned(layout.table), OP.tee, state];
  const isHit = [...constant(layout.firstOutput), OP.atLeast];
  const note = [
    [...get(HITS), ...get(ADDRESS), ...store(0)],
    [...get(HITS), ...get(state), ...store(4)],
    increase(HITS, 8),
  ].flat();
  return [...next, ...isHit, OP.if, BLOCK_VOID, ...note, OP.end];
}

/**
 * Line feeds in eight bytes at once: a byte that equals one becomes zero by xor, and `~(((x & 0x7f) +
 * 0x7f) | x | 0x7f)` leaves the top bit of zero bytes alone.
 */
function linesBody(): number[] {
  const [at, count, stop, sum, word] = [0, 1, 2, 3, 4];
  const load = [...get(at), OP.load64, 3, 0, ...everyByte(0x0a), OP.xor64, OP.tee, word];
  const carry = [...load, ...everyByte(0x7f), OP.and64, ...everyByte(0x7f), OP.add64];
  const zero = [...carry, ...get(word), OP.or64, ...everyByte(0x7f), OP.or64, ...everyByte(0xff), OP.xor64];
  return [
    [2, 2, I32, 1, I64],
    [...get(at), ...get(count), OP.add, ...set(stop)],
    [OP.loop, BLOCK_VOID],
    [...zero, OP.popcount64, OP.wrap, ...get(sum), OP.add, ...set(sum)],
    increase(at, 8),
    [...get(at), ...get(stop), OP.notEqual, OP.brIf, 0, OP.end],
    [...get(sum), OP.end],
  ].flat();
}

/**
 * Assembles the module for one automaton, whose numbers become constants of the code.
 * @param pages memory in pages of 64 KiB
 * @returns a module to be instantiated without imports, see {@link ScanExports}
 */
export function scanModule(layout: ScanLayout, pages: number): Uint8Array<ArrayBuffer> {
  const body = [
    [1, 2, I32],
    [...get(START), ...get(COUNT), OP.add, ...set(STOP)],
    [OP.loop, BLOCK_VOID],
    ...Array.from({ length: STREAMS }, (_, stream) => step(stream, layout)),
    increase(START, 1),
    [...get(START), ...get(STOP), OP.notEqual, OP.brIf, 0, OP.end],
    [...get(HITS), OP.end],
  ].flat();
  const lines = linesBody();
  const magic = [0x00, 0x61, 0x73, 0x6d];
  const version = [1, 0, 0, 0];
  return Uint8Array.from([
    ...magic,
    ...version,
    ...section(1, [2, ...signature(HITS + 1), ...signature(2)]),
    ...section(3, [2, 0, 1]),
    ...section(5, [1, 0, ...unsigned(pages)]),
    ...section(7, [3, ...name('memory'), 2, 0, ...name('scan'), 0, 0, ...name('lines'), 0, 1]),
    ...section(10, [2, ...unsigned(body.length), ...body, ...unsigned(lines.length), ...lines]),
  ]);
}
