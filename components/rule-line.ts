import { fit } from '../src/text/fit.ts';
import { displayWidth } from '../src/text/width.ts';
import type { Model } from '../src/tui/model.ts';
import { layerRows } from '../src/tui/selectors/layer-rows.ts';
import type { Layout } from '../src/tui/selectors/layout.ts';
import { borderSigns } from './borders.ts';
import type { Painter } from './painter.ts';

/** Returns the border above the lower pane. It shows the selected instruction in full width. */
export function ruleLine(model: Model, { body, borders }: Layout, painter: Painter): string {
  const signs = borderSigns(painter.look.unicode);
  const words = fit(instructionWords(model), body.width - 6, { pad: false });
  const title = words === '' ? '' : ` ${words} `;
  const start = 1 + displayWidth(title);
  const rest = Array.from({ length: body.width - start }, (_, i) =>
    start + i === borders.left ? signs.meetsUp : signs.horizontal,
  ).join('');
  return (
    painter.paint('border', signs.horizontal) + painter.name('text', title) + painter.paint('border', rest)
  );
}

function instructionWords(model: Model): string {
  const row = layerRows(model)[model.layers.row];
  if (row === undefined || row.kind === 'base') return '';
  const instruction = row.instruction === '' ? '(no history entry)' : row.instruction;
  return row.kind === 'layer' ? `${row.layer}  ${instruction}` : instruction;
}
