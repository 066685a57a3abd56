import { escapeText } from '../src/text/escape.ts';
import { fit } from '../src/text/fit.ts';
import { layOut, titleLine } from '../src/tui/columns/column-layout.ts';
import { sizeText } from '../src/tui/columns/numbers.ts';
import { rowSegments } from '../src/tui/columns/row-segments.ts';
import type { Segment } from '../src/tui/columns/segment.ts';
import { treeLine, treeLook, treePaneColumns } from '../src/tui/panes/tree-pane-columns.ts';
import type { Model } from '../src/tui/model.ts';
import { layerRows } from '../src/tui/selectors/layer-rows.ts';
import { listRows, type Rect } from '../src/tui/selectors/layout.ts';
import { lettersOf } from '../src/tui/selectors/marks.ts';
import { readingOf, treeOf } from '../src/tui/selectors/tree-of.ts';
import type { TreeView } from '../src/tui/tree/tree-view.ts';
import type { Painter } from './painter.ts';
import { paneTitle } from './pane-title.ts';
import { SELECTED, UNSELECTED } from './row-lead.ts';
import { Rows } from './Rows.tsx';
import { emptyWords, readingTitle } from './tree-words.ts';

/** The tree of the selected layer, in the selected reading. */
export function TreePane({
  model,
  rect,
  painter,
}: {
  readonly model: Model;
  readonly rect: Rect;
  readonly painter: Painter;
}) {
  const tree = treeOf(model);
  const reading = readingOf(model);
  const isFocused = model.focus === 'tree';
  const { width } = rect;
  const title = paneTitle(painter, {
    title: reading === null ? 'Tree' : readingTitle(reading) + filterTitle(model, tree),
    right: tree === null ? [] : totals(model, tree),
    width,
    isFocused,
  });
  const columns = treePaneColumns(treeLook(model));
  const layout = layOut(columns, width - 2);
  const titles = painter.paint('dim', `  ${titleLine(layout)}`);
  const why = tree === null || tree.rowCount === 0 ? emptyWords(model, tree) : null;
  if (tree === null || why !== null) {
    const words = painter.paint('dim', fit(`   ${why ?? ''}`, width));
    return <Rows rect={rect} lines={[title, titles, words]} />;
  }
  const { top, cursor } = model.tree;
  const { ledger } = tree.shown.columns;
  const letters = lettersOf(model);
  const lines = tree.rows(top, top + listRows(rect)).map((row) => {
    const isSelected = row.path === cursor;
    const line = treeLine(ledger, row, letters.get(row.path) ?? null);
    const segments = rowSegments(layout, line, isSelected ? SELECTED : UNSELECTED);
    return isSelected ? painter.selected(segments, isFocused) : painter.row(segments);
  });
  return <Rows rect={rect} lines={[title, titles, ...lines]} />;
}

function filterTitle(model: Model, tree: TreeView | null): string {
  const { filter } = model.tree;
  if (filter === null) return '';
  const count = filter.matches === null || tree === null ? '...' : String(tree.shown.total);
  return `, ${escapeText(filter.text)}: ${count}`;
}

function totals(model: Model, tree: TreeView): readonly Segment[] {
  const reading = readingOf(model);
  const { columns } = tree.shown;
  const gone = columns.gone[0]!;
  const size = columns.size[0]!;
  const bytes = size === 0 ? '' : `${sizeText(size, model.exactSizes)} `;
  const away: Segment[] = gone === 0 ? [] : [['deleted', `${sizeText(gone, model.exactSizes)} wasted  `]];
  if (reading?.kind === 'between') return [...away, ['dim', `${tree.shown.changesBelow[0]!} changes `]];
  if (reading?.kind !== 'changes') return [...away, ['dim', bytes]];
  const row = layerRows(model).find((each) => each.kind === 'layer' && each.layer === reading.layer);
  if (row?.kind !== 'layer') return [...away, ['dim', bytes]];
  const { added, modified, deleted } = row.counts;
  return [
    ['added', `+ ${added}  `],
    ['modified', `~ ${modified}  `],
    ['deleted', `- ${deleted}  `],
    ...away,
    ['dim', bytes],
  ];
}
