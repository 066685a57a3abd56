import { randomInt } from 'node:crypto';

/** Names come from untrusted images: with a random seed, nobody can choose names that share one slot. */
export const SEED = randomInt(2 ** 32) | 0;

/** Slots per path. Fewer make lookups longer; more spread random accesses over more memory. */
export const SLOTS_PER_PATH = 1.5;

export function slotsFor(paths: number): number {
  return Math.ceil(paths * SLOTS_PER_PATH) + 1;
}

/** Returns the number of bits of the largest id that fits a table with these slots. */
export function idBitsOf(slots: Uint32Array): number {
  return Math.min(31, 32 - Math.clz32(slots.length));
}

/** Returns the slot at which the search for a hash begins: the hash scaled to the number of slots. */
export function firstSlot(hashed: number, slots: number): number {
  return Math.floor((hashed >>> 0) * 2 ** -32 * slots);
}

/**
 * Returns FNV-1a over the parent's id and the name, with a final mix, as a signed 32-bit number, which V8
 * keeps unboxed.
 */
export function hash(parent: number, bytes: Uint8Array, start: number, end: number): number {
  let h = SEED ^ Math.imul(parent, 0x9e3779b1);
  for (let i = start; i < end; i++) h = Math.imul(h ^ bytes[i]!, 0x01000193);
  return Math.imul(h ^ (h >>> 15), 0x9e3779b1);
}
