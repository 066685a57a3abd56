/**
 * The inner loops of the anchor automaton, in AssemblyScript (a TypeScript that compiles to WebAssembly). Five chunks
 * of one content advance together, so that waiting for one table entry overlaps with the other four: some three times
 * as fast as the same loop in JavaScript.
 *
 * Memory: at address 0 the column of each byte, times two, as 256 bytes; at {@link TABLE} the transition table, with
 * 16-bit states.
 */

/** Address of the transition table; scanner.ts has the same number. */
const TABLE: u32 = 256;
/** A row of the table has 64 bytes per line. */
const LINE_SHIFT: u32 = 6;

/** The state after the byte at an address. */
function next(state: u32, at: u32): u32 {
  return load<u16>((state << LINE_SHIFT) + load<u8>(load<u8>(at)), TABLE);
}

/** Writes a hit and returns the address for the next one. */
function note(hits: u32, at: u32, state: u32): u32 {
  store<u32>(hits, at);
  store<u32>(hits, state, 4);
  return hits + 8;
}

/**
 * Walks five consecutive chunks of equal length, at least one byte each. For each hit it writes (address of the last
 * byte, state), 32 bits each. Five is measured on real layers: fewer chunks wait for the table; with more, the states
 * do not fit into the registers of x86-64.
 * @param start address of the first chunk
 * @param count bytes of each chunk
 * @param s0 the state in which the first chunk begins; s1 to s4 those of the others
 * @param hits address of the first hit
 * @param firstOutput states from this one on end an anchor
 * @returns the address after the last hit
 */
export function scan(
  start: u32,
  count: u32,
  s0: u32,
  s1: u32,
  s2: u32,
  s3: u32,
  s4: u32,
  hits: u32,
  firstOutput: u32,
): u32 {
  const stop = start + count;
  do {
    let at = start;
    s0 = next(s0, at);
    if (s0 >= firstOutput) hits = note(hits, at, s0);
    at += count;
    s1 = next(s1, at);
    if (s1 >= firstOutput) hits = note(hits, at, s1);
    at += count;
    s2 = next(s2, at);
    if (s2 >= firstOutput) hits = note(hits, at, s2);
    at += count;
    s3 = next(s3, at);
    if (s3 >= firstOutput) hits = note(hits, at, s3);
    at += count;
    s4 = next(s4, at);
    if (s4 >= firstOutput) hits = note(hits, at, s4);
    start++;
  } while (start != stop);
  return hits;
}

/** The byte of a line feed. */
const LINE_FEED: i8 = 0x0a;

/**
 * Counts line feeds, sixteen bytes at a time.
 * @param start address of the first byte
 * @param count a multiple of sixteen, at least sixteen
 */
export function lines(start: u32, count: u32): u32 {
  const feeds = i8x16.splat(LINE_FEED);
  const stop = start + count;
  let sum: u32 = 0;
  do {
    sum += popcnt<u32>(i8x16.bitmask(i8x16.eq(v128.load(start), feeds)));
    start += 16;
  } while (start != stop);
  return sum;
}
