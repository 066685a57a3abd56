import { ESCAPE_SEQUENCE } from './escape.ts';
import { displayWidth, graphemes } from './width.ts';

/** How {@link fit} fills and shortens. */
export interface FitOptions {
  /** Where the text stands when it is shorter than the width; left unless given. */
  readonly align?: 'left' | 'right';
  /** Which part goes when it is longer; the end unless given. */
  readonly cut?: 'end' | 'start' | 'middle';
  /** False: shorter text stays short. */
  readonly pad?: boolean;
}

/** ASCII on purpose: one other character makes measuring a row many times slower. */
const MARK = '~';
/** More UTF-16 units than a cell of escaped text takes: the longest emoji sequences have some 15. */
const UNITS_A_CELL = 64;
const NOT_SLICEABLE = /[^\x20-\x5b\x5d-\x7e]/;

/**
 * Brings text to exactly `width` terminal cells (at most `width` with `pad: false`). What is cut is
 * marked with `~`. A grapheme or an escape of escape.ts is kept whole or left out whole; the cell that
 * half of a wide character would fill becomes a space, padded or not at the very edge.
 * @param s escaped text without ANSI sequences
 * @param width cells; less than 1 gives ''
 */
export function fit(s: string, width: number, options: FitOptions = {}): string {
  const cells = Math.max(0, Math.floor(width));
  if (cells === 0) return '';
  const isPlain = !NOT_SLICEABLE.test(s);
  const text = isPlain ? fitSlice(s, cells, options) : fitAtoms(s, cells, options);
  if (options.pad === false) return text;
  const missing = cells - (isPlain ? text.length : displayWidth(text));
  if (missing <= 0) return text;
  return options.align === 'right' ? ' '.repeat(missing) + text : text + ' '.repeat(missing);
}

function fitSlice(s: string, cells: number, { cut = 'end' }: FitOptions): string {
  if (s.length <= cells) return s;
  const [head, tail] = budgets(cells - 1, cut);
  return s.slice(0, head) + MARK + (tail === 0 ? '' : s.slice(-tail));
}

function fitAtoms(s: string, cells: number, { cut = 'end' }: FitOptions): string {
  // A line of a megabyte is not measured to show 80 cells of it.
  const reach = cells * UNITS_A_CELL;
  const far = s.length > 2 * reach;
  if (!far && displayWidth(s) <= cells) return s;
  const atoms = far ? [...atomsOf(s.slice(0, reach)), ...atomsOf(s.slice(-reach))] : atomsOf(s);
  const widths = atoms.map(displayWidth);
  // Neighbours that meet at a cut may measure otherwise than apart, so the whole is measured again.
  for (let budget = cells - 1; budget > 0; budget--) {
    const [head, tail] = budgets(budget, cut);
    const text = takeStart(atoms, widths, head) + MARK + takeEnd(atoms, widths, tail);
    if (displayWidth(text) <= cells) return text;
  }
  return MARK;
}

/** Cells before and after the mark. */
function budgets(cells: number, cut: 'end' | 'start' | 'middle'): [head: number, tail: number] {
  if (cut === 'end') return [cells, 0];
  if (cut === 'start') return [0, cells];
  const tail = Math.ceil(cells / 2);
  return [cells - tail, tail];
}

/** What must not be split: escapes, and graphemes between them. */
function atomsOf(s: string): string[] {
  const atoms: string[] = [];
  let from = 0;
  for (const match of s.matchAll(ESCAPE_SEQUENCE)) {
    for (const grapheme of graphemes(s.slice(from, match.index))) atoms.push(grapheme);
    atoms.push(match[0]);
    from = match.index + match[0].length;
  }
  for (const grapheme of graphemes(s.slice(from))) atoms.push(grapheme);
  return atoms;
}

function takeStart(atoms: readonly string[], widths: readonly number[], budget: number): string {
  let used = 0;
  let count = 0;
  while (count < atoms.length && used + widths[count]! <= budget) used += widths[count++]!;
  if (budget === 0) return '';
  const edge = isWide(atoms[count]) && used < budget ? ' ' : '';
  return atoms.slice(0, count).join('') + edge;
}

function takeEnd(atoms: readonly string[], widths: readonly number[], budget: number): string {
  if (budget === 0) return '';
  let used = 0;
  let from = atoms.length;
  while (from > 0 && used + widths[from - 1]! <= budget) used += widths[--from]!;
  const edge = isWide(atoms[from - 1]) && used < budget ? ' ' : '';
  return edge + atoms.slice(from).join('');
}

function isWide(atom: string | undefined): boolean {
  return atom !== undefined && !atom.startsWith('\\') && displayWidth(atom) === 2;
}
