import { EntryType, type TarMember, type TarSink } from '../../tar/member.ts';
import { TarParser } from '../../tar/parser.ts';
import { decodeName } from '../../text/escape.ts';
import type { PlacedHit } from '../content-task.ts';
import { named } from '../file-name.ts';
import type { Budget } from './budget.ts';
import type { DeepScanner } from './deep-scanner.ts';

/** The files of a tar that lies in another file. */
export class NestedTar implements TarSink {
  readonly #scanner: DeepScanner;
  readonly #budget: Budget;
  readonly #parser: TarParser = new TarParser(this);
  readonly #found: PlacedHit[] = [];
  #offset = 0;
  #name = '';
  #size = 0;
  /** Whether a member has begun that has not been given as a whole. */
  #open = false;
  #begun = false;

  /** @param scanner for the members */
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
    this.endData();
    this.#scanner.flush();
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

  #keep(step: string, hits: readonly PlacedHit[]): void {
    for (const { hit, inside } of hits) this.#found.push({ hit, inside: [step, ...inside] });
  }
}
