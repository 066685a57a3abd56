import { fit } from '../src/text/fit.ts';
import type { Model } from '../src/tui/model.ts';
import {
  type DockerfileView,
  dockerfilePage,
  dockerfileView,
  historyHalves,
} from '../src/tui/selectors/dockerfile-view.ts';
import { layoutOf } from '../src/tui/selectors/layout.ts';
import { listDetailRows, listPage } from '../src/tui/selectors/list-table.ts';
import type { DockerfileRow } from '../src/tui/tables/dockerfile-rows.ts';
import { borderSigns } from './borders.ts';
import { detailLines, tableLines } from './list-lines.ts';
import type { Segment } from '../src/tui/columns/segment.ts';
import type { Painter } from './painter.ts';
import { SELECTED, UNSELECTED } from './row-lead.ts';
import { Rows } from './Rows.tsx';

/** The history entries and the Dockerfile, with the rows of the selected entry marked. */
export function HistoryScreen({ model, painter }: { readonly model: Model; readonly painter: Painter }) {
  const { body } = layoutOf(model);
  const halves = historyHalves(model);
  const rows = listPage(model) + 2;
  const left = halves.entries === 0 ? null : tableLines(model, painter, halves.entries);
  const right = halves.dockerfile === 0 ? null : dockerfileLines(model, painter, halves.dockerfile);
  const sign = painter.paint('border', borderSigns(painter.look.unicode).vertical);
  const both = Array.from({ length: rows }, (_, i) => {
    if (left === null) return right?.[i] ?? '';
    if (right === null) return left[i] ?? '';
    return `${left[i] ?? ' '.repeat(halves.entries)}${sign}${right[i] ?? ''}`;
  });
  const x = left !== null && right !== null ? halves.entries : null;
  return <Rows rect={body} lines={[...both, ...detailLines(model, painter, body.width, x)]} />;
}

function dockerfileLines(model: Model, painter: Painter, width: number): readonly string[] {
  const height = dockerfilePage(model, listDetailRows(model));
  const view = dockerfileView(model, width, height);
  if (view === null) return [];
  const shown = view.rows.slice(view.top, view.top + height);
  return [
    painter.paint('accent', fit(` ${titleOf(view, height)}`, width)),
    ...shown.map((row) => dockerfileLine(row, view.isMarked(row), painter, width)),
  ];
}

function titleOf({ rows, source, top }: DockerfileView, height: number): string {
  const name = source === 'provenance' ? 'Dockerfile, recorded by the builder' : 'Dockerfile, reconstructed';
  const legend = rows.some(({ isInferred }) => isInferred) ? ' (? inferred)' : '';
  const place =
    rows.length > height ? `, rows ${top + 1}-${Math.min(rows.length, top + height)} of ${rows.length}` : '';
  return name + legend + place;
}

function dockerfileLine(row: DockerfileRow, isMarked: boolean, painter: Painter, width: number): string {
  const space = row.text.indexOf(' ');
  const cut = row.kind === 'keyword' ? (space < 0 ? row.text.length : space) : 0;
  const text = fit(row.text, width - 4 - row.indent);
  const segments: Segment[] = [
    isMarked ? SELECTED : UNSELECTED,
    ['dim', row.isInferred && row.kind === 'keyword' ? '? ' : '  '],
    [null, ' '.repeat(row.indent)],
    ['key', text.slice(0, cut)],
    [row.kind === 'comment' ? 'dim' : 'text', text.slice(cut)],
  ];
  return isMarked ? painter.selected(segments, false) : painter.row(segments);
}
