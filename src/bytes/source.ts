import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { Problem } from '../problem.ts';
import type { Gaps } from './gaps.ts';

/** Bytes that can be read at any offset: a file on disk, or memory that workers share. */
export type ByteSource =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'memory'; readonly name: string; readonly bytes: Uint8Array };

/** A range of bytes in a source. Plain data, so that it can be sent to a worker. */
export interface Extent {
  readonly source: ByteSource;
  readonly offset: number;
  readonly size: number;
}

/** Returns the name of a source for messages. */
export function sourceName(source: ByteSource): string {
  return source.kind === 'file' ? source.path : source.name;
}

/** Returns a key that is equal for two extents if and only if they are the same range of the same source. */
export function extentKey({ source, offset, size }: Extent): string {
  return `${sourceName(source)}\0${offset}\0${size}`;
}

/**
 * Copies bytes into memory that worker threads can read without another copy.
 * @param name the name of these bytes in messages
 */
export function memorySource(name: string, bytes: Uint8Array): ByteSource {
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  return { kind: 'memory', name, bytes: shared };
}

/** Size of a page of the system's cache: a bad sector makes its whole page unreadable. */
const PAGE = 4096;
const SECTOR = 512;
/** Replaces unreadable bytes. No tar header consists of this byte; zeros could end the archive. */
const FILLER = 0xff;

/** Errors caused by a wrong call: bugs of this program, not failures of the medium. */
const MISUSE: ReadonlySet<string | undefined> = new Set(['EBADF', 'EFAULT', 'EINVAL']);

/** The operating system cannot open a source, or cannot read it at some offset. */
export class ReadProblem extends Problem {
  /** Bytes of the call that were read before the unreadable ones. */
  readonly done: number;

  /** @param offset in the source, in bytes; null if it cannot be opened */
  constructor(source: ByteSource, offset: number | null, done: number, cause: Error) {
    const file = sourceName(source);
    const doing = offset === null ? `cannot open ${file}` : `cannot read ${file} at offset ${offset}`;
    super(
      'read-error',
      `${doing}: ${cause.message}`,
      { file, ...(offset === null ? {} : { offset }) },
      cause,
    );
    this.done = done;
  }
}

/** Reports whether the operating system failed to open or read, for a reason other than a bug of this program. */
function isReadError(error: unknown): error is NodeJS.ErrnoException {
  return (
    error instanceof Error &&
    typeof (error as NodeJS.ErrnoException).errno === 'number' &&
    !MISUSE.has((error as NodeJS.ErrnoException).code)
  );
}

/**
 * Reads one extent at any position, and never outside it.
 * It is synchronous because that is much faster than promises in a worker and for the small reads of an index.
 */
export class ExtentReader {
  readonly size: number;
  readonly #extent: Extent;
  #fd: number;

  /** @throws ReadProblem if the file cannot be opened */
  constructor(extent: Extent) {
    this.#extent = extent;
    this.size = extent.size;
    this.#fd = extent.source.kind === 'file' ? openFile(extent.source) : -1;
  }

  /**
   * Fills `target` from `position` (relative to the extent) and returns the number of bytes read. It is
   * smaller than `target` only at the end of the extent, or if the file is shorter than before.
   * @throws ReadProblem at the first unreadable byte; `target` has the bytes before it
   */
  read(target: Uint8Array, position: number): number {
    const wanted = Math.min(target.length, this.size - position);
    if (wanted <= 0) return 0;
    try {
      return this.#fill(target, position, 0, wanted);
    } catch (error) {
      if (!isReadError(error)) throw error;
      return this.#fillAround(target, position, wanted, (at, _, cause) => {
        throw new ReadProblem(this.#extent.source, this.#extent.offset + position + at, at, cause);
      });
    }
  }

  /**
   * Reads as {@link read} does, but continues after unreadable bytes: `target` has 0xff in their place.
   * @param gaps receives the unreadable ranges
   */
  readAround(target: Uint8Array, position: number, gaps: Gaps): number {
    const wanted = Math.min(target.length, this.size - position);
    if (wanted <= 0) return 0;
    try {
      return this.#fill(target, position, 0, wanted);
    } catch (error) {
      if (!isReadError(error)) throw error;
      return this.#fillAround(target, position, wanted, (at, length, cause) => {
        target.fill(FILLER, at, at + length);
        const { offset, source } = this.#extent;
        const { message } = new ReadProblem(source, offset + position + at, at, cause);
        gaps.add(position + at, length, message);
      });
    }
  }

  /** Fills `target` from index `from` up to `to`; returns the index that it reached. */
  #fill(target: Uint8Array, position: number, from: number, to: number): number {
    const { source, offset } = this.#extent;
    if (source.kind === 'memory') {
      const start = offset + position + from;
      const slice = source.bytes.subarray(start, start + to - from);
      target.set(slice, from);
      return from + slice.length;
    }
    let done = from;
    while (done < to) {
      const n = readSync(this.#fd, target, done, to - done, offset + position + done);
      if (n === 0) break;
      done += n;
    }
    return done;
  }

  /** Reads page by page, and sector by sector in pages that fail. @param bad is called for each failed sector */
  #fillAround(
    target: Uint8Array,
    position: number,
    wanted: number,
    bad: (at: number, length: number, cause: Error) => void,
  ): number {
    const start = this.#extent.offset + position;
    const endOf = (at: number, size: number): number =>
      Math.min(wanted, (Math.floor((start + at) / size) + 1) * size - start);
    for (let at = 0, sectorsTo = 0; at < wanted;) {
      const end = endOf(at, at < sectorsTo ? SECTOR : PAGE);
      try {
        const reached = this.#fill(target, position, at, end);
        if (reached < end) return reached;
        at = end;
      } catch (error) {
        if (!isReadError(error)) throw error;
        if (at >= sectorsTo) sectorsTo = end;
        else {
          bad(at, end - at, error);
          at = end;
        }
      }
    }
    return wanted;
  }

  close(): void {
    if (this.#fd >= 0) closeSync(this.#fd);
    this.#fd = -1;
  }
}

function openFile(source: ByteSource & { readonly kind: 'file' }): number {
  try {
    return openSync(source.path, 'r');
  } catch (error) {
    if (isReadError(error)) throw new ReadProblem(source, null, 0, error);
    throw error;
  }
}

/** Reads a whole extent, or its first `limit` bytes, into memory: for JSON and headers. */
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

/** Returns the extent of a whole file. */
export function fileExtent(path: string): Extent {
  const fd = openSync(path, 'r');
  try {
    return { source: { kind: 'file', path }, offset: 0, size: fstatSync(fd).size };
  } finally {
    closeSync(fd);
  }
}
