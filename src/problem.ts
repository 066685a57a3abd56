/** What went wrong, as a word that scripts and tests can rely on. */
export type ProblemCode =
  | 'usage'
  | 'not-found'
  | 'unreadable'
  | 'read-error'
  | 'not-an-image'
  | 'unsupported-compression'
  | 'corrupt'
  | 'truncated'
  | 'missing-blob'
  | 'no-such-image'
  | 'no-such-platform'
  | 'no-such-path'
  | 'no-such-layer'
  | 'unsafe-target'
  | 'cancelled'
  | 'engine'
  | 'disk-full'
  | 'write-failed'
  | 'case-unusable'
  | 'case-broken'
  | 'case-untrusted';

/** Problems with what was asked for, not with the image. */
const COMMAND_LINE: ReadonlySet<ProblemCode> = new Set([
  'usage',
  'no-such-path',
  'no-such-layer',
  'unsafe-target',
  'write-failed',
]);

/** Where it was found: a file on disk, perhaps a member of it, perhaps an offset in bytes. */
export interface ProblemPlace {
  readonly file?: string;
  readonly member?: string;
  readonly offset?: number;
}

/**
 * An error meant for a person: one line that says what was found and what would be accepted.
 * It may hold names from an image: whoever shows it escapes it (text/escape.ts).
 */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly place: ProblemPlace;

  constructor(code: ProblemCode, message: string, place: ProblemPlace = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.place = place;
  }

  /**
   * Exit status as in the contract: 2 for a wrong command line, 3 for an image or a case that cannot be read
   * or written, 1 if a result would rest on a broken case.
   */
  get exitStatus(): 1 | 2 | 3 {
    if (this.code === 'case-untrusted') return 1;
    return COMMAND_LINE.has(this.code) ? 2 : 3;
  }
}

/** Something that was noticed and did not stop the reading. */
export interface Warning extends ProblemPlace {
  readonly code: string;
  readonly message: string;
  readonly layer?: number;
}
