/** A local file header (PKWARE APPNOTE 4.3.7). */
export interface LocalHeader {
  /** Offset of the header. */
  readonly at: number;
  readonly flags: number;
  readonly method: number;
  /**
   * As declared; 0 if a data descriptor after the data has the sizes, {@link IN_EXTRA} if the extra field has
   * them.
   */
  readonly packed: number;
  readonly size: number;
  readonly name: Uint8Array;
  /** Offset of the member's data. */
  readonly start: number;
}

export const LOCAL_LENGTH = 30;
const LOCAL_SIGNATURE = 0x04034b50;

/** Bits of the flags (APPNOTE 4.4.4). */
export const ENCRYPTED = 1;
export const HAS_DATA_DESCRIPTOR = 1 << 3;

/** Methods (APPNOTE 4.4.5). */
export const STORED = 0;
export const DEFLATED = 8;

/** Stands for a size or offset that does not fit in 32 bits (APPNOTE 4.5.3). */
export const IN_EXTRA = 0xffffffff;

/** Returns the header at an offset; null if there is none or if its name is truncated. */
export function localHeader(bytes: Uint8Array, view: DataView, at: number): LocalHeader | null {
  if (at < 0 || at + LOCAL_LENGTH > bytes.length || view.getUint32(at, true) !== LOCAL_SIGNATURE) return null;
  const nameEnd = at + LOCAL_LENGTH + view.getUint16(at + 26, true);
  const start = nameEnd + view.getUint16(at + 28, true);
  if (nameEnd > bytes.length) return null;
  return {
    at,
    flags: view.getUint16(at + 6, true),
    method: view.getUint16(at + 8, true),
    packed: view.getUint32(at + 18, true),
    size: view.getUint32(at + 22, true),
    name: bytes.subarray(at + LOCAL_LENGTH, nameEnd),
    start,
  };
}
