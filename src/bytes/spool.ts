import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Problem } from '../problem.ts';
import { type ByteSource, memorySource } from './source.ts';

/** Bytes that are kept in memory; a longer stream goes to a private file. */
const MEMORY_LIMIT = 64 << 20;

const temporary = new Set<string>();

/** Removes every remaining temporary directory and file. Called when the program exits, also after a signal. */
export function removeSpools(): void {
  for (const place of temporary) removeTemporary(place);
}

/**
 * Creates a directory with mode 0700, which {@link removeSpools} removes.
 * @param parent the parent directory (default: the directory for temporary files)
 */
export function privateFolder(parent: string = tmpdir()): string {
  const folder = mkdtempSync(path.join(parent, 'exhume-'));
  temporary.add(folder);
  return folder;
}

/** Marks an unfinished file or directory for {@link removeSpools}. */
export function markTemporary(place: string): void {
  temporary.add(place);
}

/** Undoes {@link markTemporary}: the file or directory is kept. */
export function keepTemporary(place: string): void {
  temporary.delete(place);
}

/** Removes a temporary file or directory now. */
export function removeTemporary(place: string): void {
  // A program that is being terminated may still write a file into the directory: retry.
  rmSync(place, { recursive: true, force: true, maxRetries: 3 });
  temporary.delete(place);
}

/**
 * Collects a stream of unknown length: in memory while it is small, else in a file with mode 0600 in a
 * directory with mode 0700.
 */
export class Spool {
  readonly #name: string;
  #parts: Uint8Array[] = [];
  #size = 0;
  #fd = -1;
  #file = '';

  /** @param name the name of these bytes in messages */
  constructor(name: string) {
    this.#name = name;
  }

  get size(): number {
    return this.#size;
  }

  /**
   * Adds a copy of bytes.
   * @throws Problem `write-failed` if they cannot be written to disk
   */
  write(chunk: Uint8Array): void {
    this.#size += chunk.length;
    if (this.#fd < 0 && this.#size <= MEMORY_LIMIT) {
      // Not slice, because Buffer.slice returns a view of the same memory.
      this.#parts.push(new Uint8Array(chunk));
      return;
    }
    try {
      if (this.#fd < 0) this.#moveToFile();
      writeFully(this.#fd, chunk);
    } catch (error) {
      this.discard();
      throw new Problem(
        'write-failed',
        `cannot write the decompressed ${this.#name} to ${tmpdir()}: ${error instanceof Error ? error.message : String(error)}`,
        { file: this.#file },
        error,
      );
    }
  }

  /** Ends writing and returns the collected bytes. */
  finish(): ByteSource {
    if (this.#fd >= 0) {
      closeSync(this.#fd);
      this.#fd = -1;
      return { kind: 'file', path: this.#file };
    }
    const source = memorySource(this.#name, Buffer.concat(this.#parts));
    this.#parts = [];
    return source;
  }

  /** Discards all bytes and removes the file. */
  discard(): void {
    if (this.#fd >= 0) closeSync(this.#fd);
    this.#fd = -1;
    this.#parts = [];
    if (this.#file === '') return;
    removeTemporary(path.dirname(this.#file));
  }

  #moveToFile(): void {
    this.#file = path.join(privateFolder(), 'archive.tar');
    this.#fd = openSync(this.#file, 'wx', 0o600);
    for (const part of this.#parts) writeFully(this.#fd, part);
    this.#parts = [];
  }
}

/** Writes all bytes, with several calls if the system accepts only a part. */
export function writeFully(fd: number, bytes: Uint8Array): void {
  let done = 0;
  while (done < bytes.length) done += writeSync(fd, bytes, done, bytes.length - done);
}
