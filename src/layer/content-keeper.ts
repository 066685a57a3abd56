import type { TarMember } from '../tar/member.ts';

/** Longer contents are not kept, nor more than so many bytes of one layer in all. */
const LARGEST = 16 << 20;
const MOST = 64 << 20;

/** Contents of entries, by their numbers. */
export type KeptContents = ReadonlyMap<number, Uint8Array>;

/**
 * Keeps the contents of some files of a layer as they go by: who asks for them later need not have the
 * layer decompressed again.
 */
export class ContentKeeper {
  readonly #paths: RegExp;
  readonly #kept = new Map<number, Uint8Array>();
  #used = 0;
  #entry = 0;
  #content: Uint8Array | null = null;
  #given = 0;

  /** @param paths what the paths of wanted files match, from the root, with a leading slash */
  constructor(paths: RegExp) {
    this.#paths = paths;
  }

  /** A regular file comes next. @returns whether its bytes are wanted */
  begin(entry: number, member: TarMember): boolean {
    const size = member.storedSize;
    this.#content = null;
    if (size > LARGEST || this.#used + size > MOST || !this.#paths.test(pathOf(member))) return false;
    this.#entry = entry;
    this.#content = new Uint8Array(size);
    this.#given = 0;
    this.#used += size;
    return true;
  }

  data(chunk: Uint8Array): void {
    this.#content?.set(chunk, this.#given);
    this.#given += chunk.length;
  }

  end(): void {
    if (this.#content !== null) this.#kept.set(this.#entry, this.#content);
    this.#content = null;
  }

  /** What was kept: contents that were cut short are not. */
  finish(): KeptContents {
    return this.#kept;
  }
}

/** Latin-1 text, one character a byte: patterns are about ASCII. */
function pathOf({ nameIn, nameStart, nameEnd }: TarMember): string {
  const { buffer, byteOffset } = nameIn;
  const name = Buffer.from(buffer, byteOffset + nameStart, nameEnd - nameStart).toString('latin1');
  return name.replace(/^(?:\.?\/+)*/, '/');
}
