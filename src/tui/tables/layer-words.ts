import type { HistoryAlignment } from '../../history/align.ts';
import { instructionOfLayer } from '../../history/align.ts';
import type { Masker } from '../../secrets/mask/masker.ts';
import { escapeText } from '../../text/escape.ts';

/** Returns a layer's instruction as it may be drawn: masked, then escaped. */
export function layerWords(history: HistoryAlignment, layer: number, masker: Masker): string {
  const text = escapeText(masker.mask(instructionOfLayer(history, layer)));
  return text === '' ? `layer ${layer}` : text;
}
