import type { Damage } from './decoder.ts';

/** Maximum number of ranges per blob. The last range is then extended to include the later ones. */
const MAX_RANGES = 100;

/** The ranges of a blob that could not be read, in ascending order; adjacent ranges are merged. */
export class Gaps {
  readonly #ranges: { offset: number; length: number; readonly message: string }[] = [];

  /**
   * Adds a range after those added before.
   * @param offset in the stored blob, in bytes
   */
  add(offset: number, length: number, message: string): void {
    const last = this.#ranges.at(-1);
    const end = last === undefined ? -1 : last.offset + last.length;
    if (last !== undefined && (offset <= end || this.#ranges.length === MAX_RANGES)) {
      last.length = Math.max(end, offset + length) - last.offset;
    } else this.#ranges.push({ offset, length, message });
  }

  get list(): readonly Damage[] {
    return this.#ranges.map((range) => ({ code: 'unreadable', ...range }));
  }
}
