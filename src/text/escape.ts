import { Buffer, isUtf8 } from 'node:buffer';

/*
 * Names, link targets, history and file contents come from whoever built the image. Silently removing
 * control characters would lose evidence, so each is written in ASCII instead:
 *
 *   \\        a backslash in the text itself, so that the text cannot forge an escape
 *   \x00-\x7f a C0 control or DEL
 *   \x80-\xff a raw byte that is not part of valid UTF-8 (stored as U+DC80-U+DCFF, see decodeName)
 *   \u{hex}   any other dangerous code point, including C1 controls (\u{9b}), because \x9b is the raw byte
 */

const NOT_PLAIN_ASCII = /[^\x20-\x5b\x5d-\x7e]/;

const DANGEROUS_CLASS = String.raw`\x00-\x1f\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}`;
const DANGEROUS = new RegExp(String.raw`[\\${DANGEROUS_CLASS}]`, 'u');
const DANGEROUS_OR_MARK = new RegExp(String.raw`[\\\p{M}${DANGEROUS_CLASS}]`, 'u');
const MARK = /\p{M}/u;

/** Symbols that U+FE0F turns from text into emoji; after any other character it is invisible. */
const TAKES_EMOJI_SELECTOR = /^(?!\p{Emoji_Presentation})(?=\p{Emoji})\p{Extended_Pictographic}$/u;
const KEYCAP_BASE = /^[0-9#*]$/;
const EMOJI_SELECTOR = '\ufe0f';
const KEYCAP = '\u20e3';

/** No living script needs more marks on one letter; more of them would be drawn over other rows. */
const MAX_MARKS = 4;

/** A run of text for the screen; runs with `escaped` are drawn in another style. */
export interface TextPart {
  readonly text: string;
  readonly escaped: boolean;
}

/**
 * Makes every dangerous code point of hostile text visible, in ASCII: controls, format characters
 * (bidi overrides, zero-width joiners, tags), line and paragraph separators, lone surrogates, ignorable
 * characters, variation selectors that do not make an emoji, noncharacters, combining marks without a base
 * character, and too many marks on one. Escaping twice escapes the backslashes again.
 * {@link unescapeText} is the inverse.
 * @param s the original text
 * @returns one line of text without control characters
 */
export function escapeText(s: string): string {
  return isObviouslySafe(s) ? s : escapeDangerous(s);
}

/**
 * Escapes text as {@link escapeText} does, but keeps single backslashes: for text that is read or used
 * unchanged, such as a file's content or a Dockerfile. The result cannot be unescaped.
 */
export function escapeControls(s: string): string {
  return escapeText(s).replaceAll('\\\\', '\\');
}

/**
 * Matches one escape written by {@link escapeText}. In escaped text every backslash begins an escape.
 * The expression is global and has state: use it with matchAll or replace only.
 */
export const ESCAPE_SEQUENCE = /\\(?:\\|x[0-9a-f]{2}|u\{[0-9a-f]{1,6}\})/g;

/**
 * Finds the escapes in text that is already escaped (and perhaps fitted), so that they can be drawn in
 * another style.
 * @returns non-empty parts whose texts add up to `escaped`
 */
export function splitEscaped(escaped: string): TextPart[] {
  if (escaped === '') return [];
  if (!escaped.includes('\\')) return [{ text: escaped, escaped: false }];
  const parts: { text: string; escaped: boolean }[] = [];
  let from = 0;
  for (const match of escaped.matchAll(ESCAPE_SEQUENCE)) {
    const last = parts.at(-1);
    if (match.index > from) parts.push({ text: escaped.slice(from, match.index), escaped: false });
    if (match.index === from && last) last.text += match[0];
    else parts.push({ text: match[0], escaped: true });
    from = match.index + match[0].length;
  }
  if (from < escaped.length) parts.push({ text: escaped.slice(from), escaped: false });
  return parts;
}

/** Reports whether {@link escapeText} would leave the text unchanged (so false for a backslash). */
export function isSafe(s: string): boolean {
  return isObviouslySafe(s) || escapeText(s) === s;
}

/**
 * Reverses {@link escapeText}: reads `\\`, `\xNN` and `\u{hex}` (either case). `\x80` to `\xff` become
 * the code unit for that raw byte. Anything else after a backslash, and a code point above U+10FFFF,
 * stays unchanged; the function never throws.
 */
export function unescapeText(s: string): string {
  if (!s.includes('\\')) return s;
  return s.replace(
    /\\(?:\\|x([0-9a-f]{2})|u\{([0-9a-f]{1,6})\})/gi,
    (whole: string, byte: string | undefined, point: string | undefined) => {
      if (byte !== undefined) {
        const value = Number.parseInt(byte, 16);
        return String.fromCharCode(value < 0x80 ? value : 0xdc00 + value);
      }
      if (point === undefined) return '\\';
      const value = Number.parseInt(point, 16);
      return value > 0x10ffff ? whole : String.fromCodePoint(value);
    },
  );
}

/**
 * Decodes the raw bytes of a name into text that is not yet escaped. Each byte that is not part of valid
 * UTF-8 becomes the lone low surrogate U+DC00 + byte (U+DC80 to U+DCFF, like Python's surrogateescape),
 * so {@link encodeName} returns the same bytes. A byte order mark is kept.
 * @returns the text, and whether the whole name was valid UTF-8
 */
export function decodeName(bytes: Uint8Array): { text: string; utf8: boolean } {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (isUtf8(buffer)) return { text: buffer.toString('utf8'), utf8: true };
  let text = '';
  let validFrom = 0;
  let at = 0;
  while (at < buffer.length) {
    const length = sequenceLength(buffer, at);
    if (length > 0) {
      at += length;
      continue;
    }
    text += buffer.toString('utf8', validFrom, at) + String.fromCharCode(0xdc00 + buffer[at]!);
    at++;
    validFrom = at;
  }
  return { text: text + buffer.toString('utf8', validFrom), utf8: false };
}

/**
 * Reverses {@link decodeName}: encodes text as UTF-8, and each lone U+DC80 to U+DCFF as the one byte it
 * represents. Other lone surrogates, which decodeName never produces, become U+FFFD.
 */
export function encodeName(text: string): Uint8Array {
  if (text.isWellFormed()) return new TextEncoder().encode(text);
  const chunks: Uint8Array[] = [];
  let from = 0;
  for (const { index, 0: unit } of text.matchAll(/[\udc80-\udcff]/gu)) {
    chunks.push(Buffer.from(text.slice(from, index), 'utf8'), Uint8Array.of(unit.charCodeAt(0) - 0xdc00));
    from = index + 1;
  }
  chunks.push(Buffer.from(text.slice(from), 'utf8'));
  return new Uint8Array(Buffer.concat(chunks));
}

/** Returns raw bytes as visible text: {@link decodeName}, then {@link escapeText}. Invalid bytes become `\xNN`. */
export function escapeBytes(bytes: Uint8Array): string {
  return escapeText(decodeName(bytes).text);
}

function isObviouslySafe(s: string): boolean {
  return !NOT_PLAIN_ASCII.test(s) || !DANGEROUS_OR_MARK.test(s);
}

function escapeDangerous(s: string): string {
  let out = '';
  let previous = '';
  // A combining mark needs a base character before it: not the start, a slash or an escape.
  let baseless = true;
  let marks = 0;
  let at = 0;
  for (const char of s) {
    at += char.length;
    if (char === EMOJI_SELECTOR && isEmojiSelector(previous, s.charAt(at))) {
      out += char;
    } else if (DANGEROUS.test(char)) {
      out += escapePoint(char);
      baseless = true;
      marks = 0;
    } else if (MARK.test(char)) {
      const escaped = baseless || marks >= MAX_MARKS;
      out += escaped ? escapePoint(char) : char;
      if (escaped) baseless = true;
      else marks++;
    } else {
      out += char;
      baseless = char === '/';
      marks = 0;
    }
    previous = char;
  }
  return out;
}

function isEmojiSelector(previous: string, next: string): boolean {
  return TAKES_EMOJI_SELECTOR.test(previous) || (KEYCAP_BASE.test(previous) && next === KEYCAP);
}

function escapePoint(char: string): string {
  if (char === '\\') return '\\\\';
  const point = char.codePointAt(0)!;
  if (point < 0x80) return `\\x${point.toString(16).padStart(2, '0')}`;
  if (point >= 0xdc80 && point <= 0xdcff) return `\\x${(point - 0xdc00).toString(16)}`;
  return `\\u{${point.toString(16)}}`;
}

/** Returns the length of the well-formed UTF-8 sequence at an offset (Unicode 15, table 3-7), or 0. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (at + length > bytes.length) return 0;
  const second = bytes[at + 1]!;
  const lowest = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const highest = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < lowest || second > highest) return 0;
  for (let i = 2; i < length; i++) if ((bytes[at + i]! & 0xc0) !== 0x80) return 0;
  return length;
}
