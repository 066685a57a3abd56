import type { Decision } from '../finding/decision.ts';
import { atLeast, compareFindings, type Finding, SEVERITIES, type Severity } from '../finding/finding.ts';
import { FINDING_STATES, type FindingState } from '../finding/state.ts';
import type { Origin } from '../history/origin.ts';

/** Which findings are listed; null shows all of a kind. */
export interface FindingFilter {
  /** The minimum severity. */
  readonly severity: Severity | null;
  readonly state: FindingState | null;
  readonly origin: Origin | null;
  readonly kind: Finding['kind'] | null;
  /** Also list suppressed findings. */
  readonly suppressed: boolean;
  /** Leave out findings that have a decision. */
  readonly open: boolean;
}

/** The state of the scan. */
export interface FindingsState {
  /** What the scan has found. */
  readonly found: readonly Finding[];
  /** These and the flagged findings, most severe first. */
  readonly list: readonly Finding[];
  /** `off`: no scan was requested. */
  readonly search: 'waiting' | 'running' | 'done' | 'off';
  readonly filter: FindingFilter;
}

export const NO_FINDINGS: FindingsState = {
  found: [],
  list: [],
  search: 'waiting',
  filter: { severity: null, state: null, origin: null, kind: null, suppressed: false, open: false },
};

const STATES = [null, ...FINDING_STATES] as const;
const ORIGINS = [null, 'application', 'base', 'unknown'] as const;
const KINDS = [null, 'secret', 'posture'] as const;
const MIN_SEVERITIES = [null, ...SEVERITIES.filter((severity) => severity !== 'info')] as const;

/** Returns the filter with the next value in one field. */
export function nextFilter(filter: FindingFilter, field: keyof FindingFilter): FindingFilter {
  switch (field) {
    case 'severity':
      return { ...filter, severity: after(MIN_SEVERITIES, filter.severity) };
    case 'state':
      return { ...filter, state: after(STATES, filter.state) };
    case 'origin':
      return { ...filter, origin: after(ORIGINS, filter.origin) };
    case 'kind':
      return { ...filter, kind: after(KINDS, filter.kind) };
    case 'suppressed':
      return { ...filter, suppressed: !filter.suppressed };
    case 'open':
      return { ...filter, open: !filter.open };
  }
}

/**
 * Returns the filter that shows everything. Whether suppressed findings are shown stays as it was.
 * @param origin the only origin to show, while the base is hidden
 */
export function widest({ suppressed }: FindingFilter, origin: Origin | null): FindingFilter {
  return { ...NO_FINDINGS.filter, suppressed, origin };
}

function after<T>(values: readonly T[], value: T): T {
  return values[(values.indexOf(value) + 1) % values.length]!;
}

/** Returns the state with the flagged findings merged into the list. */
export function withFlagged(
  state: FindingsState,
  flagged: readonly Finding[],
  found: readonly Finding[] = state.found,
): FindingsState {
  const list = flagged.length === 0 ? found : [...flagged, ...found].toSorted(compareFindings);
  return { ...state, found, list };
}

/** Returns the count beside the view's name: all findings that are not suppressed, once the scan has started. */
export function reportedCount({ list, search }: FindingsState): { readonly findings?: number } {
  if (search === 'waiting' || search === 'off') return {};
  return { findings: list.filter(({ suppressed }) => suppressed === null).length };
}

/** Returns the findings that pass a filter, in their order. */
export function filtered(
  list: readonly Finding[],
  filter: FindingFilter,
  decisions: ReadonlyMap<string, Decision>,
): Finding[] {
  const { suppressed, kind, open, origin, severity, state } = filter;
  return list.filter(
    (finding) =>
      (suppressed || finding.suppressed === null) &&
      (!open || !decisions.has(finding.id)) &&
      (severity === null || atLeast(finding.severity, severity)) &&
      (state === null || finding.occurrences.some((each) => each.state === state)) &&
      (origin === null || finding.occurrences.some((each) => each.origin === origin)) &&
      (kind === null || finding.kind === kind),
  );
}

/** Returns the filter in words; '' if it passes all reported findings. */
export function filterWords({ suppressed, kind, open, origin, severity, state }: FindingFilter): string {
  return [
    severity === null ? null : severity === 'critical' ? 'critical only' : `${severity} or worse`,
    state,
    origin === null ? null : `${origin} layers`,
    kind === null ? null : `${kind} only`,
    suppressed ? 'suppressed too' : null,
    open ? 'undecided only' : null,
  ]
    .filter((word) => word !== null)
    .join(', ');
}
