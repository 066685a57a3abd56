import type { Model } from '../src/tui/model.ts';
import { headerLine } from './header-line.ts';
import type { Painter } from './painter.ts';
import { Row } from './Row.tsx';

/** The first line of the screen. */
export function Header({ model, painter }: { readonly model: Model; readonly painter: Painter }) {
  return <Row text={painter.row(headerLine(model, model.size.columns))} />;
}
