import type { Finding } from '../finding/finding.ts';
import { searchableValues } from '../retest/pair.ts';
import type { Retest } from '../retest/verify.ts';
import type { EarlierValue } from '../secrets/scan/search-values.ts';
import type { Masker } from '../secrets/mask/masker.ts';
import { goalsOf, readEarlier } from '../session/earlier-report.ts';
import { retestSession } from '../session/retest-session.ts';
import type { Session } from '../session/session.ts';

/** An earlier report that the screen compares with the image. */
export interface Retesting {
  /** Values from the report that the scan must also search for. */
  readonly earlier: readonly EarlierValue[];
  compare(session: Session, found: readonly Finding[]): Retest;
}

/**
 * Reads an earlier report.
 * @throws Problem `usage` if it cannot be read, is not a report or has an unknown goal
 */
export function readRetesting(file: string, masker: Masker): Retesting {
  const earlier = readEarlier(file, masker);
  const goals = goalsOf(undefined, earlier.goals);
  return {
    earlier: searchableValues(earlier),
    compare: (session, found) => retestSession(earlier, session, found, goals).result,
  };
}
