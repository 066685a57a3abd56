import { fit } from '../src/text/fit.ts';
import type { Model } from '../src/tui/model.ts';
import { type HelpLine, helpLines } from '../src/tui/selectors/help-lines.ts';
import { overlaySize } from '../src/tui/selectors/layout.ts';
import { Frame } from './Frame.tsx';
import type { Painter } from './painter.ts';

const KEYS_WIDTH = 20;

/** All keys, those of the focused pane first. */
export function HelpOverlay({
  model,
  top,
  painter,
}: {
  readonly model: Model;
  readonly top: number;
  readonly painter: Painter;
}) {
  const inner = overlaySize(model.size);
  const all = helpLines(model);
  const lines = all.slice(top, top + inner.rows).map((line) => helpLine(line, painter, inner.columns));
  const more =
    all.length > inner.rows ? `, ${top + 1}-${Math.min(all.length, top + inner.rows)} of ${all.length}` : '';
  return <Frame title={`Help${more}`} screen={model.size} inner={inner} lines={lines} painter={painter} />;
}

function helpLine(line: HelpLine, painter: Painter, width: number): string {
  switch (line.kind) {
    case 'title':
      return painter.paint('header', fit(line.text, width));
    case 'text':
      return painter.paint('dim', fit(line.text, width));
    case 'key':
      return painter.row([
        ['key', fit(`  ${line.keys}`, KEYS_WIDTH)],
        ['text', fit(line.text, width - KEYS_WIDTH)],
      ]);
  }
}
