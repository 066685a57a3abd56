import type { Damage } from '../bytes/decoder.ts';
import { type Extent, sourceName } from '../bytes/source.ts';
import { Problem } from '../problem.ts';

/** A part of an image that was not read, and why. */
export interface Incomplete {
  /** Null for a part that belongs to no layer. */
  readonly layer: number | null;
  /** `layer`: all of a layer; `range`: some of its bytes; `blob`: a blob that is not a layer. */
  readonly what: 'layer' | 'range' | 'blob';
  /** The file on disk that holds it, or should hold it; null if unknown. */
  readonly file: string | null;
  /** Offset of the part in the file, in bytes; null if unknown. */
  readonly offset: number | null;
  /** Size in bytes; null if unknown. */
  readonly length: number | null;
  readonly reason: string;
}

/**
 * The parts of an image's layers and blobs that could not be read. The list grows while layers are read, and when contents
 * are read later.
 */
export class UnreadParts {
  readonly #parts: Incomplete[] = [];

  /**
   * Adds a part, unless it was added before.
   * @returns false if it was
   */
  add(part: Incomplete): boolean {
    if (this.#parts.some((known) => includes(known, part))) return false;
    this.#parts.push(part);
    return true;
  }

  /**
   * Adds what a pass over a blob could not read.
   * @param layer null if the blob is not a layer
   * @param lost the ranges, or the reason why nothing could be read
   */
  note(layer: number | null, blob: Extent, lost: readonly Damage[] | Problem): void {
    if (lost instanceof Problem) this.add(unreadBlob(layer, blob, lost));
    else for (const damage of lost) this.add(unreadRange(layer, blob, damage));
  }

  get list(): readonly Incomplete[] {
    return this.#parts;
  }
}

/** Reports whether a part is already covered: two passes may meet the same range, and one may see more of it. */
function includes(known: Incomplete, part: Incomplete): boolean {
  if (known.layer !== part.layer || known.file !== part.file) return false;
  if (known.what === 'layer' || (known.reason === part.reason && known.offset === part.offset)) return true;
  if (known.offset === null || part.offset === null || known.length === null) return false;
  return part.offset >= known.offset && part.offset < known.offset + known.length;
}

/**
 * Describes damage of a blob.
 * @param layer null if the blob is not a layer
 * @param blob the blob in which `damage` has its offset
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
