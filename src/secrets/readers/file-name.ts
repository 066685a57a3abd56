import { decodeName } from '../../text/escape.ts';
import { mayHaveReader } from './path-words.ts';
import { readerFor } from './by-path.ts';

/** What a file is called, as far as anyone asks. */
export interface FileName {
  /** As a path from the root; null for content that has none. */
  readonly path: string | null;
  /** Whether a reader knows such files. */
  readonly hasReader: boolean;
}

/** A file known by its path. */
export function named(path: string | null): FileName {
  return { path, hasReader: path !== null && readerFor(path) !== null };
}

/** A tar member's name: of most nobody asks more than whether it has a reader, and one look tells that it has none. */
export class MemberName implements FileName {
  readonly #raw: string;
  readonly #may: boolean;
  #path: string | null = null;

  /** Takes the bytes [start, end), which may be reused afterwards. */
  constructor(bytes: Uint8Array, start: number, end: number) {
    this.#raw = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
    this.#may = mayHaveReader(bytes, start, end);
  }

  get path(): string {
    this.#path ??= pathOf(Buffer.from(this.#raw, 'latin1'));
    return this.#path;
  }

  get hasReader(): boolean {
    return this.#may && readerFor(this.path) !== null;
  }
}

/** A member's name as an absolute path; segments that say nothing are left out. */
export function pathOf(name: Uint8Array): string {
  const { text } = decodeName(name);
  // Nearly all names are plain; one byte before a slash tells those that are not.
  if (!/(?:^|\/)\.?\/|^\.$|\/\.?$/.test(text)) return `/${text}`;
  const segments = text.split('/');
  return `/${segments.filter((segment) => segment !== '' && segment !== '.').join('/')}`;
}
