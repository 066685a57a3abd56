/** Which part of the image holds it. `archive`: a blob or member that no manifest references. */
export type Surface = 'file' | 'env' | 'label' | 'history' | 'config' | 'attestation' | 'archive';

/** A place in an image. Fields that say nothing on a surface are null. */
export interface Where {
  readonly surface: Surface;
  /** Layer index from 0 at the bottom. */
  readonly layer: number | null;
  /** Absolute path in the image; for a surface outside the layers, the blob or member that holds it. */
  readonly path: string | null;
  /** From 1. */
  readonly line: number | null;
  /** Byte offset in the file or text. */
  readonly offset: number | null;
  /**
   * Name of the environment variable, the label, or the config field (`Cmd[1]`); of a file, what holds it beside
   * the content: `name`, `link target`, `xattr user.note`.
   */
  readonly key: string | null;
  readonly historyIndex: number | null;
  /** What was unpacked on the way, outermost first: `gzip`, `zstd`, `tar:inner/path`, `base64`, `utf-16`, `git:<id>`. */
  readonly inside: readonly string[];
}

/** A place on a surface; what is not given says nothing there. */
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
