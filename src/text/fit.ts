import { ESCAPE_SEQUENCE } from './escape.ts';
import { displayWidth, graphemes } from './width.ts';

/** How {@link fit} pads and shortens text. */
export interface FitOptions {
  /** Alignment of text that is shorter than the width (default: left). */
  readonly align?: 'left' | 'right';
  /** Which part of longer text is cut (default: end). */
  readonly cut?: 'end' | 'start' | 'middle';
  /** Whether to pad shorter text with spaces (default: true). */
  readonly pad?: boolean;
}

/** In ASCII, because one other character makes measuring a row many times slower. */
const MARK = '~';
/** An upper bound for the UTF-16 units in a cell of escaped text: the longest emoji sequences have about 15. */
const UNITS_PER_CELL = 64;
const NOT_SLICEABLE = /[^\x20-\x5b\x5d-\x7e]/;

/**
 * Pads or cuts text to exactly `width` terminal cells (at most `width` with `pad: false`). A `~` marks
 * the cut. A grapheme or an escape of escape.ts is never split; if a wide character does not fit into
 * the last cell, a space takes its place.
 * @param s escaped text without ANSI sequences
 * @param width cells; below 1 the result is ''
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
  // Do not measure a line of a megabyte to show 80 cells of it.
  const reach = cells * UNITS_PER_CELL;
  const far = s.length > 2 * reach;
  if (!far && displayWidth(s) <= cells) return s;
  const atoms = far ? [...atomsOf(s.slice(0, reach)), ...atomsOf(s.slice(-reach))] : atomsOf(s);
  const widths = atoms.map(displayWidth);
  // Graphemes that become neighbours at the cut may have another width together, so measure the result.
  for (let budget = cells - 1; budget > 0; budget--) {
    const [head, tail] = budgets(budget, cut);
    const text = takeStart(atoms, widths, head) + MARK + takeEnd(atoms, widths, tail);
    if (displayWidth(text) <= cells) return text;
  }
  return MARK;
}

/** Returns the cells before and after the mark. */
function budgets(cells: number, cut: 'end' | 'start' | 'middle'): [head: number, tail: number] {
  if (cut === 'end') return [cells, 0];
  if (cut === 'start') return [0, cells];
  const tail = Math.ceil(cells / 2);
  return [cells - tail, tail];
}

/** Splits text into the units that must stay whole: escapes, and the graphemes between them. */
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
