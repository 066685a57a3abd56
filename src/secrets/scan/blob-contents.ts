import { createHash, type Hash } from 'node:crypto';
import { SparseExpander } from '../../layer/sparse-expander.ts';
import { EntryType, type TarMember, type TarSink } from '../../tar/member.ts';
import type { PlacedHit } from '../raw-hit.ts';
import { type FileName, MemberName, named } from '../readers/file-name.ts';
import { mayBeKeystore } from '../readers/keystore.ts';
import type { DeepScanner } from '../unpack/deep-scanner.ts';
import { AFTER_TAR_END, type ContentHits } from './blob-hits.ts';

/** Scans the files of one tar as a stream. */
export class BlobContents implements TarSink {
  /** In blob order. Complete after {@link finish}. */
  readonly found: ContentHits[] = [];
  files = 0;
  bytes = 0;
  readonly #scanner: DeepScanner;
  #expander: SparseExpander | null = null;
  #name: FileName = named(null);
  #headerBlock = 0;
  #size = 0;
  /** Whether the current content is given to the scanner in pieces. */
  #inPieces = false;
  #hash: Hash | null = null;
  #open = false;

  constructor(scanner: DeepScanner) {
    this.#scanner = scanner;
  }

  member(member: TarMember): boolean {
    if (member.type !== EntryType.file || member.size === 0) return false;
    const name = new MemberName(member.nameIn, member.nameStart, member.nameEnd);
    this.begin(name, member.headerOffset / 512, member.size);
    this.#expander =
      member.sparse === null
        ? null
        : new SparseExpander(member.sparse, member.size, (bytes) => this.#take(bytes));
    return true;
  }

  /**
   * Begins a content.
   * @param size in bytes, or -1 if unknown
   */
  begin(name: FileName, headerBlock: number, size: number): void {
    this.#name = name;
    this.#headerBlock = headerBlock;
    this.#size = size;
    this.#inPieces = false;
    this.#hash = null;
    this.#open = true;
    this.files++;
  }

  /**
   * Scans bytes after the end of the archive. No engine unpacks them, but anyone who has the layer can read
   * them.
   */
  trailing(chunk: Uint8Array): void {
    if (!this.#open) {
      const start = chunk.findIndex((byte) => byte !== 0);
      if (start < 0) return;
      this.begin(named(null), AFTER_TAR_END, -1);
      this.#take(chunk.subarray(start));
      return;
    }
    this.#take(chunk);
  }

  data(chunk: Uint8Array): void {
    if (this.#expander === null) this.#take(chunk);
    else this.#expander.write(chunk);
  }

  /** Ends the blob, and the last content if it was truncated. */
  finish(): void {
    if (this.#open) this.endData();
    this.#scanner.flush();
  }

  endData(): void {
    this.#expander?.end();
    this.#expander = null;
    this.#open = false;
    if (this.#inPieces) this.#keep(this.#headerBlock, this.#name, this.#scanner.end(this.#hash?.digest()));
  }

  warning(): void {
    // Already reported by the indexer.
  }

  #take(chunk: Uint8Array): void {
    this.bytes += chunk.length;
    if (!this.#inPieces) {
      if (chunk.length === this.#size) {
        const [headerBlock, name] = [this.#headerBlock, this.#name];
        this.#scanner.whole(chunk, name, (hits) => this.#keep(headerBlock, name, hits));
        return;
      }
      this.#inPieces = true;
      this.#scanner.begin(this.#name);
      if (mayBeKeystore(chunk)) this.#hash = createHash('sha256');
    }
    this.#hash?.update(chunk);
    this.#scanner.feed(chunk);
  }

  #keep(headerBlock: number, { path }: FileName, found: readonly PlacedHit[]): void {
    if (found.length > 0) this.found.push({ headerBlock, path: path ?? '', found });
  }
}
