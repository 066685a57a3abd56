/** The part of the image in which something was found. `archive`: a blob or member that no manifest references. */
export type Surface = 'file' | 'env' | 'label' | 'history' | 'config' | 'attestation' | 'archive';

/** A place in an image. Fields that do not apply to the surface are null. */
export interface Where {
  readonly surface: Surface;
  /** Layer index from 0 at the bottom. */
  readonly layer: number | null;
  /** Absolute path in the image; for a surface outside the layers, the blob or archive member. */
  readonly path: string | null;
  /** From 1. */
  readonly line: number | null;
  /** Byte offset in the file or text. */
  readonly offset: number | null;
  /**
   * Name of the environment variable, the label, or the config field (`Cmd[1]`). For a file, the part other
   * than the content: `name`, `link target`, `xattr user.note`.
   */
  readonly key: string | null;
  readonly historyIndex: number | null;
  /** Encodings and archives that were unpacked, outermost first: `gzip`, `zstd`, `tar:inner/path`, `base64`, `utf-16`, `git:<id>`. */
  readonly inside: readonly string[];
}

/** Returns a place on a surface; fields that are not given are null. */
export function placeOn(where: Partial<Where> & Pick<Where, 'surface'>): Where {
  return {
    layer: null,
    path: null,
    line: null,
    offset: null,
    key: null,
    historyIndex: null,
    inside: [],
    ...where,
  };
}
