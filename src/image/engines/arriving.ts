import { closeSync, openSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { detectCompression, MAGIC_LENGTH } from '../../bytes/compression.ts';
import type { Extent } from '../../bytes/source.ts';
import {
  keepTemporary,
  markTemporary,
  privateFolder,
  removeTemporary,
  writeFully,
} from '../../bytes/spool.ts';
import { Problem } from '../../problem.ts';
import { EntryType } from '../../tar/member.ts';
import { TarParser } from '../../tar/parser.ts';
import { humanSize } from '../../text/size.ts';
import { ArchiveBlobs } from '../blobs.ts';
import type { ImageArchive } from '../image.ts';
import { openIndexed, openSource } from '../open.ts';
import { LayerSniffer } from './layer-sniffer.ts';

/** How much of an image has arrived. */
export interface ArrivalProgress {
  readonly bytes: number;
  /** Complete members that look like a layer. */
  readonly layers: number;
}

/** A layer that has arrived completely; the rest of the archive may still be on its way. */
export interface ArrivedLayer {
  /** Its name in the archive. */
  readonly name: string;
  readonly extent: Extent;
}

export interface ArrivalOptions {
  /** The file in which to keep the archive; null for a temporary file. */
  readonly keep?: string | null;
  readonly onProgress?: (progress: ArrivalProgress) => void;
  readonly onLayer?: (layer: ArrivedLayer) => void;
  readonly signal?: AbortSignal;
}

/**
 * An archive that arrives as a stream. It is written to a private file (mode 0600, a temporary one in a
 * directory with mode 0700) and indexed at the same time, so that opening it does not read it again. An
 * archive that is compressed as a whole is indexed when it is complete.
 */
export class ArrivingArchive {
  readonly #name: string;
  readonly #options: ArrivalOptions;
  readonly #blobs: ArchiveBlobs;
  #parser: TarParser | null = null;
  #head: Uint8Array | null = new Uint8Array(0);
  #file = '';
  #fd = -1;
  #bytes = 0;
  #layers = 0;

  /** @param name the name of the archive in messages */
  constructor(name: string, options: ArrivalOptions = {}) {
    this.#name = name;
    this.#options = options;
    this.#blobs = new ArchiveBlobs(name);
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Whether the archive is a tar that ends too early. Known after {@link end}. */
  get cutShort(): boolean {
    return this.#blobs.size > 0 && this.#blobs.warnings.some((warning) => warning.code === 'truncated');
  }

  /**
   * Writes the next bytes.
   * @throws Problem `disk-full` or `write-failed` if they cannot be stored; the file is then removed
   */
  write(chunk: Uint8Array): void {
    try {
      if (this.#fd < 0) this.#open();
      writeFully(this.#fd, chunk);
    } catch (error) {
      const problem = this.#writeProblem(error, chunk.length);
      this.discard();
      throw problem;
    }
    const offset = this.#bytes;
    this.#bytes += chunk.length;
    this.#index(chunk, offset);
    this.#options.onProgress?.({ bytes: this.#bytes, layers: this.#layers });
  }

  /** Ends the archive. */
  end(): void {
    if (this.#fd >= 0) closeSync(this.#fd);
    this.#fd = -1;
    this.#parser?.end(this.#bytes);
  }

  /**
   * Opens the complete archive.
   * @throws Problem as `openPath` does for a file
   */
  async openImage(): Promise<ImageArchive> {
    if (this.#file === '') throw new Problem('not-an-image', `${this.#name} is empty`, { file: this.#name });
    const source = { kind: 'file', path: this.#file } as const;
    const archive =
      this.#parser === null || this.cutShort
        ? await openSource(source, this.#bytes, this.#name, pick(this.#options))
        : openIndexed(this.#blobs, { source, offset: 0, size: this.#bytes }, this.#name);
    if (this.#options.keep) keepTemporary(this.#file);
    return archive;
  }

  /** Closes and removes the file. */
  discard(): void {
    if (this.#fd >= 0) closeSync(this.#fd);
    this.#fd = -1;
    if (this.#file !== '') removeTemporary(this.#options.keep ? this.#file : path.dirname(this.#file));
    this.#file = '';
  }

  #open(): void {
    const keep = this.#options.keep ?? null;
    const file = keep ?? path.join(privateFolder(), 'archive.tar');
    this.#fd = openSync(file, 'wx', 0o600);
    this.#file = file;
    if (keep !== null) markTemporary(keep);
  }

  #index(chunk: Uint8Array, offset: number): void {
    if (this.#head === null) {
      this.#parser?.feed(chunk, offset);
      return;
    }
    // A pipe may deliver the first bytes one by one.
    const head = this.#head.length === 0 ? chunk : Buffer.concat([this.#head, chunk]);
    if (head.length < MAGIC_LENGTH) {
      this.#head = head.slice();
      return;
    }
    this.#head = null;
    if (detectCompression(head) !== 'none') return;
    this.#parser = this.#newParser();
    this.#parser.feed(head, 0);
  }

  #newParser(): TarParser {
    const archive: Extent = {
      source: { kind: 'file', path: this.#file },
      offset: 0,
      size: Number.POSITIVE_INFINITY,
    };
    const sniffer = new LayerSniffer();
    let name = '';
    return new TarParser({
      member: (member) => {
        this.#blobs.add(archive, member);
        if (member.type !== EntryType.file || member.sparse !== null) return false;
        name = Buffer.from(member.name).toString('utf8');
        sniffer.begin();
        return true;
      },
      data: (bytes) => sniffer.take(bytes),
      endData: () => {
        if (!sniffer.looksLikeLayer()) return;
        this.#layers++;
        const extent = this.#blobs.get(name);
        if (extent !== null) this.#options.onLayer?.({ name, extent });
      },
      warning: (warning) => this.#blobs.warnings.push(warning),
    });
  }

  #writeProblem(error: unknown, lost: number): Problem {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const detail = error instanceof Error ? error.message : String(error);
    const { keep } = this.#options;
    const place = { file: this.#file === '' ? (keep ?? tmpdir()) : this.#file };
    const where = keep ?? tmpdir();
    if (code === 'ENOSPC' || code === 'EDQUOT') {
      return new Problem(
        'disk-full',
        `no space left on the disk of ${where}; the first ${humanSize(this.#bytes + lost)} of ${this.#name} were discarded; ${keep ? 'free some space' : 'free some space, or set TMPDIR to a directory on a larger disk'}`,
        place,
        error,
      );
    }
    if (code === 'EEXIST') {
      return new Problem(
        'write-failed',
        `${where} already exists; exhume does not overwrite it`,
        place,
        error,
      );
    }
    return new Problem('write-failed', `cannot store ${this.#name} in ${where}: ${detail}`, place, error);
  }
}

function pick(options: ArrivalOptions): { signal?: AbortSignal } {
  return options.signal === undefined ? {} : { signal: options.signal };
}
