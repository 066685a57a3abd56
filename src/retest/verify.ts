import { settles } from '../finding/decision.ts';
import type { Finding } from '../finding/finding.ts';
import type { Where } from '../finding/where.ts';
import type { Origin } from '../history/origin.ts';
import type { Incomplete } from '../ledger/unread-parts.ts';
import { halfMeasures, unreadNotes, unsearched } from './notes.ts';
import { pairFindings, placeOf } from './pair.ts';
import type { EarlierFinding, EarlierReport } from './read-report.ts';

/**
 * What became of a finding. `fixed`: the value is gone. `persisting`: an old place still has it. `moved`:
 * other places have it. `new`: the report does not have it. `not-checked`: nothing was found, and that does
 * not show that the value is gone.
 */
export type RetestResult = 'fixed' | 'persisting' | 'moved' | 'new' | 'not-checked';

/** What an image must be for a retest to pass. */
export const GOALS = ['no-secrets', 'no-application-setuid', 'not-root'] as const;
export type Goal = (typeof GOALS)[number];

/** A finding of either image, held against the other. */
export interface RetestedFinding {
  readonly id: string;
  readonly kind: Finding['kind'];
  readonly rule: string;
  readonly title: string;
  readonly severity: Finding['severity'];
  readonly result: RetestResult;
  /** Where it stood; null for a new one. */
  readonly before: { readonly where: Where; readonly state: Finding['state'] } | null;
  /** Where it stands now; null for one that is gone. */
  readonly after: { readonly where: Where; readonly state: Finding['state'] } | null;
  /** Why what was done was not enough. */
  readonly notes: readonly string[];
}

interface GoalResult {
  readonly goal: Goal;
  /** Null if everything that was read meets it, but part of the image was not read. */
  readonly met: boolean | null;
  readonly reason: string;
}

/** How many findings ended how. */
type RetestCounts = Readonly<Record<Exclude<RetestResult, 'not-checked'> | 'notChecked', number>>;

/** A retest: what was found before, held against what is there now. */
export interface Retest {
  readonly met: boolean;
  readonly goals: readonly GoalResult[];
  readonly counts: RetestCounts;
  readonly notes: readonly string[];
  readonly findings: readonly RetestedFinding[];
}

/** What is known of the new image. */
export interface RetestSubject {
  readonly id: string;
  readonly findings: readonly Finding[];
  readonly layers: readonly {
    readonly index: number;
    readonly diffId: string | null;
    readonly origin: Origin;
  }[];
  /** What was not read of the image. */
  readonly incomplete: readonly Incomplete[];
  /** The user that a container starts as, by the config; null where it says none. */
  readonly user: string | null;
  /** Setuid and setgid files of the final tree that no base layer brought. */
  readonly applicationSetuid: readonly string[];
  /** Other images of the same archive, and the diffIDs of their layers. */
  readonly neighbours: readonly { readonly name: string; readonly diffIds: readonly (string | null)[] }[];
  readonly now: Date;
}

/**
 * Holds a new image against an earlier report. A finding is the same where its value is (by fingerprint),
 * or, for a value that could be guessed, where its place is.
 */
export function retest(earlier: EarlierReport, subject: RetestSubject, goals: readonly Goal[]): Retest {
  const before = earlier.findings.filter((finding) => isOpen(finding, subject.now));
  const loud = subject.findings.filter(({ demoted }) => demoted === null);
  // What is demoted now is still there: it must not pass for fixed.
  const after = pairFindings(earlier.findings, subject.findings);
  const known = new Set(
    earlier.findings.flatMap(({ demoted, id }) => (demoted === null ? (after.get(id)?.id ?? []) : [])),
  );
  const shared = sharedLayers(earlier, subject);
  const fresh = loud.filter(({ id }) => !known.has(id));
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
  // A credential that no longer opens anything, or that is demoted now, is listed but keeps no goal from being met.
  const harmless = new Set([
    ...before
      .filter(({ decision }) => decision?.verdict === 'rotated')
      .map(({ id }) => after.get(id)?.id ?? id),
    ...subject.findings.filter(({ demoted }) => demoted !== null).map(({ id }) => id),
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

function isOpen({ decision, demoted, id }: EarlierFinding, now: Date): boolean {
  if (demoted !== null) return false;
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

/** What a finding is held against beside the one that it is now. */
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
    notes: halfMeasures(old, now, stays, shared),
  };
}

/** Indices of the new image's layers that the earlier one had too. */
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
  if (earlier.image.id === subject.id)
    notes.push('this is the very image of the report: nothing was built again');
  else if (shared.size === subject.layers.length && shared.size > 0) {
    notes.push('all layers are those of the report: only the config is new');
  }
  const left = findings.some(
    ({ kind, result }) => kind === 'secret' && (result === 'persisting' || result === 'moved'),
  );
  if (subject.layers.length === 1 && earlier.layers.length > 1 && left) {
    notes.push('the layers were squashed into one, and what was to be taken out went into it');
  }
  notes.push(...neighbourNotes(earlier, subject));
  const baseOf = (layers: readonly { diffId: string | null; origin: Origin }[]): string =>
    layers.flatMap(({ diffId, origin }) => (origin === 'base' ? [diffId] : [])).join();
  const base = baseOf(subject.layers);
  const wanting = findings.some(({ notes: own }) => own.some((note) => note.includes('another base')));
  if (base !== '' && base === baseOf(earlier.layers) && wanting) {
    notes.push('the base is unchanged, and some of what was found comes with it');
  }
  return notes;
}

/** A clean image does not help while its leaky one lies beside it. */
function neighbourNotes(earlier: EarlierReport, { neighbours }: RetestSubject): string[] {
  const leaky = new Set(
    earlier.findings
      .filter(({ demoted, kind }) => demoted === null && kind === 'secret')
      .flatMap(({ occurrences }) => occurrences.map(({ where }) => where.layer))
      .flatMap((layer) => earlier.layers.filter(({ index }) => index === layer))
      .flatMap(({ diffId }) => (diffId === null ? [] : [diffId])),
  );
  return neighbours.flatMap(({ diffIds, name }) => {
    const kept = diffIds.filter((diffId) => diffId !== null && leaky.has(diffId)).length;
    if (kept === 0) return [];
    const layers = kept === 1 ? 'a layer' : `${kept} layers`;
    return [`${name}, in the same archive, still has ${layers} in which the report found credentials`];
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
        return { goal, met: null, reason: 'part of the image was not read: credentials may be there' };
      }
      const reason =
        left.length === 0
          ? `no credential can be taken out of the image${besides === 0 ? '' : `, but for ${besides} rotated or demoted`}${unchecked === 0 ? '' : `; ${unchecked} could be looked for at ${unchecked === 1 ? 'its' : 'their'} place only`}`
          : `${left.length} credential${left.length === 1 ? '' : 's'} can still be taken out of the image`;
      return { goal, met: left.length === 0, reason };
    }
    case 'no-application-setuid': {
      const { applicationSetuid } = subject;
      if (applicationSetuid.length === 0 && subject.incomplete.length > 0) {
        return { goal, met: null, reason: 'part of the image was not read: setuid files may be there' };
      }
      const reason =
        applicationSetuid.length === 0
          ? 'no setuid or setgid file but those of the base'
          : `setuid or setgid: ${applicationSetuid.slice(0, 5).join(', ')}${applicationSetuid.length > 5 ? ', …' : ''}`;
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
