/** Returns a copy in new memory. Not `slice`, because Buffer.slice returns a view of the same memory. */
export function copyOf(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}
