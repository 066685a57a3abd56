import type { Damage } from './decoder.ts';

/** More ranges than this of one blob are counted, not kept. */
const MOST = 100;

/** The ranges of a blob that could not be read, in ascending order; neighbours become one. */
export class Gaps {
  readonly #ranges: { offset: number; length: number; readonly message: string }[] = [];

  /**
   * Adds a range behind those that were added before.
   * @param offset in the stored blob, in bytes
   */
  add(offset: number, length: number, message: string): void {
    const last = this.#ranges.at(-1);
    const end = last === undefined ? -1 : last.offset + last.length;
    if (last !== undefined && (offset <= end || this.#ranges.length === MOST)) {
      last.length = Math.max(end, offset + length) - last.offset;
    } else this.#ranges.push({ offset, length, message });
  }

  get list(): readonly Damage[] {
    return this.#ranges.map((range) => ({ code: 'unreadable', ...range }));
  }
}
