import type { HistoryAlignment } from '../../history/align.ts';
import { instructionOfLayer } from '../../history/align.ts';
import { maskSecrets } from '../../secrets/mask.ts';
import { escapeText } from '../../text/escape.ts';

/** A layer's instruction as it may be drawn: escaped, secret-sounding values covered. */
export function layerWords(history: HistoryAlignment, layer: number): string {
  const text = escapeText(maskSecrets(instructionOfLayer(history, layer)));
  return text === '' ? `layer ${layer}` : text;
}
