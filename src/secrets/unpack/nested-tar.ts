import { EntryType, type TarMember, type TarSink } from '../../tar/member.ts';
import { TarParser } from '../../tar/parser.ts';
import { decodeName } from '../../text/escape.ts';
import { ownHit, type PlacedHit } from '../raw-hit.ts';
import { type FileName, named } from '../readers/file-name.ts';
import type { Budget } from './budget.ts';
import type { GapScanner } from './gap-scanner.ts';
import { TarGaps } from './tar-gaps.ts';

/** Scans the members of a tar, one after the other, and what is packed in them. */
export interface MemberScanner {
  /**
   * Scans a member that is there as a whole.
   * @param take called before the next {@link flush} returns, if something is found
   */
  whole(bytes: Uint8Array, name: FileName, take: (found: readonly PlacedHit[]) => void): void;
  /** Begins a member that comes in pieces. */
  begin(name: FileName): void;
  feed(piece: Uint8Array): void;
  end(): readonly PlacedHit[];
  /** Scans what has been put aside. */
  flush(): void;
}

/** The files of a tar that lies in another file, and all that stands between them. */
export class NestedTar implements TarSink {
  readonly #scanner: MemberScanner;
  readonly #budget: Budget;
  readonly #gaps: TarGaps;
  readonly #parser: TarParser = new TarParser(this);
  readonly #found: PlacedHit[] = [];
  /** Offset of the piece at hand, and of the first byte that was neither given to a file nor looked through. */
  #offset = 0;
  #told = 0;
  #piece: Uint8Array = new Uint8Array(0);
  #name = '';
  #size = 0;
  /** Whether a member has begun that has not been given as a whole. */
  #open = false;
  #begun = false;

  /**
   * @param scanner for the members
   * @param gaps for headers, paddings, what no file is, and what stands behind the end
   */
  constructor(scanner: MemberScanner, gaps: GapScanner, budget: Budget) {
    this.#scanner = scanner;
    this.#gaps = new TarGaps(gaps);
    this.#budget = budget;
  }

  feed(piece: Uint8Array): void {
    this.#piece = piece;
    this.#parser.feed(piece, this.#offset);
    this.#lookUntil(this.#offset + piece.length);
    this.#offset += piece.length;
  }

  end(): PlacedHit[] {
    this.#parser.end(this.#offset);
    this.endData();
    this.#scanner.flush();
    for (const hit of this.#gaps.end()) this.#found.push({ hit: ownHit(hit), inside: [] });
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
    this.#lookUntil(this.#parser.next);
    this.#told = this.#parser.next + chunk.length;
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
    // A tar in a file is read as far as it goes.
  }

  /** Looks through what stands before an offset of the tar and belongs to no file. */
  #lookUntil(offset: number): void {
    this.#gaps.feed(this.#piece.subarray(this.#told - this.#offset, offset - this.#offset), this.#told);
    this.#told = offset;
  }

  #keep(step: string, hits: readonly PlacedHit[]): void {
    for (const { hit, inside } of hits) this.#found.push({ hit, inside: [step, ...inside] });
  }
}
