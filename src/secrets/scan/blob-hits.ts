import type { Damage } from '../../bytes/decoder.ts';
import type { ValueSearch } from '../match/value-search.ts';
import type { PlacedHit } from '../raw-hit.ts';
import type { UserRule } from '../user-rule.ts';

/** Value of `headerBlock` for bytes after the end of the tar. */
export const AFTER_TAR_END = -1;

/** The hits of one content. Plain data. */
export interface ContentHits {
  /** First header block of the tar member; 0 if the blob itself is the content; or {@link AFTER_TAR_END}. */
  readonly headerBlock: number;
  /** Name of the member as an absolute path; '' if the blob itself is the content. */
  readonly path: string;
  readonly found: readonly PlacedHit[];
}

/** The hits of one blob. */
export interface BlobHits {
  /** Whether it was read as a tar. */
  readonly tar: boolean;
  /** Contents with at least one hit, in blob order. */
  readonly contents: readonly ContentHits[];
  /** Number of contents scanned, and their total size in bytes. */
  readonly files: number;
  readonly bytes: number;
  /** Ranges that could not be read, and the damage that ended the scan. */
  readonly lost: readonly Damage[];
}

/** Input of the task for a blob. */
export interface SecretsInput {
  /** `auto`: a tar if it looks like one, otherwise a single content. */
  readonly as: 'tar' | 'auto';
  /** Path of a content that is not a tar; selects its reader. */
  readonly path: string | null;
  /** Scan inside archives and compressed files. */
  readonly unpack: boolean;
  /** The time to check expiry against, in milliseconds since 1970. */
  readonly now: number;
  /** Custom rules, in addition to the catalogue. */
  readonly userRules: readonly UserRule[];
  /** Known values to search for in place of the rules. */
  readonly only?: ValueSearch | undefined;
}
