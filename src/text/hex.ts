/** Bytes per line. */
export const HEX_BYTES = 16;

/**
 * Returns one line of a hex dump: the offset, the bytes in two groups of eight, and the printable ASCII.
 * @param offset of the first byte, in the content
 * @param bytes at most {@link HEX_BYTES}
 */
export function hexLine(offset: number, bytes: Uint8Array): string {
  let hex = '';
  let ascii = '';
  for (let i = 0; i < HEX_BYTES; i++) {
    if (i === HEX_BYTES / 2) hex += ' ';
    const byte = bytes[i];
    if (byte === undefined) {
      hex += '   ';
      continue;
    }
    hex += ` ${byte.toString(16).padStart(2, '0')}`;
    ascii += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.';
  }
  return `${offset.toString(16).padStart(8, '0')} ${hex}  ${ascii}`;
}
