import { createHash } from 'node:crypto';
import type { ContentMatcher } from '../match/matcher.ts';
import { SmallContents } from '../match/small-contents.ts';
import { type PlacedHit, copyHit, type RawHit } from '../raw-hit.ts';
import { type FileName, named } from '../readers/file-name.ts';
import { FileScanner } from '../readers/file-scanner.ts';
import { mayBeKeystore } from '../readers/keystore.ts';
import { Budget, MAX_DEPTH, MAX_STORED } from './budget.ts';
import { type Container, CONTAINER_HEAD, containerOf } from './container.ts';
import { Coverage } from './coverage.ts';
import { GapScanner } from './gap-scanner.ts';
import { looseObject, packObjects } from './git.ts';
import { gunzip } from './gzip.ts';
import type { InnerContent } from './inner-content.ts';
import { type MemberScanner, NestedTar } from './nested-tar.ts';
import { ContainerCache } from './container-cache.ts';
import { WholeInflater } from './whole-inflater.ts';
import { endsAsZip } from './zip-directory.ts';
import { zipMembers } from './zip.ts';
import { unzstd } from './zstd.ts';

/** Containers that are opened when all their bytes are available. */
type Packed = Exclude<Container, 'tar'>;

/**
 * Scans one file after another, including what is packed in it: a tar as a stream, compressed containers when
 * all their bytes are available. A container that can be opened is scanned by its contents and the bytes
 * around them; one that cannot be opened is scanned as it is.
 */
export class DeepScanner implements MemberScanner {
  readonly #matcher: ContentMatcher;
  readonly #scanner: FileScanner;
  readonly #small: SmallContents;
  /** Only for files of a layer; null for files in a container. */
  readonly #cache: ContainerCache | null;
  readonly #inflater = new WholeInflater();
  readonly #depth: number;
  readonly #budget: Budget;
  #inner: DeepScanner | null = null;
  #gaps: GapScanner | null = null;
  #name: FileName = named(null);
  #head: Uint8Array[] = [];
  #headLength = 0;
  #decided = false;
  #packed: Packed | null = null;
  #stored: Uint8Array[] = [];
  #storedLength = 0;
  #tar: NestedTar | null = null;

  /**
   * @param depth how many levels of nested containers are opened; 0 for none
   * @param budget of the container that these files are in; null for files of a layer
   */
  constructor(matcher: ContentMatcher, depth = MAX_DEPTH, budget: Budget | null = null) {
    this.#matcher = matcher;
    this.#scanner = new FileScanner(matcher);
    this.#small = SmallContents.of(matcher);
    this.#cache = budget === null ? new ContainerCache() : null;
    this.#depth = depth;
    this.#budget = budget ?? new Budget();
  }

  /**
   * Scans a complete file; its memory may be reused afterwards.
   * @param take called if there are hits, before the next {@link flush} returns and in file order
   */
  whole(bytes: Uint8Array, name: FileName, take: (found: readonly PlacedHit[]) => void): void {
    const likely = this.#depth === 0 ? null : containerOf(bytes, name);
    const container = likely === 'program' && !endsAsZip(bytes) ? null : likely;
    if (container === null && !name.hasReader && !mayBeKeystore(bytes)) {
      if (this.#small.add(bytes, (hits) => take(placed(hits)))) return;
    }
    this.begin(name);
    const packed = container === 'tar' ? null : container;
    const opened = packed === null ? null : this.#open(packed, bytes);
    if (opened === null) {
      this.#decided = true;
      if (container === 'tar') this.#tar = this.#nestedTar();
      this.#take(bytes);
    }
    const identity = this.#cache !== null && mayBeKeystore(bytes) ? createHash('sha256').update(bytes) : null;
    const found = opened ?? this.end(identity?.digest());
    if (found.length > 0) take(found);
  }

  /** Scans the buffered small files. */
  flush(): void {
    this.#small.flush();
  }

  /** Begins a file that is given in pieces. */
  begin(name: FileName): void {
    if (this.#cache !== null) this.#budget.reset();
    this.#name = name;
    this.#head = [];
    this.#headLength = 0;
    this.#decided = this.#depth === 0;
    this.#packed = null;
    this.#stored = [];
    this.#storedLength = 0;
    this.#tar = null;
    this.#scanner.begin(name.path);
  }

  /** Adds the next piece; its memory may be reused afterwards. */
  feed(piece: Uint8Array): void {
    if (this.#decided) {
      this.#take(piece);
      return;
    }
    if (this.#headLength + piece.length < CONTAINER_HEAD) {
      this.#head.push(piece.slice());
      this.#headLength += piece.length;
      return;
    }
    this.#decide(this.#headLength === 0 ? piece : Buffer.concat([...this.#head, piece]));
  }

  /**
   * Ends the file.
   * @param identity a value that is equal for equal files, such as their SHA-256
   */
  end(identity?: Uint8Array): readonly PlacedHit[] {
    if (!this.#decided) this.#decide(Buffer.concat(this.#head));
    const found = this.#tar?.end() ?? this.#openStored() ?? placed(this.#scanner.end(identity));
    if (found.length > 0) this.flush();
    return found;
  }

  #decide(head: Uint8Array): void {
    this.#decided = true;
    this.#head = [];
    const container = containerOf(head, this.#name);
    if (container === 'tar') this.#tar = this.#nestedTar();
    else this.#packed = container;
    this.#take(head);
  }

  #take(piece: Uint8Array): void {
    if (this.#tar !== null) this.#tar.feed(piece);
    else if (this.#packed === null) this.#scanner.feed(piece);
    else {
      this.#stored.push(piece.slice());
      this.#storedLength += piece.length;
      if (this.#storedLength > MAX_STORED) this.#leaveClosed();
    }
  }

  /** Scans the file as it is. */
  #leaveClosed(): void {
    this.#packed = null;
    for (const piece of this.#stored) this.#scanner.feed(piece);
    this.#stored = [];
  }

  #openStored(): readonly PlacedHit[] | null {
    if (this.#packed === null) return null;
    const opened = this.#open(this.#packed, Buffer.concat(this.#stored));
    if (opened === null) this.#leaveClosed();
    this.#stored = [];
    return opened;
  }

  /** Returns the hits inside a container; null if it cannot be opened. */
  #open(container: Packed, bytes: Uint8Array): readonly PlacedHit[] | null {
    if (bytes.length > MAX_STORED || this.#budget.allowed === 0) return null;
    if (container === 'program' && !endsAsZip(bytes)) return null;
    const look = (): PlacedHit[] | null => this.#lookInside(container, bytes);
    const found = this.#cache === null ? look() : this.#cache.getOrScan(bytes, this.#name, look);
    // Hits must be reported in file order: first those of earlier, buffered files.
    if (found !== null && found.length > 0) this.flush();
    return found;
  }

  #lookInside(container: Packed, bytes: Uint8Array): PlacedHit[] | null {
    const coverage = new Coverage(bytes.length);
    const inner = this.#innerScanner();
    const found: PlacedHit[] = [];
    let isOpen = false;
    for (const { step, path, bytes: content } of this.#contents(container, bytes, coverage)) {
      isOpen = true;
      inner.whole(content, named(path), (hits) => {
        for (const { hit, inside } of hits) found.push({ hit, inside: [step, ...inside] });
      });
    }
    if (!isOpen && coverage.isEmpty) return null;
    this.flush();
    return [...found, ...placed(this.#around(container, bytes, coverage))];
  }

  #contents(container: Packed, bytes: Uint8Array, coverage: Coverage): Iterable<InnerContent> {
    const { path } = this.#name;
    switch (container) {
      case 'gzip':
        return unpacked('gzip', 'gz', path, gunzip(bytes, this.#budget, this.#inflater, coverage));
      case 'zstd':
        return unpacked('zstd', 'zst', path, unzstd(bytes, this.#budget, coverage));
      case 'zip':
      case 'program':
        return zipMembers(bytes, this.#budget, this.#inflater, coverage);
      case 'git-pack':
        return packObjects(bytes, this.#budget, this.#inflater, coverage) ?? [];
      case 'git-object': {
        const object = looseObject(bytes, path, this.#budget, this.#inflater, coverage);
        return object === null ? [] : [object];
      }
    }
  }

  /**
   * Scans the bytes of a container that are not covered. A program in front of a zip is scanned as a file.
   */
  #around(container: Packed, bytes: Uint8Array, coverage: Coverage): RawHit[] {
    const gaps = coverage.gaps();
    const before = container === 'program' && gaps[0]?.start === 0 ? gaps.shift() : undefined;
    if (before !== undefined) this.#scanner.feed(bytes.subarray(0, before.end));
    const hits = before === undefined ? [] : this.#scanner.end();
    if (gaps.length === 0) return hits;
    const scanner = this.#gapScanner();
    for (const { start, end } of gaps) {
      scanner.cut();
      scanner.feed(bytes.subarray(start, end), start);
    }
    return [...hits, ...scanner.end()];
  }

  #nestedTar(): NestedTar {
    return new NestedTar(this.#innerScanner(), this.#gapScanner(), this.#budget);
  }

  #gapScanner(): GapScanner {
    this.#gaps ??= new GapScanner(this.#matcher);
    return this.#gaps;
  }

  #innerScanner(): DeepScanner {
    this.#inner ??= new DeepScanner(this.#matcher, this.#depth - 1, this.#budget);
    return this.#inner;
  }
}

function placed(hits: readonly RawHit[]): PlacedHit[] {
  return hits.map((hit) => ({ hit: copyHit(hit), inside: [] }));
}

/**
 * Returns the decompressed stream. Its path is the file's path minus the extension (`a.sql.gz` -> `a.sql`).
 */
function unpacked(
  step: string,
  extension: string,
  path: string | null,
  bytes: Uint8Array | null,
): readonly InnerContent[] {
  if (bytes === null) return [];
  const tar = `.t${extension}`;
  const inner = path?.endsWith(tar) ? `${path.slice(0, -tar.length)}.tar` : path;
  const isNamed = inner?.endsWith(`.${extension}`) === true;
  return [{ step, path: isNamed ? inner.slice(0, -extension.length - 1) : (inner ?? null), bytes }];
}
