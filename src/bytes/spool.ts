import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Problem } from '../problem.ts';
import { type ByteSource, memorySource } from './source.ts';

/** Up to this much stays in memory; more goes to a private file. */
const MEMORY_LIMIT = 64 << 20;

const temporary = new Set<string>();

/** Removes every temporary folder and file that is still there. For the program's way out, signals included. */
export function removeSpools(): void {
  for (const place of temporary) removeTemporary(place);
}

/**
 * Makes a folder of mode 0700 that {@link removeSpools} removes.
 * @param parent where to make it; by default the folder for temporary files
 */
export function privateFolder(parent: string = tmpdir()): string {
  const folder = mkdtempSync(path.join(parent, 'exhume-'));
  temporary.add(folder);
  return folder;
}

/** Lets {@link removeSpools} remove a file or folder that is not finished yet. */
export function markTemporary(place: string): void {
  temporary.add(place);
}

/** Keeps what {@link markTemporary} named. */
export function keepTemporary(place: string): void {
  temporary.delete(place);
}

/** Removes a temporary file or folder now. */
export function removeTemporary(place: string): void {
  // Retries are for a program that writes its last file into the folder while it is being ended.
  rmSync(place, { recursive: true, force: true, maxRetries: 3 });
  temporary.delete(place);
}

/**
 * Collects a stream of unknown length: in memory while it is small, else in a file of mode 0600
 * in a folder of mode 0700.
 */
export class Spool {
  readonly #name: string;
  #parts: Uint8Array[] = [];
  #size = 0;
  #fd = -1;
  #file = '';

  /** @param name how messages name these bytes */
  constructor(name: string) {
    this.#name = name;
  }

  get size(): number {
    return this.#size;
  }

  /**
   * Adds bytes; they are copied.
   * @throws Problem `write-failed` where the disk does not take them
   */
  write(chunk: Uint8Array): void {
    this.#size += chunk.length;
    if (this.#fd < 0 && this.#size <= MEMORY_LIMIT) {
      // Not slice: that of a Buffer is another view of the same memory.
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
        `cannot keep the unpacked form of ${this.#name} in ${tmpdir()}: ${error instanceof Error ? error.message : String(error)}`,
        { file: this.#file },
        error,
      );
    }
  }

  /** Ends the writing and gives what was collected. */
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

  /** Gives up: nothing is left behind. */
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

/** Writes all of the bytes, as often as the system takes only a part. */
export function writeFully(fd: number, bytes: Uint8Array): void {
  let done = 0;
  while (done < bytes.length) done += writeSync(fd, bytes, done, bytes.length - done);
}
