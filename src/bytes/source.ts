import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { Problem } from '../problem.ts';
import type { Gaps } from './gaps.ts';

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

/** Pages of the system's cache: a bad sector makes its page unreadable. */
const PAGE = 4096;
const SECTOR = 512;
/** No tar header consists of this byte, and two blocks of zeros would end an archive. */
const FILLER = 0xff;

/** Errors that a wrong call causes: these are faults of this program, not of the medium. */
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

/** Reports whether the operating system refused to open or to read, for a reason that is not ours. */
function isReadError(error: unknown): error is NodeJS.ErrnoException {
  return (
    error instanceof Error &&
    typeof (error as NodeJS.ErrnoException).errno === 'number' &&
    !MISUSE.has((error as NodeJS.ErrnoException).code)
  );
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

  /** @throws ReadProblem if the file cannot be opened */
  constructor(extent: Extent) {
    this.#extent = extent;
    this.size = extent.size;
    this.#fd = extent.source.kind === 'file' ? openFile(extent.source) : -1;
  }

  /**
   * Fills `target` from `position` (relative to the extent); gives the number of bytes read,
   * less than asked for only at the end of the extent or of a file that has been cut short.
   * @throws ReadProblem at the first byte that the system cannot read; what comes before it is in `target`
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
   * As {@link read}, but continues after bytes that the system cannot read: `target` has 0xff in their place.
   * @param gaps takes the unreadable ranges
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

  /** Fills `target` from index `from` up to `to`; gives the index that it reached. */
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

  /** Reads page by page, and in pages that fail sector by sector. @param bad takes each sector that fails */
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
