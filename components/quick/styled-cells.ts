import { ansiCodesToString } from '../../node_modules/@alcalzone/ansi-tokenize/build/ansiCodes.js';
import { diffAnsiCodes } from '../../node_modules/@alcalzone/ansi-tokenize/build/diff.js';
import { reduceAnsiCodesIncremental } from '../../node_modules/@alcalzone/ansi-tokenize/build/reduce.js';
import type { StyledChar } from '../../node_modules/@alcalzone/ansi-tokenize/build/styledChars.js';
import type { Token, Tokens } from './lone-tokens.ts';

type Styles = StyledChar['styles'];
type CharToken = Extract<Token, { readonly type: 'char' }>;
type AnsiToken = Extract<Token, { readonly type: 'ansi' }>;

/** A look that characters have. Equal ones are one, so that they can be told apart at a glance. */
interface Style {
  readonly codes: Styles;
  /** What the codes met so far lead to from here. */
  readonly ways: Map<string, Style>;
  /** Characters of this look, by their place among the usual signs. */
  readonly cells: StyledChar[];
}

const PLAIN: Styles = [];
const MOST_WAYS = 4_000;
let plain = styleOf(PLAIN);
let met = new Map<string, Style>();
let ways = 0;

function styleOf(codes: Styles): Style {
  return { codes, ways: new Map(), cells: [] };
}

/**
 * As `styledCharsFromTokens` of ansi-tokenize, but the same usual sign of the same look is one object: it must
 * not be changed.
 * @param cells takes the characters; has room for as many as there are tokens
 * @returns whether all are usual signs, each of which takes a cell
 */
export function fillCells(cells: StyledChar[], tokens: Tokens): boolean {
  let style = plain;
  let count = 0;
  let areUsual = true;
  for (const token of tokens) {
    if (token.type === 'ansi') style = style.ways.get(token.code) ?? wayOf(style, token);
    if (token.type !== 'char') continue;
    const place = placeOf(token.value);
    if (place < 0) areUsual = false;
    // Growing one by one takes several times as long.
    cells[count++] = place < 0 ? cellOf(style, token) : (style.cells[place] ??= cellOf(style, token));
  }
  cells.length = count;
  return areUsual;
}

function cellOf(style: Style, token: CharToken): StyledChar {
  return { ...token, styles: style.codes };
}

function wayOf(from: Style, token: AnsiToken): Style {
  if (++ways > MOST_WAYS) {
    // Whoever makes ever new colours is to have no more memory for it.
    [plain, met, ways] = [styleOf(PLAIN), new Map(), 0];
  }
  const codes = reduceAnsiCodesIncremental(from.codes, [token]);
  const name = codes.map(({ code, endCode }) => `${code} ${endCode}`).join(' ');
  let style = name === '' ? plain : met.get(name);
  if (style === undefined) met.set(name, (style = styleOf(codes)));
  from.ways.set(token.code, style);
  return style;
}

/** The place of a sign among ASCII and the signs that boxes are drawn with; -1 of any other character. */
function placeOf(value: string): number {
  if (value.length !== 1) return -1;
  const unit = value.charCodeAt(0);
  if (unit < 0x80) return unit;
  return unit >= 0x2500 && unit < 0x2580 ? unit - 0x2500 + 0x80 : -1;
}

/** What is written between two characters, by the styles of both. */
const between = new WeakMap<Styles, WeakMap<Styles, string>>();

function codesBetween(from: Styles, to: Styles): string {
  let known = between.get(from);
  if (known === undefined) between.set(from, (known = new WeakMap()));
  let codes = known.get(to);
  if (codes === undefined) known.set(to, (codes = ansiCodesToString(diffAnsiCodes(from, to))));
  return codes;
}

/** As `styledCharsToString` of ansi-tokenize. */
export function styledCharsToString(chars: readonly StyledChar[]): string {
  let text = '';
  let styles = PLAIN;
  for (const char of chars) {
    if (char.styles !== styles) {
      // Ink's blank cells have an empty list each.
      const next = char.styles.length === 0 ? PLAIN : char.styles;
      if (next !== styles) text += codesBetween(styles, next);
      styles = next;
    }
    text += char.value;
  }
  return styles === PLAIN ? text : text + codesBetween(styles, PLAIN);
}
