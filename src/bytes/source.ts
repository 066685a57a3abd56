import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Bytes that can be read at any offset: a file on disk, or memory that workers share. */
export type ByteSource =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'memory'; readonly name: string; readonly bytes: Uint8Array };

/** A run of bytes inside a source. Plain data, so that it can be sent to a worker. */
export interface Extent {
  readonly source: ByteSource;
  readonly offset: number;
  readonly size: number;
}

/** What to call a source in a message. */
export function sourceName(source: ByteSource): string {
  return source.kind === 'file' ? source.path : source.name;
}

/** The same for two extents exactly where they are the same bytes of the same source. */
export function extentKey({ source, offset, size }: Extent): string {
  return `${sourceName(source)}\0${offset}\0${size}`;
}

/**
 * Copies bytes into memory that worker threads can read without another copy.
 * @param name how messages name these bytes
 */
export function memorySource(name: string, bytes: Uint8Array): ByteSource {
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  return { kind: 'memory', name, bytes: shared };
}

/**
 * Positioned reading of one extent. Reads never go outside it.
 * Synchronous on purpose: in a worker, and for the small reads of an index, it measures far
 * better than promises.
 */
export class ExtentReader {
  readonly size: number;
  readonly #extent: Extent;
  #fd: number;

  constructor(extent: Extent) {
    this.#extent = extent;
    this.size = extent.size;
    this.#fd = extent.source.kind === 'file' ? openSync(extent.source.path, 'r') : -1;
  }

  /**
   * Fills `target` from `position` (relative to the extent); gives the number of bytes read,
   * less than asked for only at the end of the extent or of a file that has been cut short.
   */
  read(target: Uint8Array, position: number): number {
    const wanted = Math.min(target.length, this.size - position);
    if (wanted <= 0) return 0;
    const { source, offset } = this.#extent;
    if (source.kind === 'memory') {
      const from = offset + position;
      const slice = source.bytes.subarray(from, from + wanted);
      target.set(slice);
      return slice.length;
    }
    let done = 0;
    while (done < wanted) {
      const n = readSync(this.#fd, target, done, wanted - done, offset + position + done);
      if (n === 0) break;
      done += n;
    }
    return done;
  }

  close(): void {
    if (this.#fd >= 0) closeSync(this.#fd);
    this.#fd = -1;
  }
}

/** Reads a whole extent, or its first `limit` bytes, into memory. For small things: JSON, heads. */
export function readExtent(extent: Extent, limit = Number.POSITIVE_INFINITY): Uint8Array {
  const reader = new ExtentReader(extent);
  try {
    const bytes = new Uint8Array(Math.min(extent.size, limit));
    const n = reader.read(bytes, 0);
    return n === bytes.length ? bytes : bytes.subarray(0, n);
  } finally {
    reader.close();
  }
}

/** The extent that is a whole file. */
export function fileExtent(path: string): Extent {
  const fd = openSync(path, 'r');
  try {
    return { source: { kind: 'file', path }, offset: 0, size: fstatSync(fd).size };
  } finally {
    closeSync(fd);
  }
}
