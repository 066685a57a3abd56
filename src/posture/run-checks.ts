import { createHash } from 'node:crypto';
import type { Finding, Occurrence } from '../finding/finding.ts';
import { mostVisible, stateOf } from '../finding/state.ts';
import { placeOn } from '../finding/where.ts';
import { instructionOfLayer } from '../history/align.ts';
import { fateBy } from '../ledger/fate.ts';
import { CHECKS } from './catalogue.ts';
import type { Check, CheckOutcome, Failure, Observation } from './check.ts';
import { gapIn } from './gaps.ts';
import type { Subject } from './subject.ts';

/** Maximum number of places kept per problem; more would not help the reader. */
const MAX_PLACES = 200;

/** The findings and outcomes of all checks. */
export interface PostureResult {
  readonly findings: readonly Finding[];
  readonly outcomes: readonly CheckOutcome[];
}

/** Runs all checks. Pure: the subject has everything that the checks need to read. */
export function runChecks(subject: Subject, checks: readonly Check[] = CHECKS): PostureResult {
  const work = checkByCheck(subject, checks);
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
}

/** Runs the checks one by one and yields after each, so that the caller can let other work run in between. */
export function* checkByCheck(
  subject: Subject,
  checks: readonly Check[] = CHECKS,
): Generator<null, PostureResult> {
  const findings: Finding[] = [];
  const outcomes: CheckOutcome[] = [];
  for (const check of checks) {
    outcomes.push(outcomeOf(check, subject, findings));
    yield null;
  }
  return { findings, outcomes };
}

function outcomeOf(check: Check, subject: Subject, findings: Finding[]): CheckOutcome {
  const result = check.run(subject);
  const { id, title } = check;
  if ('unknown' in result) return { id, title, result: 'unknown', reason: result.unknown };
  if ('passed' in result) return { id, title, result: 'passed', reason: result.passed };
  for (const failure of byKey(result)) findings.push(toFinding(check, failure, subject));
  if (result.length > 0) return { id, title, result: 'failed', reason: null };
  const gap = gapIn(subject, check.sources);
  return { id, title, result: gap === null ? 'passed' : 'unknown', reason: gap };
}

function toFinding(check: Check, failure: Failure, subject: Subject): Finding {
  const occurrences = keptPlaces(failure.at, subject).map((at) => occurrenceOf(at, subject));
  const shown = mostVisible(occurrences);
  const reason = subject.masker.mask(failure.reason);
  const dropped = failure.at.length - occurrences.length;
  return {
    id: `posture-${createHash('sha256').update(`${check.id}\0${failure.key}`).digest('hex').slice(0, 16)}`,
    kind: 'posture',
    rule: check.id,
    title: failure.title ?? check.title,
    severity: failure.severity,
    confidence: 'high',
    reason: dropped > 0 ? `${reason}; ${dropped} more ${dropped === 1 ? 'place' : 'places'}` : reason,
    suppressed: null,
    where: shown.where,
    occurrences,
    state: shown.state,
    origin: shown.origin,
    introducedBy: shown.introducedBy,
    removedBy: shown.removedBy,
    redacted: null,
    fingerprint: null,
    valueLength: null,
    details: subject.masker.maskAll(failure.details ?? {}),
    remediation: failure.advice ?? check.advice,
    references: check.references,
  };
}

/** Merges problems with the same key, since the key determines the id of the finding. */
function byKey(failures: readonly Failure[]): Failure[] {
  const merged = new Map<string, Failure & { readonly at: Observation[] }>();
  for (const failure of failures) {
    const known = merged.get(failure.key);
    if (known === undefined) merged.set(failure.key, { ...failure, at: [...failure.at] });
    else for (const at of failure.at) known.at.push(at);
  }
  return [...merged.values()];
}

/** Returns at most {@link MAX_PLACES} places in the given order, preferring live ones. */
function keptPlaces(places: readonly Observation[], { ledger }: Subject): readonly Observation[] {
  if (places.length <= MAX_PLACES) return places;
  const isLive = (at: Observation): boolean => {
    switch (at.kind) {
      case 'file':
        return ledger.state(at.event) === 'live';
      case 'config':
        return stateOf(at) === 'live';
      case 'history':
        return false;
    }
  };
  const ordered = [...places.filter(isLive), ...places.filter((at) => !isLive(at))];
  const kept = new Set(ordered.slice(0, MAX_PLACES));
  return places.filter((at) => kept.has(at));
}

function occurrenceOf(at: Observation, subject: Subject): Occurrence {
  const { history, ledger, masker } = subject;
  const masked = (instruction: string): string | null =>
    instruction === '' ? null : masker.mask(instruction);
  const notRemoved = { removedBy: null, removedIn: null } as const;
  switch (at.kind) {
    case 'config': {
      const where = placeOn({ surface: at.surface, key: at.key });
      const state = stateOf(where);
      if (at.entry === undefined)
        return { where, state, ...notRemoved, origin: 'unknown', introducedBy: null };
      const { instruction } = history.entries[at.entry]!;
      return {
        where,
        state,
        ...notRemoved,
        origin: subject.originOfEntry(at.entry),
        introducedBy: masked(instruction),
      };
    }
    case 'history': {
      const entry = history.entries[at.entry]!;
      const where = placeOn({
        surface: 'history',
        layer: entry.layer,
        historyIndex: at.entry,
        key: 'created_by',
      });
      return {
        where,
        state: stateOf(where),
        ...notRemoved,
        origin: subject.originOfEntry(at.entry),
        introducedBy: masked(entry.instruction),
      };
    }
    case 'file': {
      const layer = ledger.layerOf(at.event);
      const where = placeOn({ surface: 'file', layer, path: subject.pathOf(at.event) });
      const next = ledger.line(ledger.pathOf(at.event)).find((event) => event > at.event);
      const removedIn = next === undefined ? null : fateBy(ledger, next).layer;
      return {
        where,
        state: stateOf(where, ledger.state(at.event)),
        origin: subject.originOfEvent(at.event),
        introducedBy: masked(instructionOfLayer(history, layer)),
        removedBy: removedIn === null ? null : masked(instructionOfLayer(history, removedIn)),
        removedIn,
      };
    }
  }
}
