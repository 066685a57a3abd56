import { settles } from '../finding/decision.ts';
import type { Finding } from '../finding/finding.ts';
import type { Where } from '../finding/where.ts';
import type { Origin } from '../history/origin.ts';
import type { Incomplete } from '../ledger/unread-parts.ts';
import { incompleteFixNotes, unreadNotes, unsearched } from './notes.ts';
import { pairFindings, placeOf } from './pair.ts';
import type { EarlierFinding, EarlierReport } from './read-report.ts';

/**
 * The result for a finding. `fixed`: the value is no longer in the image. `persisting`: it is still at an old
 * place. `moved`: it is only at other places. `new`: it is not in the report. `not-checked`: it was not found, but
 * may still be in the image.
 */
export type RetestResult = 'fixed' | 'persisting' | 'moved' | 'new' | 'not-checked';

/** The goals that a retest can check. */
export const GOALS = ['no-secrets', 'no-application-setuid', 'not-root'] as const;
export type Goal = (typeof GOALS)[number];

/** A finding of the report or of the new image, with its result. */
export interface RetestedFinding {
  readonly id: string;
  readonly kind: Finding['kind'];
  readonly rule: string;
  readonly title: string;
  readonly severity: Finding['severity'];
  readonly result: RetestResult;
  /** Its place in the earlier image; null if it is new. */
  readonly before: { readonly where: Where; readonly state: Finding['state'] } | null;
  /** Its place in the new image; null if it was not found. */
  readonly after: { readonly where: Where; readonly state: Finding['state'] } | null;
  /** Reasons why it is not fixed, or could not be checked. */
  readonly notes: readonly string[];
}

interface GoalResult {
  readonly goal: Goal;
  /** Null if everything that was read meets the goal, but part of the image was not read. */
  readonly met: boolean | null;
  readonly reason: string;
}

/** The number of findings for each result. */
type RetestCounts = Readonly<Record<Exclude<RetestResult, 'not-checked'> | 'notChecked', number>>;

/** A retest: an earlier report compared with an image. */
export interface Retest {
  readonly met: boolean;
  readonly goals: readonly GoalResult[];
  readonly counts: RetestCounts;
  readonly notes: readonly string[];
  readonly findings: readonly RetestedFinding[];
}

/** The new image of a retest. */
export interface RetestSubject {
  readonly id: string;
  readonly findings: readonly Finding[];
  readonly layers: readonly {
    readonly index: number;
    readonly diffId: string | null;
    readonly origin: Origin;
  }[];
  /** The parts of the image that were not read. */
  readonly incomplete: readonly Incomplete[];
  /** The user that a container starts as, according to the config; null if the config names none. */
  readonly user: string | null;
  /** Setuid and setgid files of the final tree that application layers set. */
  readonly applicationSetuid: readonly string[];
  /** Other images of the same archive, and the diffIDs of their layers. */
  readonly neighbours: readonly { readonly name: string; readonly diffIds: readonly (string | null)[] }[];
  readonly now: Date;
}

/**
 * Compares an earlier report with a new image. Two findings are the same if their values are (by fingerprint), or,
 * for values that can be guessed, if their places are.
 */
export function retest(earlier: EarlierReport, subject: RetestSubject, goals: readonly Goal[]): Retest {
  const before = earlier.findings.filter((finding) => isOpen(finding, subject.now));
  const reported = subject.findings.filter(({ suppressed }) => suppressed === null);
  // Include suppressed findings: they are still in the image, so they are not fixed.
  const after = pairFindings(earlier.findings, subject.findings);
  const known = new Set(
    earlier.findings.flatMap(({ suppressed, id }) => (suppressed === null ? (after.get(id)?.id ?? []) : [])),
  );
  const shared = sharedLayers(earlier, subject);
  const fresh = reported.filter(({ id }) => !known.has(id));
  const findings = [
    ...before.map((finding) =>
      retested(finding, after.get(finding.id) ?? null, {
        earlier,
        fresh,
        shared,
        unread: subject.incomplete,
      }),
    ),
    ...fresh.map((finding): RetestedFinding => ({
      ...naming(finding),
      result: 'new',
      before: null,
      after: { where: finding.where, state: finding.state },
      notes: [],
    })),
  ];
  // A rotated or suppressed credential is listed, but does not miss a goal.
  const harmless = new Set([
    ...before
      .filter(({ decision }) => decision?.verdict === 'rotated')
      .map(({ id }) => after.get(id)?.id ?? id),
    ...subject.findings.filter(({ suppressed }) => suppressed !== null).map(({ id }) => id),
  ]);
  const results = goals.map((goal) => judge(goal, findings, harmless, subject));
  return {
    met: results.every(({ met }) => met === true),
    goals: results,
    counts: countResults(findings),
    notes: imageNotes(earlier, subject, findings, shared),
    findings,
  };
}

function countResults(findings: readonly RetestedFinding[]): RetestCounts {
  const of = (wanted: RetestResult): number => findings.filter(({ result }) => result === wanted).length;
  return {
    fixed: of('fixed'),
    persisting: of('persisting'),
    moved: of('moved'),
    new: of('new'),
    notChecked: of('not-checked'),
  };
}

function isOpen({ decision, suppressed, id }: EarlierFinding, now: Date): boolean {
  if (suppressed !== null) return false;
  const decided = decision === null ? null : { ...decision, finding: id, at: '', operator: null };
  return !settles(decided, now);
}

function naming({
  id,
  kind,
  rule,
  severity,
  title,
}: EarlierFinding | Finding): Pick<RetestedFinding, 'id' | 'kind' | 'rule' | 'severity' | 'title'> {
  return { id, kind, rule, severity, title };
}

/** Everything that {@link retested} needs besides the two findings. */
interface Surroundings {
  readonly earlier: EarlierReport;
  readonly fresh: readonly Finding[];
  readonly shared: ReadonlySet<string>;
  readonly unread: readonly Incomplete[];
}

function retested(
  old: EarlierFinding,
  now: Finding | null,
  { earlier, fresh, shared, unread }: Surroundings,
): RetestedFinding {
  const before = { where: old.where, state: old.state };
  if (now === null) {
    const doubts = [...unsearched(old, earlier, fresh), ...unreadNotes(unread)];
    const result = doubts.length === 0 ? 'fixed' : 'not-checked';
    return { ...naming(old), result, before, after: null, notes: doubts };
  }
  const places = new Set(old.occurrences.map(({ where }) => placeOf(where)));
  const stays = now.occurrences.some(({ where }) => places.has(placeOf(where)));
  return {
    ...naming(now),
    result: stays ? 'persisting' : 'moved',
    before,
    after: { where: now.where, state: now.state },
    notes: incompleteFixNotes(old, now, stays, shared),
  };
}

/** Returns the indices of the new image's layers that the earlier image also had. */
function sharedLayers(earlier: EarlierReport, subject: RetestSubject): ReadonlySet<string> {
  const before = new Set(earlier.layers.map(({ diffId }) => diffId).filter((diffId) => diffId !== null));
  return new Set(
    subject.layers
      .filter(({ diffId }) => diffId !== null && before.has(diffId))
      .map(({ index }) => `${index}`),
  );
}

function imageNotes(
  earlier: EarlierReport,
  subject: RetestSubject,
  findings: readonly RetestedFinding[],
  shared: ReadonlySet<string>,
): string[] {
  const notes: string[] = [];
  if (earlier.image.id === subject.id) notes.push('this is the image of the report: it was not rebuilt');
  else if (shared.size === subject.layers.length && shared.size > 0) {
    notes.push('all layers are the same as in the report: only the config changed');
  }
  const left = findings.some(
    ({ kind, result }) => kind === 'secret' && (result === 'persisting' || result === 'moved'),
  );
  if (subject.layers.length === 1 && earlier.layers.length > 1 && left) {
    notes.push('the layers were squashed into one, which still has credentials of the report');
  }
  notes.push(...neighbourNotes(earlier, subject));
  const baseOf = (layers: readonly { diffId: string | null; origin: Origin }[]): string =>
    layers.flatMap(({ diffId, origin }) => (origin === 'base' ? [diffId] : [])).join();
  const base = baseOf(subject.layers);
  const needsOtherBase = findings.some(({ notes: own }) => own.some((note) => note.includes('another base')));
  if (base !== '' && base === baseOf(earlier.layers) && needsOtherBase) {
    notes.push('the base image has not changed, and some findings come from it');
  }
  return notes;
}

/** Returns a note for each other image of the archive that still has layers with credentials of the report. */
function neighbourNotes(earlier: EarlierReport, { neighbours }: RetestSubject): string[] {
  const leaky = new Set(
    earlier.findings
      .filter(({ suppressed, kind }) => suppressed === null && kind === 'secret')
      .flatMap(({ occurrences }) => occurrences.map(({ where }) => where.layer))
      .flatMap((layer) => earlier.layers.filter(({ index }) => index === layer))
      .flatMap(({ diffId }) => (diffId === null ? [] : [diffId])),
  );
  return neighbours.flatMap(({ diffIds, name }) => {
    const kept = diffIds.filter((diffId) => diffId !== null && leaky.has(diffId)).length;
    if (kept === 0) return [];
    const layers = kept === 1 ? 'a layer' : `${kept} layers`;
    return [
      `${name}, an image of the same archive, still has ${layers} in which the report found credentials`,
    ];
  });
}

function judge(
  goal: Goal,
  findings: readonly RetestedFinding[],
  harmless: ReadonlySet<string>,
  subject: RetestSubject,
): GoalResult {
  switch (goal) {
    case 'no-secrets': {
      const secrets = findings.filter(({ kind }) => kind === 'secret');
      const unchecked = secrets.filter(({ result }) => result === 'not-checked').length;
      const open = secrets.filter(({ result }) => result !== 'fixed' && result !== 'not-checked');
      const left = open.filter(({ id }) => !harmless.has(id));
      const besides = open.length - left.length;
      if (left.length === 0 && subject.incomplete.length > 0) {
        return { goal, met: null, reason: 'part of the image was not read and may hold credentials' };
      }
      const reason =
        left.length === 0
          ? `no credential can be recovered from the image${besides === 0 ? '' : `, except ${besides} rotated or suppressed`}${unchecked === 0 ? '' : `; ${unchecked} could only be checked at ${unchecked === 1 ? 'its old place' : 'their old places'}`}`
          : `${left.length} credential${left.length === 1 ? '' : 's'} can still be recovered from the image`;
      return { goal, met: left.length === 0, reason };
    }
    case 'no-application-setuid': {
      const { applicationSetuid } = subject;
      if (applicationSetuid.length === 0 && subject.incomplete.length > 0) {
        return { goal, met: null, reason: 'part of the image was not read and may hold setuid files' };
      }
      const reason =
        applicationSetuid.length === 0
          ? 'no setuid or setgid files except those of the base image'
          : `setuid or setgid files: ${applicationSetuid.slice(0, 5).join(', ')}${applicationSetuid.length > 5 ? ', …' : ''}`;
      return { goal, met: applicationSetuid.length === 0, reason };
    }
    case 'not-root': {
      const user = subject.user ?? '';
      const root = ['', 'root', '0'].includes(user.split(':')[0]!);
      return {
        goal,
        met: !root,
        reason: root ? 'a container starts as root' : `a container starts as ${user}`,
      };
    }
  }
}
