/** Identifies an error for scripts and tests. */
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

/** Problems with the command line, not with the image. */
const COMMAND_LINE: ReadonlySet<ProblemCode> = new Set([
  'usage',
  'no-such-path',
  'no-such-layer',
  'unsafe-target',
  'write-failed',
]);

/** The place of a problem: a file on disk, optionally a member of it and an offset in bytes. */
export interface ProblemPlace {
  readonly file?: string;
  readonly member?: string;
  readonly offset?: number;
}

/**
 * An error for the user: one line that says what was found and what is accepted. It may contain names from
 * an image: escape it before it is shown (text/escape.ts).
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
   * The exit status: 2 for a wrong command line, 3 for an image or a case that cannot be read or written, 1 if
   * a result would depend on a broken case.
   */
  get exitStatus(): 1 | 2 | 3 {
    if (this.code === 'case-untrusted') return 1;
    return COMMAND_LINE.has(this.code) ? 2 : 3;
  }
}

/** A problem that did not stop reading. */
export interface Warning extends ProblemPlace {
  readonly code: string;
  readonly message: string;
  readonly layer?: number;
}
