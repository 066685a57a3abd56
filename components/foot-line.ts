import { escapeText } from '../src/text/escape.ts';
import { fit } from '../src/text/fit.ts';
import { displayWidth } from '../src/text/width.ts';
import type { Model } from '../src/tui/model.ts';
import { footKeys } from '../src/tui/selectors/foot-keys.ts';
import type { Painter } from './painter.ts';
import { promptLine } from './prompt-line.ts';

/** The last line: a prompt, a message, or the keys that work here and now. */
export function footLine(model: Model, painter: Painter, width: number): string {
  const overlay = model.overlays.at(-1);
  if (overlay?.kind === 'prompt') return promptLine(overlay, painter, width);
  if (model.message !== null) {
    const { kind, text } = model.message;
    return painter.name(kind === 'error' ? 'error' : 'accent', fit(` ${escapeText(text)}`, width));
  }
  let line = '';
  let used = 0;
  for (const { key, word } of footKeys(model)) {
    const cells = displayWidth(key) + displayWidth(word) + 1 + (used === 0 ? 1 : 2);
    if (used + cells > width) continue;
    line += `${used === 0 ? ' ' : '  '}${painter.paint('key', key)} ${painter.paint('dim', word)}`;
    used += cells;
  }
  return line + ' '.repeat(width - used);
}
