import type { TarMember } from '../tar/member.ts';

/** Longer contents are not kept, nor is more than MAX_KEPT_SIZE of one layer in total. In bytes. */
const MAX_CONTENT_SIZE = 16 << 20;
const MAX_KEPT_SIZE = 64 << 20;

/** Contents by entry number. */
export type KeptContents = ReadonlyMap<number, Uint8Array>;

/**
 * Keeps the contents of selected files while a layer is read, so that the layer need not be decompressed again
 * to read them later.
 */
export class ContentKeeper {
  readonly #paths: RegExp;
  readonly #kept = new Map<number, Uint8Array>();
  #used = 0;
  #entry = 0;
  #content: Uint8Array | null = null;
  #given = 0;

  /** @param paths matches the paths of wanted files; a path starts at the root, with a slash */
  constructor(paths: RegExp) {
    this.#paths = paths;
  }

  /** Starts a regular file. @returns whether its bytes are wanted */
  begin(entry: number, member: TarMember): boolean {
    const size = member.storedSize;
    this.#content = null;
    if (size > MAX_CONTENT_SIZE || this.#used + size > MAX_KEPT_SIZE || !this.#paths.test(pathOf(member)))
      return false;
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

  /** Returns the contents kept. Contents that were cut short are left out. */
  finish(): KeptContents {
    return this.#kept;
  }
}

/** Returns the path as Latin-1 text, one character per byte: the patterns contain only ASCII. */
function pathOf({ nameIn, nameStart, nameEnd }: TarMember): string {
  const { buffer, byteOffset } = nameIn;
  const name = Buffer.from(buffer, byteOffset + nameStart, nameEnd - nameStart).toString('latin1');
  return name.replace(/^(?:\.?\/+)*/, '/');
}
