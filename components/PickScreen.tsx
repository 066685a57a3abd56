import { Box } from 'ink';
import { fit } from '../src/text/fit.ts';
import type { Look, Size } from '../src/tui/model.ts';
import { pickCells, type PickModel, pickPage, pickProblems, type PickRow } from '../src/tui/pick.ts';
import { type Painter, painterOf } from './painter.ts';
import { Row } from './Row.tsx';

/** What is drawn of the picker. */
export interface PickProps {
  readonly pick: PickModel;
  readonly size: Size;
  readonly look: Look;
  /** For the age of images. */
  readonly now: Date;
}

const COLUMNS = { tag: 16, size: 7, age: 14, id: 12, engine: 10 } as const;

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
  const width = columns - 2;
  const problems = pickProblems(pick);
  const page = pickPage(pick);
  const { top } = pick;
  const shown = pick.rows.slice(top, top + page).map((row, i) => {
    const isSelected = top + i === pick.cursor;
    const line = `${isSelected ? ' >' : '  '}${rowText(row, width - 2, now)}`;
    return isSelected
      ? painter.selected([[null, line]], true)
      : painter.name(row.kind === 'demo' ? 'accent' : 'text', line);
  });
  while (shown.length < page) shown.push('');
  const count = pick.rows.length - 1;
  const state = pick.asking ? 'asking the engines ...' : `${count} local image${count === 1 ? '' : 's'}`;
  return [
    painter.paint('header', fit(` exhume  which image?  ${state}`, columns)),
    painter.row([
      ['key', ' > '],
      ['text', fit(`${pick.query}_`, columns - 3, { cut: 'start' })],
    ]),
    painter.paint('header', `  ${titles(width - 2)}`),
    ...shown,
    ...problems.map((problem) => painter.name('warning', fit(` ${problem}`, columns))),
    painter.row([
      ['key', ' Enter'],
      ['dim', ' open  '],
      ['key', 'a few letters'],
      ['dim', ' search  '],
      ['key', 'Esc'],
      ['dim', ' leave'],
    ]),
  ];
}

function titles(width: number): string {
  return cellsText({ name: 'name', tag: 'tag', size: 'size', age: 'age', id: 'id', engine: 'engine' }, width);
}

function rowText(row: PickRow, width: number, now: Date): string {
  if (row.kind === 'demo') return fit('the built-in demonstration image', width);
  return cellsText(pickCells(row.image, now), width);
}

function cellsText(cells: ReturnType<typeof pickCells>, width: number): string {
  const rest = COLUMNS.tag + COLUMNS.size + COLUMNS.age + COLUMNS.id + COLUMNS.engine + 5;
  return fit(
    [
      fit(cells.name, Math.max(12, width - rest), { cut: 'middle' }),
      fit(cells.tag, COLUMNS.tag),
      fit(cells.size, COLUMNS.size, { align: 'right' }),
      fit(cells.age, COLUMNS.age, { align: 'right' }),
      fit(cells.id, COLUMNS.id),
      fit(cells.engine, COLUMNS.engine),
    ].join(' '),
    width,
  );
}
