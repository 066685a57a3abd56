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
  /** Members that are whole and look like a layer. */
  readonly layers: number;
}

/** A layer that has arrived whole, while the rest of the archive may still be on its way. */
export interface ArrivedLayer {
  /** How the archive names it. */
  readonly name: string;
  readonly extent: Extent;
}

export interface ArrivalOptions {
  /** Where the archive shall stay; null for a temporary file. */
  readonly keep?: string | null;
  readonly onProgress?: (progress: ArrivalProgress) => void;
  readonly onLayer?: (layer: ArrivedLayer) => void;
  readonly signal?: AbortSignal;
}

/**
 * An archive that arrives piece by piece: written once into a private file (mode 0600, a temporary
 * one in a folder of mode 0700) and indexed on the way, so that nothing of it is read again to open
 * it. What is compressed as a whole can be indexed only afterwards.
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

  /** @param name how messages call the archive */
  constructor(name: string, options: ArrivalOptions = {}) {
    this.#name = name;
    this.#options = options;
    this.#blobs = new ArchiveBlobs(name);
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** True where it is a tar that ends before it should. To be asked when everything was written. */
  get cutShort(): boolean {
    return this.#blobs.size > 0 && this.#blobs.warnings.some((warning) => warning.code === 'truncated');
  }

  /**
   * Takes the next bytes.
   * @throws Problem `disk-full` or `write-failed` where they cannot be stored; nothing is left then
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

  /** Says that everything has arrived. {@link cutShort} is known from here on. */
  end(): void {
    if (this.#fd >= 0) closeSync(this.#fd);
    this.#fd = -1;
    this.#parser?.end(this.#bytes);
  }

  /**
   * Opens what has arrived.
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

  /** Gives up: nothing is left behind. */
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
    // A pipe may give the first bytes one by one.
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
        `the disk of ${where} is full: ${humanSize(this.#bytes + lost)} of ${this.#name} had arrived, and nothing of it was kept; ${keep ? 'free some room' : 'free some room, or set TMPDIR to a folder that has more'}`,
        place,
        error,
      );
    }
    if (code === 'EEXIST') {
      return new Problem('write-failed', `${where} exists already and is not written over`, place, error);
    }
    return new Problem('write-failed', `cannot store ${this.#name} in ${where}: ${detail}`, place, error);
  }
}

function pick(options: ArrivalOptions): { signal?: AbortSignal } {
  return options.signal === undefined ? {} : { signal: options.signal };
}
