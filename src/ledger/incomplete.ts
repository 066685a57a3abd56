import { because } from '../image/blobs.ts';
import type { ImageLayer, MissingBlob } from '../image/image.ts';
import type { StackedImage } from './stacked-image.ts';
import type { Incomplete } from './unread-parts.ts';

/** Describes an unreadable blob that is not a layer: an attestation that the index names. */
export function missingBlob({ reason, size }: MissingBlob, source: string): Incomplete {
  return { layer: null, what: 'blob', file: source, offset: null, length: size, reason };
}

function missingLayer({ index, storedAs, whyMissing }: ImageLayer, source: string): Incomplete {
  const blob = storedAs === '' ? 'its tar' : storedAs;
  const reason = `${blob} is not in the image's archive or directory${because(whyMissing)}`;
  return { layer: index, what: 'layer', file: source, offset: null, length: null, reason };
}

/**
 * Lists what was not read of an image: every layer that is missing, and every part that is damaged, unreadable or
 * beyond a limit. Empty if everything was read. A digest mismatch is not listed, because those bytes were read.
 */
export function incompleteOf({ image, unread }: StackedImage): Incomplete[] {
  const missing = image.layers.flatMap((layer) =>
    layer.blob === null ? [missingLayer(layer, image.source)] : [],
  );
  const parts = [...missing, ...unread.list].toSorted((a, b) => order(a) - order(b));
  const lacking = image.config.diffIds.length - image.layers.length;
  if (image.layers.length === 0 || lacking <= 0) return parts;
  const reason = `the config lists ${lacking} more ${lacking === 1 ? 'diffID' : 'diffIDs'} than the manifest lists layers`;
  return [...parts, { layer: null, what: 'layer', file: image.source, offset: null, length: null, reason }];
}

/** Returns the layers that are missing, damaged or not read to their ends, in ascending order. */
export function incompleteLayers(stacked: StackedImage): number[] {
  const parts = incompleteOf(stacked);
  return stacked.layers.flatMap(({ status }, layer) =>
    status === 'missing' || status === 'damaged' || parts.some((part) => part.layer === layer) ? [layer] : [],
  );
}

function order({ layer }: Incomplete): number {
  return layer ?? Number.MAX_SAFE_INTEGER;
}
