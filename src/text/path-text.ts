import { decodeName, escapeBytes } from './escape.ts';

/** Returns a path as text: unchanged if it is valid UTF-8, else escaped, with `\xNN` for each invalid byte. */
export function pathText(bytes: Uint8Array): string {
  const { text, utf8 } = decodeName(bytes);
  return utf8 ? text : escapeBytes(bytes);
}
