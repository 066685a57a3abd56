import type { Model } from '../src/tui/model.ts';
import { tabSpans } from '../src/tui/selectors/tabs.ts';
import type { Segment } from '../src/tui/columns/segment.ts';
import type { Painter } from './painter.ts';
import { Row } from './Row.tsx';

/** The tabs of the views; the shown one is in brackets. */
export function TabLine({ model, painter }: { readonly model: Model; readonly painter: Painter }) {
  const spans = tabSpans(model);
  const segments = spans.flatMap(({ text, isShown, start }, i): Segment[] => [
    [null, ' '.repeat(start - (spans[i - 1]?.end ?? 0))],
    [isShown ? 'borderActive' : 'dim', text],
  ]);
  return <Row text={painter.row(segments)} />;
}
