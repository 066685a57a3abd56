import { MAX_NAME, type PathTable, ROOT } from './path-table.ts';

const SLASH = 0x2f;
const DOT = 0x2e;

/**
 * Resolves the directory part of names, segment by segment from the root. Members of a tar come directory by
 * directory, so the segments that a name shares with the previous one are reused.
 */
export class DirectoryStack {
  /** Whether the name of the last resolved directory goes up (`..`). */
  outside = false;
  /** Whether the last resolved directory was written as its path is, apart from a leading `./`. */
  plain = true;
  readonly #paths: PathTable;
  #bytes = new Uint8Array(256);
  #length = 0;
  /** For each segment: the end of its name in the bytes, the path it leads to, and its flag bits. */
  readonly #ends: number[] = [];
  readonly #ids: number[] = [];
  readonly #flags: number[] = [];

  constructor(paths: PathTable) {
    this.#paths = paths;
  }

  /**
   * Returns the directory that the first `length` bytes of a name lead to. Empty and `.` segments have no effect;
   * `..` goes up, but never above the root.
   * @param first offset of the name in its bytes
   * @param length length of the part before the last slash; 0 or less for a name without a slash
   */
  resolve(name: Uint8Array, first: number, length: number): number {
    if (length <= 0) {
      this.outside = false;
      this.plain = true;
      return ROOT;
    }
    const wanted = length;
    const bytes = this.#bytes;
    let same = 0;
    const most = Math.min(this.#length, wanted);
    while (same < most && bytes[same] === name[first + same]) same++;
    if (same < wanted || same < this.#length) this.#go(name, first, wanted, same);
    const top = this.#ids.length - 1;
    this.outside = (this.#flags[top]! & OUTSIDE) !== 0;
    this.plain = (this.#flags[top]! & NOT_PLAIN) === 0;
    return this.#ids[top]!;
  }

  /** Reuses the segments that both names share. Works with offsets, since a view per directory would create garbage. */
  #go(name: Uint8Array, first: number, wanted: number, same: number): void {
    let depth = this.#ends.length;
    while (depth > 0) {
      const end = this.#ends[depth - 1]!;
      if (end <= same && (end === wanted || name[first + end] === SLASH) && end <= wanted) break;
      depth--;
    }
    this.#ends.length = depth;
    this.#ids.length = depth;
    this.#flags.length = depth;
    if (this.#bytes.length < wanted) {
      const grown = new Uint8Array(wanted * 2);
      grown.set(this.#bytes.subarray(0, same));
      this.#bytes = grown;
    }
    for (let i = same; i < wanted; i++) this.#bytes[i] = name[first + i]!;
    this.#length = wanted;
    let start = depth === 0 ? 0 : this.#ends[depth - 1]! + 1;
    while (start < wanted) {
      let end = start;
      while (end < wanted && name[first + end] !== SLASH) end++;
      this.#step(name, first, start, end);
      start = end + 1;
    }
  }

  #step(name: Uint8Array, first: number, start: number, end: number): void {
    const depth = this.#ids.length;
    let id = depth === 0 ? ROOT : this.#ids[depth - 1]!;
    let flags = depth === 0 ? 0 : this.#flags[depth - 1]!;
    const length = end - start;
    const dots =
      length <= 2 &&
      (length === 0 || name[first + start] === DOT) &&
      (length < 2 || name[first + start + 1] === DOT);
    if (!dots) {
      if (length > MAX_NAME) flags |= NOT_PLAIN;
      id = this.#paths.child(id, name, first + start, first + end);
    } else if (length === 2) {
      flags |= OUTSIDE | NOT_PLAIN;
      id = this.#paths.parent(id);
    } else if (length === 0 || start > 0) {
      flags |= NOT_PLAIN;
    }
    this.#ends.push(end);
    this.#ids.push(id);
    this.#flags.push(flags);
  }
}

const OUTSIDE = 1;
const NOT_PLAIN = 2;
