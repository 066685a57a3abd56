import type { Ledger } from '../../../src/ledger/ledger.ts';
import { escapeBytes } from '../../../src/text/escape.ts';
import { readColumns } from '../../../src/tui/tree/read-columns.ts';
import { AUTO_FOLDS, type Folds } from '../../../src/tui/tree/folds.ts';
import { Mark } from '../../../src/tui/tree/mark.ts';
import type { Reading } from '../../../src/tui/tree/reading.ts';
import { pickShown, SHOW_ALL, type Show } from '../../../src/tui/tree/show.ts';
import { Siblings, type SortKey } from '../../../src/tui/tree/siblings.ts';
import { TreeView } from '../../../src/tui/tree/tree-view.ts';

const LETTERS: Readonly<Record<number, string>> = {
  [Mark.leads]: '.',
  [Mark.added]: '+',
  [Mark.modified]: '~',
  [Mark.metadata]: 'm',
  [Mark.replaced]: 'r',
  [Mark.deleted]: '-',
  [Mark.readded]: 'R',
  [Mark.unchanged]: '=',
};

export interface DrawOptions {
  readonly show?: Partial<Show>;
  readonly sort?: SortKey;
  readonly folds?: Folds;
  readonly matches?: Uint8Array;
  readonly baseLayers?: number;
}

/** A tree as it would stand on the screen. */
export function treeOf(ledger: Ledger, reading: Reading, options: DrawOptions = {}): TreeView {
  const columns = readColumns(ledger, reading);
  const show = { ...SHOW_ALL, ...options.show };
  const shown = pickShown(columns, show, options.matches ?? null, options.baseLayers ?? 0);
  return new TreeView(new Siblings(shown, options.sort ?? 'name'), options.folds ?? AUTO_FOLDS);
}

/** Its rows as text: letter, size, what later layers throw away, and the name behind two spaces a level. */
export function drawnTree(ledger: Ledger, reading: Reading, options: DrawOptions = {}): string[] {
  return drawnRows(treeOf(ledger, reading, options));
}

/** The rows of a tree as text. */
export function drawnRows(tree: TreeView): string[] {
  const { ledger } = tree.shown.columns;
  return tree.rows(0, tree.rowCount).map((row) => {
    const lost = row.lost > 0 ? ` lost ${row.lost}` : '';
    const name = escapeBytes(ledger.paths.name(row.path));
    const folder = row.isFolder ? (row.isOpen || row.below === 0 ? '/' : `/ (${row.below})`) : '';
    return `${LETTERS[row.mark]} ${row.size}${lost} ${'  '.repeat(row.depth)}${name}${folder}`;
  });
}
