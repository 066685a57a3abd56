import { decodeName, escapeBytes } from './escape.ts';

/** Returns a path as text: as it is if it is UTF-8, else escaped, with `\xNN` for the bytes that are not. */
export function pathText(bytes: Uint8Array): string {
  const { text, utf8 } = decodeName(bytes);
  return utf8 ? text : escapeBytes(bytes);
}
