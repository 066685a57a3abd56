import { EntryType, type TarMember, type TarSink } from '../../tar/member.ts';
import { TarParser } from '../../tar/parser.ts';
import { decodeName } from '../../text/escape.ts';
import { copyHit, type PlacedHit } from '../raw-hit.ts';
import { type FileName, named } from '../readers/file-name.ts';
import type { Budget } from './budget.ts';
import type { GapScanner } from './gap-scanner.ts';
import { TarGaps } from './tar-gaps.ts';

/** Scans the members of a tar, one after another, and the containers in them. */
export interface MemberScanner {
  /**
   * Scans a complete member.
   * @param take called before the next {@link flush} returns, if there are hits
   */
  whole(bytes: Uint8Array, name: FileName, take: (found: readonly PlacedHit[]) => void): void;
  /** Begins a member that is given in pieces. */
  begin(name: FileName): void;
  feed(piece: Uint8Array): void;
  end(): readonly PlacedHit[];
  /** Scans the buffered members. */
  flush(): void;
}

/** Scans the files of a tar inside another file, and the bytes between them. */
export class NestedTar implements TarSink {
  readonly #scanner: MemberScanner;
  readonly #budget: Budget;
  readonly #gaps: TarGaps;
  readonly #parser: TarParser = new TarParser(this);
  readonly #found: PlacedHit[] = [];
  /**
   * Offset of the current piece, and of the first byte that was neither passed to a file nor scanned as a
   * gap.
   */
  #offset = 0;
  #consumed = 0;
  #piece: Uint8Array = new Uint8Array(0);
  #name = '';
  #size = 0;
  /** Whether the current member still needs a scan. */
  #open = false;
  #begun = false;

  /**
   * @param scanner for the members
   * @param gaps for headers, padding, data that is not a file, and trailing bytes
   */
  constructor(scanner: MemberScanner, gaps: GapScanner, budget: Budget) {
    this.#scanner = scanner;
    this.#gaps = new TarGaps(gaps);
    this.#budget = budget;
  }

  feed(piece: Uint8Array): void {
    this.#piece = piece;
    this.#parser.feed(piece, this.#offset);
    this.#scanGap(this.#offset + piece.length);
    this.#offset += piece.length;
  }

  end(): PlacedHit[] {
    this.#parser.end(this.#offset);
    this.endData();
    this.#scanner.flush();
    for (const hit of this.#gaps.end()) this.#found.push({ hit: copyHit(hit), inside: [] });
    return this.#found;
  }

  member(member: TarMember): boolean {
    if (member.type !== EntryType.file || member.storedSize === 0) return false;
    if (this.#budget.allowed === 0) return false;
    this.#budget.take(0);
    this.#name = decodeName(member.name).text;
    this.#size = member.storedSize;
    this.#open = true;
    this.#begun = false;
    return true;
  }

  data(chunk: Uint8Array): void {
    this.#scanGap(this.#parser.next);
    this.#consumed = this.#parser.next + chunk.length;
    const step = `tar:${this.#name}`;
    const path = `/${this.#name.replace(/^(?:\.?\/)+/, '')}`;
    if (!this.#begun && chunk.length === this.#size) {
      this.#open = false;
      this.#scanner.whole(chunk, named(path), (hits) => this.#keep(step, hits));
      return;
    }
    if (!this.#begun) this.#scanner.begin(named(path));
    this.#begun = true;
    this.#scanner.feed(chunk);
  }

  endData(): void {
    if (this.#open && this.#begun) this.#keep(`tar:${this.#name}`, this.#scanner.end());
    this.#open = false;
  }

  warning(): void {
    // A nested tar is read as far as possible.
  }

  /** Scans the bytes up to an offset of the tar that belong to no file. */
  #scanGap(offset: number): void {
    this.#gaps.feed(
      this.#piece.subarray(this.#consumed - this.#offset, offset - this.#offset),
      this.#consumed,
    );
    this.#consumed = offset;
  }

  #keep(step: string, hits: readonly PlacedHit[]): void {
    for (const { hit, inside } of hits) this.#found.push({ hit, inside: [step, ...inside] });
  }
}
