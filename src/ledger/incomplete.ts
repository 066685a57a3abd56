import type { Damage } from '../bytes/decoder.ts';
import { type Extent, sourceName } from '../bytes/source.ts';
import { because } from '../image/blobs.ts';
import type { ImageLayer, MissingBlob } from '../image/image.ts';
import { Problem } from '../problem.ts';
import type { StackedImage } from './stacked-image.ts';

/** A part of an image that was not read, and why. */
export interface Incomplete {
  /** Null for what belongs to no layer. */
  readonly layer: number | null;
  /** `layer`: all of a layer; `range`: some of its bytes; `blob`: a blob that is no layer. */
  readonly what: 'layer' | 'range' | 'blob';
  /** The file on disk that holds it, or would hold it; null if the image says less. */
  readonly file: string | null;
  /** Where the part begins in the file, in bytes; null if it is not known. */
  readonly offset: number | null;
  /** Bytes; null if it is not known how many. */
  readonly length: number | null;
  readonly reason: string;
}

/**
 * The parts of an image's layers and blobs that could not be read. It grows while they are read, and when contents
 * are read later.
 */
export class UnreadParts {
  readonly #parts: Incomplete[] = [];

  /**
   * Adds a part, unless it is in there already.
   * @returns false if it was
   */
  add(part: Incomplete): boolean {
    if (this.#parts.some((known) => includes(known, part))) return false;
    this.#parts.push(part);
    return true;
  }

  /**
   * Adds what a pass over a blob could not read.
   * @param layer null if the blob is no layer
   * @param lost ranges; or why nothing could be read
   */
  note(layer: number | null, blob: Extent, lost: readonly Damage[] | Problem): void {
    if (lost instanceof Problem) this.add(unreadBlob(layer, blob, lost));
    else for (const damage of lost) this.add(unreadRange(layer, blob, damage));
  }

  get list(): readonly Incomplete[] {
    return this.#parts;
  }
}

/** Two passes over a layer meet the same range, and one of them may see more of it. */
function includes(known: Incomplete, part: Incomplete): boolean {
  if (known.layer !== part.layer || known.file !== part.file) return false;
  if (known.what === 'layer' || (known.reason === part.reason && known.offset === part.offset)) return true;
  if (known.offset === null || part.offset === null || known.length === null) return false;
  return part.offset >= known.offset && part.offset < known.offset + known.length;
}

/**
 * Describes damage of a blob.
 * @param layer null if the blob is no layer
 * @param blob what `damage` has its offset in
 */
export function unreadRange(layer: number | null, blob: Extent, damage: Damage): Incomplete {
  return {
    layer,
    what: layer === null ? 'blob' : 'range',
    file: sourceName(blob.source),
    offset: blob.offset + damage.offset,
    length: damage.length ?? (damage.code === 'truncated' ? null : Math.max(0, blob.size - damage.offset)),
    reason: damage.message,
  };
}

/** Describes a blob that could not be read at all. */
export function unreadBlob(layer: number | null, blob: Extent, error: Error): Incomplete {
  return {
    layer,
    what: layer === null ? 'blob' : 'layer',
    file: sourceName(blob.source),
    offset: blob.offset,
    length: blob.size,
    reason: error.message,
  };
}

/** Describes a blob that is no layer and cannot be read: an attestation that the index names. */
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
