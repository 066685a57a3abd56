import type { StyledChar } from '../../node_modules/@alcalzone/ansi-tokenize/build/styledChars.js';
import { tokenize as plainTokenize } from '../../node_modules/@alcalzone/ansi-tokenize/build/tokenize.js';
import { loneTokens, type Tokens } from './lone-tokens.ts';
import { fillCells } from './styled-cells.ts';

/*
 * Stands in for `@alcalzone/ansi-tokenize` in the built program (see build.ts). Ink divides
 * every row of the screen into its characters anew for each frame, twice, looks through them for invisible
 * ones and writes them as text again. Most rows are those of the frame before, and nearly all are lone signs.
 * What is given out is shared: Ink's Output copies what it changes.
 *
 * Imported by its files, since its name leads here.
 */
export { ansiCodesToString } from '../../node_modules/@alcalzone/ansi-tokenize/build/ansiCodes.js';
export { diffAnsiCodes } from '../../node_modules/@alcalzone/ansi-tokenize/build/diff.js';
export {
  reduceAnsiCodes,
  reduceAnsiCodesIncremental,
} from '../../node_modules/@alcalzone/ansi-tokenize/build/reduce.js';
export { undoAnsiCodes } from '../../node_modules/@alcalzone/ansi-tokenize/build/undo.js';
export { styledCharsToString } from './styled-cells.ts';

/** Rows of a large screen, in the two ways in which Ink writes them. */
const MOST = 600;
let recent = new Map<string, Tokens>();
let before = new Map<string, Tokens>();
const charsOf = new WeakMap<Tokens, Characters>();

/** As `tokenize` of ansi-tokenize; what it gives must not be changed. */
export function tokenize(text: string, endChar?: number): Tokens {
  if (endChar !== undefined) return plainTokenize(text, endChar);
  const known = recent.get(text);
  if (known !== undefined) return known;
  const tokens = before.get(text) ?? loneTokens(text) ?? plainTokenize(text);
  if (recent.size >= MOST) {
    before = recent;
    recent = new Map();
  }
  recent.set(text, tokens);
  return tokens;
}

/** The one question that Ink asks of every row of characters: which of them take a cell. */
const WHICH_ARE_SEEN = 'Default_Ignorable_Code_Point';

/** Characters of a row, which remember what they answered to that question. */
class Characters extends Array<StyledChar> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  #seen: StyledChar[] | null = null;

  static ofTokens(tokens: Tokens): Characters {
    const chars = new Characters(tokens.length);
    if (fillCells(chars, tokens)) chars.#seen = chars;
    return chars;
  }

  override filter(keep: (value: StyledChar, index: number, array: StyledChar[]) => unknown): StyledChar[] {
    // The text of a function tells what it asks, since this one uses nothing from outside itself.
    if (!String(keep).includes(WHICH_ARE_SEEN)) return super.filter(keep);
    this.#seen ??= super.filter(keep);
    return this.#seen;
  }
}

/** As `styledCharsFromTokens` of ansi-tokenize; what it gives must not be changed. */
export function styledCharsFromTokens(tokens: Tokens): StyledChar[] {
  let chars = charsOf.get(tokens);
  if (chars === undefined) charsOf.set(tokens, (chars = Characters.ofTokens(tokens)));
  return chars;
}
