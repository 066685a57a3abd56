import { copyOf } from './copy.ts';
import { upToNul } from './header.ts';
import type { TarWarning } from './member.ts';
import { passedOver, PaxRecords } from './pax.ts';
import { Flag } from './typeflag.ts';

/** Takes what is not as it should be. */
export type Warn = (code: TarWarning['code'], offset: number, message: string) => void;

/** Extended headers that stand before a member and say more of it. */
export class ExtendedHeaders {
  /** Offset of the first of them, or of the member's own header; -1 for none. */
  start = -1;
  pax: PaxRecords | null = null;
  longName: Uint8Array | null = null;
  longLink: Uint8Array | null = null;
  readonly #records = new PaxRecords();

  /** Those of the next member say nothing of the last one. */
  forget(): void {
    this.start = -1;
    this.pax = null;
    this.longName = null;
    this.longLink = null;
  }

  /**
   * Takes the body of one: `length` bytes from `at` on.
   * @param flag its type flag
   * @param offset of its header block in the tar
   */
  take(flag: number, bytes: Uint8Array, at: number, length: number, offset: number, warn: Warn): void {
    switch (flag) {
      case Flag.gnuLongName:
        this.longName = nameIn(bytes.subarray(at, at + length));
        break;
      case Flag.gnuLongLink:
        this.longLink = nameIn(bytes.subarray(at, at + length));
        break;
      case Flag.paxGlobal:
        this.#passGlobal(recordsIn(new PaxRecords(), bytes, at, length, offset, warn), offset, warn);
        break;
      default:
        // The last one counts, as for Go and for GNU tar: its records are not added to others'.
        this.pax = recordsIn(this.#records, bytes, at, length, offset, warn);
    }
  }

  /**
   * Engines pass over global headers, and with them over what stands between them and a member's
   * own extended headers, since Go's reader hands them out as members of their own.
   */
  #passGlobal(records: PaxRecords, offset: number, warn: Warn): void {
    this.forget();
    const message = passedOver(records);
    if (message !== null) warn('global-header', offset, message);
  }
}

/** Fills `records` with those of an extended header's body. */
function recordsIn(
  records: PaxRecords,
  bytes: Uint8Array,
  at: number,
  length: number,
  offset: number,
  warn: Warn,
): PaxRecords {
  const problem = records.read(bytes, at, length);
  if (problem !== null) warn('bad-pax', offset, `an extended header holds ${problem}`);
  return records;
}

/** A long name; an empty one leaves the header's in force. */
function nameIn(body: Uint8Array): Uint8Array | null {
  const name = upToNul(body);
  return name.length === 0 ? null : copyOf(name);
}
