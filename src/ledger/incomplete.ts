import type { ImageLayer } from '../image/image.ts';
import type { StackedImage } from './stacked-image.ts';
import type { Incomplete } from './unread-parts.ts';

function missingLayer({ index, storedAs }: ImageLayer, source: string): Incomplete {
  const reason = `${storedAs === '' ? 'its tar' : storedAs} is not in the image's archive or directory`;
  return { layer: index, what: 'layer', file: source, offset: null, length: null, reason };
}

/**
 * Lists what was not read of an image: every layer that is missing, and every part that is damaged, unreadable or
 * beyond a limit. Empty if everything was read. A digest that does not match is not listed: those bytes were read.
 */
export function incompleteOf({ image, unread }: StackedImage): Incomplete[] {
  const missing = image.layers.flatMap((layer) =>
    layer.blob === null ? [missingLayer(layer, image.source)] : [],
  );
  const parts = [...missing, ...unread.list].toSorted((a, b) => order(a) - order(b));
  const lacking = image.config.diffIds.length - image.layers.length;
  if (image.layers.length === 0 || lacking <= 0) return parts;
  const reason = `the config lists ${lacking} more diffIDs than the manifest lists layers`;
  return [...parts, { layer: null, what: 'layer', file: image.source, offset: null, length: null, reason }];
}

/** The layers that are missing, damaged or were not read to their ends, ascending. */
export function incompleteLayers(stacked: StackedImage): number[] {
  const parts = incompleteOf(stacked);
  return stacked.layers.flatMap(({ status }, layer) =>
    status === 'missing' || status === 'damaged' || parts.some((part) => part.layer === layer) ? [layer] : [],
  );
}

function order({ layer }: Incomplete): number {
  return layer ?? Number.MAX_SAFE_INTEGER;
}
