import { fit } from '../src/text/fit.ts';
import type { Token } from '../src/text/theme.ts';
import type { LayerRow } from '../src/tui/selectors/layer-rows.ts';
import { shortCount, sizeText, sizeWidth } from './numbers.ts';
import type { Segment } from './painter.ts';

const NUMBER_WIDTH = 3;
const COUNT_WIDTH = 4;
const BAR_WIDTH = 3 * (COUNT_WIDTH + 1);
/** Narrower panes show one count of all changes: the instruction tells more than three counts. */
const WIDE = 48;

/** How a row of the layers pane is drawn. */
export interface LayerLineOptions {
  readonly width: number;
  readonly isSelected: boolean;
  readonly exactSizes: boolean;
  /** How many loud findings stand there, and the cells of that column; 0 while there are none at all. */
  readonly findings: number;
  readonly findingsWidth: number;
}

/** The titles of the columns. */
export function layerTitles(width: number, exactSizes: boolean, findingsWidth: number): string {
  const titles = width < WIDE ? ['+~-'] : ['+', '~', '-'];
  const counts = titles.map((title) => fit(title, COUNT_WIDTH + 1, { align: 'right' })).join('');
  const size = fit('size', sizeWidth(exactSizes), { align: 'right' });
  return fit(
    `  ${fit('#', NUMBER_WIDTH, { align: 'right' })} ${size}${counts}${fit(findingsWidth === 0 ? '' : ' !', findingsWidth)}  instruction`,
    width,
  );
}

/** A row of the layers pane as stretches that fill `width` cells. */
export function layerLine(row: LayerRow, options: LayerLineOptions): readonly Segment[] {
  const head: Segment[] = [
    [options.isSelected ? 'accent' : null, options.isSelected ? '>' : ' '],
    ...headOf(row, options),
  ];
  const used = head.reduce((sum, [, text]) => sum + text.length, 0);
  const [token, text] = wordsOf(row);
  const found = options.findings === 0 ? '' : `!${options.findings}`;
  const room = options.width - used - options.findingsWidth - 2;
  // Some themes underline the mark: the cells around it stay as they are.
  const lead = found === '' ? '' : ' ';
  const rest = options.findingsWidth - lead.length - found.length;
  return [
    ...head,
    [null, lead],
    ['secret', found],
    [null, ' '.repeat(Math.max(0, rest) + 2)],
    [token, fit(text, room)],
  ];
}

function headOf(row: LayerRow, { exactSizes, width }: LayerLineOptions): readonly Segment[] {
  const size = sizeWidth(exactSizes);
  const countsWidth = width < WIDE ? COUNT_WIDTH + 1 : BAR_WIDTH;
  switch (row.kind) {
    case 'empty':
      return [['dim', ` ${fit('.', NUMBER_WIDTH, { align: 'right' })} ${' '.repeat(size + countsWidth)}`]];
    case 'base': {
      const range = fit(row.layers === 1 ? '0' : `0-${row.layers - 1}`, NUMBER_WIDTH + 1, { align: 'right' });
      return [
        [
          'base',
          `${range} ${fit(sizeText(row.size, exactSizes), size, { align: 'right' })}${' '.repeat(countsWidth)}`,
        ],
      ];
    }
    case 'layer': {
      const number: Segment = [
        row.isBase ? 'base' : 'text',
        ` ${fit(String(row.layer), NUMBER_WIDTH, { align: 'right' })} `,
      ];
      const isRead = row.status === 'indexed' || row.status === 'damaged' || row.status === 'opaque';
      if (!isRead) return [number, [null, ' '.repeat(size)], ...statusOf(row)];
      const bytes = fit(sizeText(row.size ?? 0, exactSizes), size, { align: 'right' });
      return [number, [row.isBase ? 'base' : 'text', bytes], ...countsOf(row, width < WIDE)];
    }
  }
}

function countsOf(row: Extract<LayerRow, { kind: 'layer' }>, isNarrow: boolean): readonly Segment[] {
  const { added, modified, deleted } = row.counts;
  const count = (value: number, token: Token): Segment => [
    value === 0 ? 'dim' : token,
    fit(shortCount(value), COUNT_WIDTH + 1, { align: 'right' }),
  ];
  if (isNarrow) return [count(added + modified + deleted, 'text')];
  return [count(added, 'added'), count(modified, 'modified'), count(deleted, 'deleted')];
}

/** A bar while a layer is being read, in the room of its counts. */
function statusOf({ status, progress }: Extract<LayerRow, { kind: 'layer' }>): readonly Segment[] {
  if (status === 'missing') return [['error', fit(' missing', BAR_WIDTH)]];
  if (status === 'waiting') return [['dim', fit(' waiting', BAR_WIDTH)]];
  const cells = BAR_WIDTH - 7;
  const done = Math.round(progress * cells);
  const bar = `${'#'.repeat(done)}${'.'.repeat(cells - done)}`;
  const percent = fit(`${Math.floor(progress * 100)}%`, 4, { align: 'right' });
  return [
    ['accent', ` [${bar}]`],
    ['dim', percent],
  ];
}

function wordsOf(row: LayerRow): Segment {
  switch (row.kind) {
    case 'empty':
      return ['dim', row.instruction];
    case 'base':
      return ['base', `base: ${row.layers} ${row.layers === 1 ? 'layer' : 'layers'}`];
    case 'layer': {
      const words = row.instruction === '' ? '(no history entry)' : row.instruction;
      if (row.isMismatch) return ['error', `DIGEST MISMATCH ${words}`];
      if (row.status === 'opaque') return ['dim', `not a tar: ${words}`];
      if (row.status === 'damaged') return ['warning', `damaged: ${words}`];
      return [row.isBase ? 'base' : 'text', words];
    }
  }
}
