import type { Damage } from '../../bytes/decoder.ts';
import type { ValueSearch } from '../match/value-search.ts';
import type { PlacedHit } from '../raw-hit.ts';
import type { UserRule } from '../user-rule.ts';

/** In place of a header block: bytes behind the end of a tar. */
export const BEHIND_THE_END = -1;

/** What one content holds. Plain data. */
export interface ContentHits {
  /** First header block of the tar member; 0 where the blob itself is the content; or {@link BEHIND_THE_END}. */
  readonly headerBlock: number;
  /** Name of the member as a path from the root; '' where the blob itself is the content. */
  readonly path: string;
  readonly found: readonly PlacedHit[];
}

/** What one blob holds. */
export interface BlobHits {
  /** Whether it was read as a tar. */
  readonly tar: boolean;
  /** Contents with at least one hit, in the order of the blob. */
  readonly contents: readonly ContentHits[];
  /** How many contents were looked at, and how many bytes of them. */
  readonly files: number;
  readonly bytes: number;
  /** Ranges that could not be read, and where damage ended the search. */
  readonly lost: readonly Damage[];
}

/** What the task is given with a blob. */
export interface SecretsInput {
  /** `auto`: a tar where it looks like one, else one content. */
  readonly as: 'tar' | 'auto';
  /** Path by which a content that is no tar is known. */
  readonly path: string | null;
  /** Look into archives and compressed files. */
  readonly unpack: boolean;
  /** The time against which expiry is told, in milliseconds since 1970. */
  readonly now: number;
  /** Rules beside those of the catalogue. */
  readonly userRules: readonly UserRule[];
  /** Values that are searched for instead of what the rules describe. */
  readonly only?: ValueSearch | undefined;
}
