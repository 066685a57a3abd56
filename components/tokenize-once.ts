import { ansiCodesToString } from '../node_modules/@alcalzone/ansi-tokenize/build/ansiCodes.js';
import { diffAnsiCodes } from '../node_modules/@alcalzone/ansi-tokenize/build/diff.js';
import {
  styledCharsFromTokens as plainChars,
  type StyledChar,
} from '../node_modules/@alcalzone/ansi-tokenize/build/styledChars.js';
import { tokenize as plainTokenize } from '../node_modules/@alcalzone/ansi-tokenize/build/tokenize.js';

/*
 * Stands in for `@alcalzone/ansi-tokenize` in the built program (see `build` in package.json). Ink divides
 * every row of the screen into its characters anew for each frame, twice, looks through them for invisible
 * ones and writes them as text again, which took most of a frame; most rows are those of the frame before.
 * What is given out is shared: Ink's Output copies what it changes.
 *
 * Imported by its files, since its name leads here.
 */
export { ansiCodesToString } from '../node_modules/@alcalzone/ansi-tokenize/build/ansiCodes.js';
export { diffAnsiCodes } from '../node_modules/@alcalzone/ansi-tokenize/build/diff.js';
export {
  reduceAnsiCodes,
  reduceAnsiCodesIncremental,
} from '../node_modules/@alcalzone/ansi-tokenize/build/reduce.js';
export { undoAnsiCodes } from '../node_modules/@alcalzone/ansi-tokenize/build/undo.js';

type Tokens = ReturnType<typeof plainTokenize>;
type Styles = StyledChar['styles'];

/** Rows of a large screen, in the two ways in which Ink writes them: each cell is an object of its own. */
const MOST = 600;
let recent = new Map<string, Tokens>();
let before = new Map<string, Tokens>();
const charsOf = new WeakMap<Tokens, Characters>();
/** Characters of texts that were put together here and have not been divided since. */
const madeOf = new WeakMap<Tokens, readonly StyledChar[]>();

/** As `tokenize` of ansi-tokenize; what it gives must not be changed. */
export function tokenize(text: string, endChar?: number): Tokens {
  if (endChar !== undefined) return plainTokenize(text, endChar);
  const known = recent.get(text);
  if (known !== undefined) return known;
  const tokens = before.get(text) ?? plainTokenize(text);
  remember(text, tokens);
  return tokens;
}

function remember(text: string, tokens: Tokens): void {
  if (recent.size >= MOST) {
    before = recent;
    recent = new Map();
  }
  recent.set(text, tokens);
}

/** The one question that Ink asks of every row of characters: which of them take a cell. */
const WHICH_ARE_SEEN = 'Default_Ignorable_Code_Point';

/** Letters, digits, signs and the space: they take a cell, and asking takes longer than this look. */
function isAscii(value: string): boolean {
  const code = value.charCodeAt(0);
  return value.length === 1 && code >= 0x20 && code < 0x7f;
}

/** Characters of a row, which remember what they answered to that question. */
class Characters extends Array<StyledChar> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  #seen: StyledChar[] | null = null;

  override filter(keep: (value: StyledChar, index: number, array: StyledChar[]) => unknown): StyledChar[] {
    // The text of a function tells what it asks, since this one uses nothing from outside itself.
    if (!String(keep).includes(WHICH_ARE_SEEN)) return super.filter(keep);
    this.#seen ??= super.filter((char, index, all) => isAscii(char.value) || keep(char, index, all));
    return this.#seen;
  }
}

/** As `styledCharsFromTokens` of ansi-tokenize; what it gives must not be changed. */
export function styledCharsFromTokens(tokens: Tokens): StyledChar[] {
  const known = charsOf.get(tokens);
  if (known !== undefined) return known;
  const chars = new Characters();
  const parts = madeOf.get(tokens);
  if (parts !== undefined) {
    for (const char of parts) chars.push(char);
    charsOf.set(tokens, chars);
    return chars;
  }
  let [last, lastShared] = [PLAIN, PLAIN];
  for (const char of plainChars(tokens)) {
    // Each character has a list of its own of the same codes as the one before, mostly.
    if (!areSame(char.styles, last)) [last, lastShared] = [char.styles, shared(char.styles)];
    char.styles = lastShared;
    chars.push(char);
  }
  charsOf.set(tokens, chars);
  return chars;
}

const PLAIN: Styles = [];
/** Styles that were met, by their codes: equal ones are one, so that they can be told apart at a glance. */
const met = new Map<string, Styles>();
const MOST_STYLES = 2_000;

function areSame(a: Styles, b: Styles): boolean {
  return a.length === b.length && a.every((code, index) => code === b[index]);
}

function shared(styles: Styles): Styles {
  if (styles.length === 0) return PLAIN;
  const name = styles.map(({ code, endCode }) => `${code} ${endCode}`).join(' ');
  const known = met.get(name);
  if (known !== undefined) return known;
  if (met.size >= MOST_STYLES) met.clear();
  met.set(name, styles);
  return styles;
}

/** What is written between two characters, by the styles of both. */
const between = new WeakMap<Styles, WeakMap<Styles, string>>();

function codesBetween(from: Styles, to: Styles): string {
  let ways = between.get(from);
  if (ways === undefined) between.set(from, (ways = new WeakMap()));
  let codes = ways.get(to);
  if (codes === undefined) ways.set(to, (codes = ansiCodesToString(diffAnsiCodes(from, to))));
  return codes;
}

/** As `styledCharsToString` of ansi-tokenize. */
export function styledCharsToString(chars: readonly StyledChar[]): string {
  let text = '';
  let styles = PLAIN;
  let plain = true;
  for (const char of chars) {
    // Ink's blank cells have an empty list each.
    const next = char.styles.length === 0 ? PLAIN : char.styles;
    if (next !== styles) {
      text += codesBetween(styles, next);
      styles = next;
    }
    plain &&= isAscii(char.value);
    text += char.value;
  }
  if (styles !== PLAIN) text += codesBetween(styles, PLAIN);
  if (plain) written(text, chars);
  return text;
}

/**
 * Notes what a text was made of: Ink puts a row together and divides it again at once. Only where all are
 * plain letters: joined to others, other characters may become one. The tokens are there in name only, since
 * nobody asks for more than the characters that they stand for (a test looks whether that still holds).
 */
function written(text: string, chars: readonly StyledChar[]): void {
  if (recent.has(text)) return;
  const tokens: Tokens = [];
  madeOf.set(tokens, chars);
  remember(text, tokens);
}
