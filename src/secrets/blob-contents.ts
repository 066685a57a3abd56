import { createHash, hash, type Hash } from 'node:crypto';
import { SparseExpander } from '../layer/sparse-expander.ts';
import { EntryType, type TarMember, type TarSink } from '../tar/member.ts';
import { decodeName } from '../text/escape.ts';
import { BEHIND_THE_END, type ContentHits, type PlacedHit } from './content-task.ts';
import { readerFor } from './readers/by-path.ts';
import type { DeepScanner } from './unpack/deep-scanner.ts';

const EMPTY = createHash('sha256').digest();
/** Contents of which it is remembered that they hold nothing, or what they hold. */
const MOST_REMEMBERED = 200_000;

/** Looks through the files of one tar as they go by; a content that was seen already is not scanned again. */
export class BlobContents implements TarSink {
  readonly found: ContentHits[] = [];
  files = 0;
  bytes = 0;
  readonly #scanner: DeepScanner;
  readonly #seen = new Map<string, readonly PlacedHit[]>();
  #expander: SparseExpander | null = null;
  #path = '';
  #hasReader = false;
  #headerBlock = 0;
  #size = 0;
  #given = 0;
  #hash: Hash | null = null;
  #digest: Uint8Array | null = null;
  #known: readonly PlacedHit[] | null = null;
  #open = false;

  constructor(scanner: DeepScanner) {
    this.#scanner = scanner;
  }

  member(member: TarMember): boolean {
    if (member.type !== EntryType.file || member.size === 0) return false;
    this.begin(pathOf(member.name), member.headerOffset / 512, member.size);
    this.#expander =
      member.sparse === null
        ? null
        : new SparseExpander(member.sparse, member.size, (bytes) => this.#take(bytes));
    return true;
  }

  /** Begins a content. */
  begin(path: string, headerBlock: number, size: number): void {
    this.#path = path;
    this.#hasReader = readerFor(path) !== null;
    this.#headerBlock = headerBlock;
    this.#size = size;
    this.#given = 0;
    this.#hash = null;
    this.#digest = null;
    this.#known = null;
    this.#open = true;
    this.files++;
    this.#scanner.begin(path === '' ? null : path);
  }

  /** Bytes behind the end of the archive: no engine unpacks them, and whoever has the layer has them. */
  behind(chunk: Uint8Array): void {
    if (!this.#open) {
      const start = chunk.findIndex((byte) => byte !== 0);
      if (start < 0) return;
      this.begin('', BEHIND_THE_END, -1);
      this.#take(chunk.subarray(start));
      return;
    }
    this.#take(chunk);
  }

  data(chunk: Uint8Array): void {
    if (this.#expander === null) this.#take(chunk);
    else this.#expander.write(chunk);
  }

  /** Ends a content that the blob cut short: what is there was looked through. */
  finish(): void {
    if (this.#open) this.endData();
  }

  endData(): void {
    this.#expander?.end();
    this.#expander = null;
    this.end();
  }

  /** Ends a content. */
  end(): void {
    this.#open = false;
    const sha256 = this.#digest ?? this.#hash?.digest() ?? EMPTY;
    let found = this.#known;
    if (found === null) {
      found = this.#scanner.end(sha256);
      if (this.#seen.size < MOST_REMEMBERED) this.#seen.set(this.#key(sha256), found);
    }
    if (found.length > 0) {
      this.found.push({ headerBlock: this.#headerBlock, path: this.#path, sha256, found });
    }
  }

  warning(): void {
    // The layer's index has told it already.
  }

  #take(chunk: Uint8Array): void {
    this.bytes += chunk.length;
    if (this.#given === 0 && chunk.length === this.#size) {
      // Most contents come in one piece: those that were seen already end here.
      this.#digest = hash('sha256', chunk, 'buffer');
      this.#given = chunk.length;
      this.#known = this.#seen.get(this.#key(this.#digest)) ?? null;
      if (this.#known === null) this.#scanner.feed(chunk);
      return;
    }
    this.#given += chunk.length;
    this.#hash ??= createHash('sha256');
    this.#hash.update(chunk);
    this.#scanner.feed(chunk);
  }

  /** The same bytes under a name with a reader of its own are another content. */
  #key(sha256: Uint8Array): string {
    const digest = Buffer.from(sha256).toString('latin1');
    return this.#hasReader ? `${digest}${this.#path}` : digest;
  }
}

/** A member's name as an absolute path; segments that say nothing are left out. */
export function pathOf(name: Uint8Array): string {
  const { text } = decodeName(name);
  // Nearly all names are plain; one byte before a slash tells those that are not.
  if (!/(?:^|\/)\.?\/|^\.$|\/\.?$/.test(text)) return `/${text}`;
  const segments = text.split('/');
  return `/${segments.filter((segment) => segment !== '' && segment !== '.').join('/')}`;
}
