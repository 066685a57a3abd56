import { copyOf } from './copy.ts';
import { upToNul } from './header.ts';
import type { TarWarning } from './member.ts';
import { passedOver, PaxRecords } from './pax.ts';
import { Flag } from './typeflag.ts';

/** Receives a warning about the tar. */
export type Warn = (code: TarWarning['code'], offset: number, message: string) => void;

/** The extended headers in front of a member, with further metadata for it. */
export class ExtendedHeaders {
  /** Offset of the first extended header, or of the member's own header; -1 for none. */
  start = -1;
  pax: PaxRecords | null = null;
  longName: Uint8Array | null = null;
  longLink: Uint8Array | null = null;
  readonly #records = new PaxRecords();

  /** Clears everything. Extended headers apply only to the member that follows them. */
  forget(): void {
    this.start = -1;
    this.pax = null;
    this.longName = null;
    this.longLink = null;
  }

  /**
   * Reads the body of an extended header: `length` bytes from `at` on.
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
        // If there are several, only the last one applies, as in Go and GNU tar: records are not merged.
        this.pax = recordsIn(this.#records, bytes, at, length, offset, warn);
    }
  }

  /**
   * Engines ignore global headers. Go's reader returns each as a separate member, so the extended headers in
   * front of a global header do not apply to the member after it.
   */
  #passGlobal(records: PaxRecords, offset: number, warn: Warn): void {
    this.forget();
    const message = passedOver(records);
    if (message !== null) warn('global-header', offset, message);
  }
}

/** Reads the records in an extended header's body into `records`. */
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

/** Returns a long name; null if it is empty, because the name in the header then applies. */
function nameIn(body: Uint8Array): Uint8Array | null {
  const name = upToNul(body);
  return name.length === 0 ? null : copyOf(name);
}
