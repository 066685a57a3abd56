import { Box } from 'ink';
import type { LocalImage } from '../src/image/engines/image-lists.ts';
import { fit } from '../src/text/fit.ts';
import { type ColumnLayout, layOut, titleLine } from '../src/tui/columns/column-layout.ts';
import { pickColumns } from '../src/tui/columns/pick-columns.ts';
import { rowSegments } from '../src/tui/columns/row-segments.ts';
import type { Segment } from '../src/tui/columns/segment.ts';
import type { Look, Size } from '../src/tui/model.ts';
import { DEMO_NAME, type PickModel, pickPage, pickProblems, type PickRow } from '../src/tui/pick.ts';
import { type Painter, painterOf } from './painter.ts';
import { Row } from './Row.tsx';
import { SELECTED, UNSELECTED } from './row-lead.ts';

/** What the picker draws. */
export interface PickProps {
  readonly pick: PickModel;
  readonly size: Size;
  readonly look: Look;
  /** The current time, from which the age of images is computed. */
  readonly now: Date;
}

/** The picker of local images. */
export function PickScreen({ pick, size, look, now }: PickProps) {
  const lines = pickLines(pick, size, painterOf(look), now);
  return (
    <Box flexDirection="column" width={size.columns} height={size.rows}>
      {lines.map((text, i) => (
        // oxlint-disable-next-line react/no-array-index-key
        <Row key={i} text={text} />
      ))}
    </Box>
  );
}

function pickLines(pick: PickModel, { columns }: Size, painter: Painter, now: Date): string[] {
  const layout = layOut(pickColumns(now), columns - 4);
  const problems = pickProblems(pick);
  const page = pickPage(pick);
  const { top } = pick;
  const shown = pick.rows.slice(top, top + page).map((row, i) => {
    const isSelected = top + i === pick.cursor;
    const segments = pickSegments(row, layout, isSelected);
    return isSelected ? painter.selected(segments, true) : painter.row(segments);
  });
  while (shown.length < page) shown.push('');
  const count = pick.rows.length - 1;
  const state = pick.asking ? 'asking the engines ...' : `${count} local image${count === 1 ? '' : 's'}`;
  return [
    painter.paint('header', fit(` exhume  Select an image  ${state}`, columns)),
    painter.row([
      ['key', ' > '],
      ['text', fit(`${pick.query}_`, columns - 3, { cut: 'start' })],
    ]),
    painter.paint('header', `  ${titleLine(layout)}`),
    ...shown,
    ...problems.map((problem) => painter.name('warning', fit(` ${problem}`, columns))),
    painter.row([
      ['key', ' Enter'],
      ['dim', ' open  '],
      ['key', 'type'],
      ['dim', ' search  '],
      ['key', 'Esc'],
      ['dim', ' quit'],
    ]),
  ];
}

function pickSegments(
  row: PickRow,
  layout: ColumnLayout<LocalImage>,
  isSelected: boolean,
): readonly Segment[] {
  const lead = isSelected ? SELECTED : UNSELECTED;
  if (row.kind === 'image') return rowSegments(layout, row.image, lead, isSelected ? null : 'text');
  return [lead, [isSelected ? null : 'accent', fit(DEMO_NAME, layout.width)]];
}
