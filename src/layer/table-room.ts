/** Gives a table its arrays. */
export interface TableRoom {
  words(length: number): Uint32Array;
  bytes(length: number): Uint8Array;
}

export const HEAP: TableRoom = {
  words: (length) => new Uint32Array(length),
  bytes: (length) => new Uint8Array(length),
};
