/** A copy with memory of its own. Not `slice`: that of a Buffer is another view of the same memory. */
export function copyOf(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}
