import { randomInt } from 'node:crypto';

/** Names come from strangers: a seed they do not know keeps them from filling one slot with all of them. */
export const SEED = randomInt(2 ** 32) | 0;

/** So many slots for each path: fewer make lookups longer, more are memory that is touched at random. */
export const FULLEST = 1.5;

export function slotsFor(paths: number): number {
  return Math.ceil(paths * FULLEST) + 1;
}

/** Bits of the largest id that so many slots can hold. */
export function idBitsOf(slots: Uint32Array): number {
  return Math.min(31, 32 - Math.clz32(slots.length));
}

/** The slot where the search for a hash begins: its share of all 32-bit numbers. */
export function firstSlot(hashed: number, slots: number): number {
  return Math.floor((hashed >>> 0) * 2 ** -32 * slots);
}

/** FNV-1a over the parent's id and the name, mixed once more; a signed 32-bit number, which V8 keeps unboxed. */
export function hash(parent: number, bytes: Uint8Array, start: number, end: number): number {
  let h = SEED ^ Math.imul(parent, 0x9e3779b1);
  for (let i = start; i < end; i++) h = Math.imul(h ^ bytes[i]!, 0x01000193);
  return Math.imul(h ^ (h >>> 15), 0x9e3779b1);
}
