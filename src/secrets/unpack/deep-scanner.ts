import { gunzipSync } from 'node:zlib';
import { EntryType, type TarSink } from '../../tar/member.ts';
import { TarParser } from '../../tar/parser.ts';
import { decodeName } from '../../text/escape.ts';
import { type PlacedHit, ownHit } from '../content-task.ts';
import { FileScanner } from '../file-scanner.ts';
import type { Matcher } from '../matcher.ts';
import { Budget, DEEPEST, MOST_STORED } from './budget.ts';
import { type Container, CONTAINER_HEAD, containerOf } from './container.ts';
import { looseObject, packObjects } from './git.ts';
import { type InnerContent, zipMembers } from './zip.ts';

/** Z_SYNC_FLUSH: a stream that is cut short gives what it holds. */
const AS_FAR_AS_IT_GOES = 2;

/**
 * Looks through one file after the other, and through what is packed in it: a tar as it goes by,
 * compressed containers once they are there as a whole. What can be opened is told by its content, not
 * from its packed bytes; what cannot be opened is scanned as it is.
 */
export class DeepScanner {
  readonly #matcher: Matcher;
  readonly #scanner: FileScanner;
  readonly #depth: number;
  readonly #budget: Budget;
  #inner: DeepScanner | null = null;
  #path: string | null = null;
  #head: Uint8Array[] = [];
  #headLength = 0;
  #decided = false;
  #container: Container | null = null;
  #stored: Uint8Array[] = [];
  #storedLength = 0;
  #tar: NestedTar | null = null;

  /** @param depth how many containers in each other are opened; 0 for none */
  constructor(matcher: Matcher, depth = DEEPEST, budget: Budget = new Budget()) {
    this.#matcher = matcher;
    this.#scanner = new FileScanner(matcher);
    this.#depth = depth;
    this.#budget = budget;
  }

  /** Begins a file. @param path in the image; null for content that has none */
  begin(path: string | null): void {
    if (this.#depth === DEEPEST) this.#budget.reset();
    this.#path = path;
    this.#head = [];
    this.#headLength = 0;
    this.#decided = this.#depth === 0;
    this.#container = null;
    this.#stored = [];
    this.#storedLength = 0;
    this.#tar = null;
    this.#scanner.begin(path);
  }

  /** Takes the next piece; it may be reused afterwards. */
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
   * @param identity what makes two files the same, such as their sha256
   */
  end(identity?: Uint8Array): PlacedHit[] {
    if (!this.#decided) this.#decide(Buffer.concat(this.#head));
    if (this.#tar !== null) return this.#tar.end();
    const opened = this.#container === null ? null : this.#open(this.#container);
    this.#stored = [];
    const own = this.#scanner.end(identity).map((hit) => ({ hit: ownHit(hit), inside: [] }));
    return opened ?? own;
  }

  #decide(head: Uint8Array): void {
    this.#decided = true;
    this.#head = [];
    this.#container = containerOf(head, this.#path);
    if (this.#container === 'tar') this.#tar = new NestedTar(this.#innerScanner(), this.#budget);
    this.#take(head);
  }

  #take(piece: Uint8Array): void {
    if (this.#tar !== null) {
      this.#tar.feed(piece);
      return;
    }
    this.#scanner.feed(piece);
    if (this.#container === null) return;
    this.#storedLength += piece.length;
    if (this.#storedLength <= MOST_STORED) this.#stored.push(piece.slice());
    else this.#stored = [];
  }

  /** What is found inside; null where it cannot be opened. */
  #open(container: Container): PlacedHit[] | null {
    if (this.#storedLength > MOST_STORED || this.#budget.allowed === 0) return null;
    const contents = this.#contents(container, Buffer.concat(this.#stored));
    if (contents === null) return null;
    const found: PlacedHit[] = [];
    for (const { step, path, bytes } of contents) {
      const inner = this.#innerScanner();
      inner.begin(path);
      inner.feed(bytes);
      for (const { hit, inside } of inner.end()) found.push({ hit, inside: [step, ...inside] });
    }
    return found;
  }

  #contents(container: Container, bytes: Uint8Array): Iterable<InnerContent> | null {
    switch (container) {
      case 'gzip': {
        const plain = this.#gunzip(bytes);
        return plain === null ? null : [plain];
      }
      case 'zip':
        return zipMembers(bytes, this.#budget);
      case 'git-pack':
        return packObjects(bytes, this.#budget);
      case 'git-object': {
        const object = looseObject(bytes, this.#path, this.#budget);
        return object === null ? null : [object];
      }
      case 'tar':
        return null;
    }
  }

  #gunzip(bytes: Uint8Array): InnerContent | null {
    try {
      const plain = gunzipSync(bytes, {
        finishFlush: AS_FAR_AS_IT_GOES,
        maxOutputLength: this.#budget.allowed,
      });
      this.#budget.take(plain.length);
      const path = this.#path?.replace(/\.tgz$/, '.tar').replace(/\.gz$/, '') ?? null;
      return { step: 'gzip', path, bytes: plain };
    } catch {
      return null;
    }
  }

  #innerScanner(): DeepScanner {
    this.#inner ??= new DeepScanner(this.#matcher, this.#depth - 1, this.#budget);
    return this.#inner;
  }
}

/** The files of a tar that lies in another file. */
class NestedTar implements TarSink {
  readonly #scanner: DeepScanner;
  readonly #budget: Budget;
  readonly #parser: TarParser = new TarParser(this);
  readonly #found: PlacedHit[] = [];
  #offset = 0;
  #name = '';
  #open = false;

  constructor(scanner: DeepScanner, budget: Budget) {
    this.#scanner = scanner;
    this.#budget = budget;
  }

  feed(piece: Uint8Array): void {
    this.#parser.feed(piece, this.#offset);
    this.#offset += piece.length;
  }

  end(): PlacedHit[] {
    this.#parser.end(this.#offset);
    if (this.#open) this.endData();
    return this.#found;
  }

  member(member: Parameters<TarSink['member']>[0]): boolean {
    if (member.type !== EntryType.file || member.storedSize === 0) return false;
    if (this.#budget.allowed === 0) return false;
    this.#budget.take(0);
    this.#name = decodeName(member.name).text;
    this.#open = true;
    this.#scanner.begin(`/${this.#name.replace(/^(?:\.?\/)+/, '')}`);
    return true;
  }

  data(chunk: Uint8Array): void {
    this.#scanner.feed(chunk);
  }

  endData(): void {
    this.#open = false;
    const step = `tar:${this.#name}`;
    for (const { hit, inside } of this.#scanner.end()) this.#found.push({ hit, inside: [step, ...inside] });
  }

  warning(): void {
    // A tar in a file is read as far as it goes.
  }
}
