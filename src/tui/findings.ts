import type { Decision } from '../finding/decision.ts';
import { atLeast, compareFindings, type Finding, SEVERITIES, type Severity } from '../finding/finding.ts';
import { FINDING_STATES, type FindingState } from '../finding/state.ts';
import type { Origin } from '../history/origin.ts';

/** Which findings are listed; null shows all of a kind. */
export interface FindingFilter {
  /** The least severity. */
  readonly severity: Severity | null;
  readonly state: FindingState | null;
  readonly origin: Origin | null;
  readonly kind: Finding['kind'] | null;
  /** List what was demoted too. */
  readonly demoted: boolean;
  /** Leave out what was decided about. */
  readonly open: boolean;
}

/** What the search has come to so far. */
export interface FindingsState {
  /** What the search has found. */
  readonly found: readonly Finding[];
  /** That and what was flagged by hand, the worst first. */
  readonly list: readonly Finding[];
  /** `off`: it was not asked for. */
  readonly search: 'waiting' | 'running' | 'done' | 'off';
  readonly filter: FindingFilter;
}

export const NO_FINDINGS: FindingsState = {
  found: [],
  list: [],
  search: 'waiting',
  filter: { severity: null, state: null, origin: null, kind: null, demoted: false, open: false },
};

const STATES = [null, ...FINDING_STATES] as const;
const ORIGINS = [null, 'application', 'base', 'unknown'] as const;
const KINDS = [null, 'secret', 'posture'] as const;
const LEAST = [null, ...SEVERITIES.filter((severity) => severity !== 'info')] as const;

/** The filter with the next value in one of its fields. */
export function nextFilter(filter: FindingFilter, field: keyof FindingFilter): FindingFilter {
  switch (field) {
    case 'severity':
      return { ...filter, severity: after(LEAST, filter.severity) };
    case 'state':
      return { ...filter, state: after(STATES, filter.state) };
    case 'origin':
      return { ...filter, origin: after(ORIGINS, filter.origin) };
    case 'kind':
      return { ...filter, kind: after(KINDS, filter.kind) };
    case 'demoted':
      return { ...filter, demoted: !filter.demoted };
    case 'open':
      return { ...filter, open: !filter.open };
  }
}

/**
 * The filter that leaves nothing out but what is demoted, which is shown where it was.
 * @param origin whose findings alone are left where the base is hidden
 */
export function widest({ demoted }: FindingFilter, origin: Origin | null): FindingFilter {
  return { ...NO_FINDINGS.filter, demoted, origin };
}

function after<T>(values: readonly T[], value: T): T {
  return values[(values.indexOf(value) + 1) % values.length]!;
}

/** The state with what was flagged by hand among what was found. */
export function withFlagged(
  state: FindingsState,
  flagged: readonly Finding[],
  found: readonly Finding[] = state.found,
): FindingsState {
  const list = flagged.length === 0 ? found : [...flagged, ...found].toSorted(compareFindings);
  return { ...state, found, list };
}

/** The number behind the view's name: what is not demoted, once the search has begun. */
export function loudCount({ list, search }: FindingsState): { readonly findings?: number } {
  if (search === 'waiting' || search === 'off') return {};
  return { findings: list.filter(({ demoted }) => demoted === null).length };
}

/** The findings that a filter lets through, in their order. */
export function filtered(
  list: readonly Finding[],
  filter: FindingFilter,
  decisions: ReadonlyMap<string, Decision>,
): Finding[] {
  const { demoted, kind, open, origin, severity, state } = filter;
  return list.filter(
    (finding) =>
      (demoted || finding.demoted === null) &&
      (!open || !decisions.has(finding.id)) &&
      (severity === null || atLeast(finding.severity, severity)) &&
      (state === null || finding.occurrences.some((each) => each.state === state)) &&
      (origin === null || finding.occurrences.some((each) => each.origin === origin)) &&
      (kind === null || finding.kind === kind),
  );
}

/** The filter in words; '' where it lets everything loud through. */
export function filterWords({ demoted, kind, open, origin, severity, state }: FindingFilter): string {
  return [
    severity === null ? null : severity === 'critical' ? 'critical only' : `${severity} or worse`,
    state,
    origin === null ? null : `${origin} layers`,
    kind === null ? null : `${kind} only`,
    demoted ? 'demoted too' : null,
    open ? 'undecided only' : null,
  ]
    .filter((word) => word !== null)
    .join(', ');
}
