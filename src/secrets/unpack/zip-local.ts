/** A local file header (PKWARE APPNOTE 4.3.7). */
export interface LocalHeader {
  /** Where it begins. */
  readonly at: number;
  readonly flags: number;
  readonly method: number;
  /** As told; 0 where they stand behind the data, {@link IN_EXTRA} where the extra field has them. */
  readonly packed: number;
  readonly size: number;
  readonly name: Uint8Array;
  /** Where the member's data begins. */
  readonly start: number;
}

export const LOCAL_LENGTH = 30;
const LOCAL_SIGNATURE = 0x04034b50;

/** Bits of the flags (APPNOTE 4.4.4). */
export const ENCRYPTED = 1;
export const SIZES_BEHIND = 1 << 3;

/** Methods (APPNOTE 4.4.5). */
export const STORED = 0;
export const DEFLATED = 8;

/** In place of a size or an offset of more than 32 bits (APPNOTE 4.5.3). */
export const IN_EXTRA = 0xffffffff;

/** Reads the header at a place; null where there is none, or where its name is cut short. */
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
