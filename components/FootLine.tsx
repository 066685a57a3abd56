import type { Model } from '../src/tui/model.ts';
import { footLine } from './foot-line.ts';
import type { Painter } from './painter.ts';
import { Row } from './Row.tsx';

/** The last line of the screen. */
export function FootLine({ model, painter }: { readonly model: Model; readonly painter: Painter }) {
  return <Row text={footLine(model, painter, model.size.columns)} />;
}
