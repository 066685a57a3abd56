import { decodeName } from '../../text/escape.ts';
import type { Budget } from './budget.ts';
import type { Coverage } from './coverage.ts';
import type { InnerContent } from './inner-content.ts';
import type { WholeInflater } from './whole-inflater.ts';
import { directoryEntries } from './zip-directory.ts';
import {
  DEFLATED,
  ENCRYPTED,
  IN_EXTRA,
  LOCAL_LENGTH,
  type LocalHeader,
  localHeader,
  HAS_DATA_DESCRIPTOR,
  STORED,
} from './zip-local.ts';

const LOCAL_SIGNATURE = Buffer.from('PK\x03\x04', 'latin1');

/** The facts needed to unpack a member. */
interface Packing {
  readonly flags: number;
  readonly method: number;
  readonly packed: number;
  readonly size: number;
}

/** A complete zip and the members unpacked from it so far. */
class Zip {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #budget: Budget;
  readonly #inflater: WholeInflater;
  readonly #coverage: Coverage;
  /** Offsets of local headers that the central directory refers to. */
  readonly #listed = new Set<number>();

  constructor(bytes: Uint8Array, budget: Budget, inflater: WholeInflater, coverage: Coverage) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#budget = budget;
    this.#inflater = inflater;
    this.#coverage = coverage;
  }

  /** Yields the members listed in the central directory. */
  *listed(): Generator<InnerContent, void> {
    for (const entry of directoryEntries(this.#bytes, this.#view, this.#coverage)) {
      if (this.#budget.allowed === 0) return;
      this.#budget.take(0);
      const at = entry.local;
      const local = at === null ? null : localHeader(this.#bytes, this.#view, at);
      if (at === null || local === null) continue;
      // A local name that repeats the directory's name need not be scanned again.
      this.#cover(local, sameBytes(entry.name, local.name));
      this.#listed.add(at);
      const content = this.#open(entry, local.start, this.#bytes.length)?.content ?? null;
      if (content !== null && content.length > 0) yield inner(entry.name, content);
    }
  }

  /**
   * Yields members that have only a local header: deleted ones, and all members of a truncated zip. They are
   * in gaps between the listed members and end within the gap.
   */
  *unlisted(): Generator<InnerContent, void> {
    const bytes = Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.byteLength);
    for (const { start, end } of this.#coverage.gaps()) {
      // Most gaps are shorter than any header.
      if (end - start <= LOCAL_LENGTH) continue;
      const gap = bytes.subarray(0, end);
      let next = start;
      for (let at: number; (at = gap.indexOf(LOCAL_SIGNATURE, next)) >= 0;) {
        if (this.#budget.allowed === 0) return;
        next = at + LOCAL_SIGNATURE.length;
        const local = this.#listed.has(at) ? null : localHeader(gap, this.#view, at);
        if (local === null || local.name.length === 0 || local.start > end) continue;
        this.#budget.take(0);
        const opened = this.#open(local, local.start, end);
        if (opened === null) {
          for (const field of [at, at + LOCAL_LENGTH + local.name.length, local.start])
            this.#coverage.cut(field);
          continue;
        }
        this.#cover(local, false);
        next = Math.max(next, opened.end);
        if (opened.content.length > 0) yield inner(local.name, opened.content);
      }
    }
  }

  /**
   * Covers the parts of a local header that cannot contain text, and its name if that is known from
   * elsewhere.
   */
  #cover({ at, name, start }: LocalHeader, isKnown: boolean): void {
    const nameEnd = at + LOCAL_LENGTH + name.length;
    this.#coverage.add(at, isKnown ? nameEnd : at + LOCAL_LENGTH);
    if (!isKnown) this.#coverage.cut(nameEnd);
    if (start > nameEnd) this.#coverage.cut(start);
  }

  /**
   * Unpacks a member.
   * @param limit offset at which its data must end
   * @returns the content and the end of its known data; null if the member is encrypted, too large,
   *   compressed with a rare method, or of unknown length
   */
  #open(
    { flags, method, packed, size }: Packing,
    start: number,
    limit: number,
  ): { readonly content: Uint8Array; readonly end: number } | null {
    const { allowed } = this.#budget;
    if ((flags & ENCRYPTED) !== 0) return null;
    if (method === STORED) {
      const unknown = packed === IN_EXTRA || (packed === 0 && (flags & HAS_DATA_DESCRIPTOR) !== 0);
      const content = this.#bytes.subarray(start, Math.min(limit, start + packed));
      return unknown || content.length > allowed ? null : this.#given(content, start, content.length);
    }
    if (method !== DEFLATED) return null;
    // The stream marks its own end; the declared length is not needed.
    const made = this.#inflater.inflate(this.#bytes.subarray(start, limit), allowed, size);
    if (made === null) this.#budget.discard(allowed);
    if (made === null || (!made.ended && made.bytes.length === 0)) return null;
    return this.#given(made.bytes, start, made.ended ? made.stored : 0);
  }

  #given(content: Uint8Array, start: number, length: number): { content: Uint8Array; end: number } {
    this.#budget.use(content.length);
    this.#coverage.add(start, start + length);
    return { content, end: start + length };
  }
}

/**
 * Yields the members of a zip, jar or wheel (PKWARE APPNOTE 4.3) as far as they can be read, including the
 * part of a damaged member before the damage.
 * @param inflater owns the memory of the contents
 * @param coverage receives the data of members that were read completely, and the parts of headers that
 *   cannot contain text or are duplicates
 */
export function* zipMembers(
  bytes: Uint8Array,
  budget: Budget,
  inflater: WholeInflater,
  coverage: Coverage,
): Generator<InnerContent, void> {
  const zip = new Zip(bytes, budget, inflater, coverage);
  yield* zip.listed();
  yield* zip.unlisted();
}

function inner(name: Uint8Array, bytes: Uint8Array): InnerContent {
  const { text } = decodeName(name);
  return { step: `zip:${text}`, path: `/${text}`, bytes };
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
