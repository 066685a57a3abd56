import { fit } from '../src/text/fit.ts';
import type { Model } from '../src/tui/model.ts';
import { showOptions } from '../src/tui/selectors/show-options.ts';
import { Frame } from './Frame.tsx';
import type { Segment } from '../src/tui/columns/segment.ts';
import type { Painter } from './painter.ts';

const WIDTH = 50;

/** The options of what the tree shows. */
export function ShowMenu({
  model,
  cursor,
  painter,
}: {
  readonly model: Model;
  readonly cursor: number;
  readonly painter: Painter;
}) {
  const options = showOptions(model);
  const lines = options.map(({ title, on }, i) => {
    const segments: Segment[] = [
      ['accent', i === cursor ? '> ' : '  '],
      [on ? 'added' : 'dim', on ? '[x] ' : '[ ] '],
      [on ? 'text' : 'dim', fit(title, WIDTH - 6)],
    ];
    return i === cursor ? painter.selected(segments, true) : painter.row(segments);
  });
  const inner = { columns: WIDTH, rows: options.length };
  return <Frame title="Show" screen={model.size} inner={inner} lines={lines} painter={painter} />;
}
