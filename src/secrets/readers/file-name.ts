import { decodeName } from '../../text/escape.ts';
import { mayHaveReader } from './path-words.ts';
import { readerFor } from './by-path.ts';

/** The name of a file, evaluated only as far as needed. */
export interface FileName {
  /** Absolute path; null for content without one. */
  readonly path: string | null;
  /** Whether there is a reader for such files. */
  readonly hasReader: boolean;
}

/** Returns the name of a file with a known path. */
export function named(path: string | null): FileName {
  return { path, hasReader: path !== null && readerFor(path) !== null };
}

/**
 * A tar member's name. Most names need only the check whether a reader exists, which works on the raw bytes.
 */
export class MemberName implements FileName {
  readonly #raw: string;
  readonly #mayHaveReader: boolean;
  #path: string | null = null;

  /** Copies the bytes [start, end), whose memory may be reused afterwards. */
  constructor(bytes: Uint8Array, start: number, end: number) {
    this.#raw = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
    this.#mayHaveReader = mayHaveReader(bytes, start, end);
  }

  get path(): string {
    this.#path ??= pathOf(Buffer.from(this.#raw, 'latin1'));
    return this.#path;
  }

  get hasReader(): boolean {
    return this.#mayHaveReader && readerFor(this.path) !== null;
  }
}

/** Returns a member's name as an absolute path, without empty and `.` segments. */
export function pathOf(name: Uint8Array): string {
  const { text } = decodeName(name);
  // Nearly all names are already clean; this test finds the others.
  if (!/(?:^|\/)\.?\/|^\.$|\/\.?$/.test(text)) return `/${text}`;
  const segments = text.split('/');
  return `/${segments.filter((segment) => segment !== '' && segment !== '.').join('/')}`;
}
