import { styledCharsFromTokens as plainChars } from '../node_modules/@alcalzone/ansi-tokenize/build/styledChars.js';
import { tokenize as plainTokenize } from '../node_modules/@alcalzone/ansi-tokenize/build/tokenize.js';

/*
 * Stands in for `@alcalzone/ansi-tokenize` in the built program (see `build` in package.json). Ink divides
 * every row of the screen into its characters anew for each frame, twice, which took half of a frame; most
 * rows are those of the frame before. What is given out is shared: Ink's Output copies what it changes.
 *
 * Imported by its files, since its name leads here.
 */
export * from '../node_modules/@alcalzone/ansi-tokenize/build/index.js';

type Tokens = ReturnType<typeof plainTokenize>;

/** Rows of a large screen, in the two ways in which Ink writes them: each cell is an object of its own. */
const MOST = 250;
let recent = new Map<string, Tokens>();
let before = new Map<string, Tokens>();
const charsOf = new WeakMap<Tokens, ReturnType<typeof plainChars>>();

/** As `tokenize` of ansi-tokenize; what it gives must not be changed. */
export function tokenize(text: string, endChar?: number): Tokens {
  if (endChar !== undefined) return plainTokenize(text, endChar);
  const known = recent.get(text);
  if (known !== undefined) return known;
  if (recent.size >= MOST) {
    before = recent;
    recent = new Map();
  }
  const tokens = before.get(text) ?? plainTokenize(text);
  recent.set(text, tokens);
  return tokens;
}

/** As `styledCharsFromTokens` of ansi-tokenize; what it gives must not be changed. */
export function styledCharsFromTokens(tokens: Tokens): ReturnType<typeof plainChars> {
  const known = charsOf.get(tokens);
  if (known !== undefined) return known;
  const chars = plainChars(tokens);
  charsOf.set(tokens, chars);
  return chars;
}
