import { escapeText } from '../src/text/escape.ts';
import { fit } from '../src/text/fit.ts';
import type { Model } from '../src/tui/model.ts';
import { FOOT_GAP, FOOT_MARGIN, footHalves, type FootKey, footWidth } from '../src/tui/foot-keys.ts';
import type { Painter } from './painter.ts';
import { promptLine } from './prompt-line.ts';

/** Returns the last line: a prompt, a message, or the available keys. */
export function footLine(model: Model, painter: Painter, width: number): string {
  const overlay = model.overlays.at(-1);
  if (overlay?.kind === 'prompt') return promptLine(overlay, painter, width);
  if (model.message !== null) {
    const { kind, text } = model.message;
    return painter.name(kind === 'error' ? 'error' : 'accent', fit(` ${escapeText(text)}`, width));
  }
  const { left, right } = footHalves(model, width);
  const gap = ' '.repeat(FOOT_GAP);
  const drawn = (keys: readonly FootKey[]): string =>
    keys.map(({ key, word }) => `${painter.paint('key', key)} ${painter.paint('dim', word)}`).join(gap);
  const cells = (keys: readonly FootKey[]): number =>
    keys.reduce((sum, key) => sum + footWidth(key) + FOOT_GAP, -FOOT_GAP);
  const margin = ' '.repeat(FOOT_MARGIN);
  const between = width - Math.max(0, cells(left)) - Math.max(0, cells(right)) - 2 * FOOT_MARGIN;
  return margin + drawn(left) + ' '.repeat(Math.max(0, between)) + drawn(right) + margin;
}
