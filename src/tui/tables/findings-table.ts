import { type Decision, type DecisionVerdict, settles } from '../../finding/decision.ts';
import { countFindings, type Finding, type Occurrence, type Severity } from '../../finding/finding.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { countText, whereText } from '../../report/finding-lines.ts';
import { encodeName, escapeText } from '../../text/escape.ts';
import type { Token } from '../../text/theme.ts';
import { type HeldCase, NO_CASE } from '../held-case.ts';
import { filtered, type FindingsState, filterWords } from '../findings.ts';
import { column } from '../columns/column.ts';
import { type TableRow, type TableTarget, type ViewTable, viewTable } from './table.ts';

/**
 * Returns the Findings view, most severe first; values are masked. The first column shows `*` for a marked
 * finding and the letter of its decision: C confirmed, R rotated, F false alarm, A accepted.
 */
export function findingsTable(
  ledger: Ledger,
  state: FindingsState,
  { decisions }: Pick<HeldCase, 'decisions'> = NO_CASE,
  marked: ReadonlySet<string> = new Set(),
): ViewTable {
  const shown = filtered(state.list, state.filter, decisions);
  return viewTable<Finding>(
    [
      column({
        title: '',
        width: 2,
        cell: ({ id }) => {
          const decision = decisions.get(id);
          return `${marked.has(id) ? '*' : ' '}${decision === undefined ? ' ' : LETTERS[decision.verdict]}`;
        },
      }),
      column({ title: 'severity', width: 8, cell: ({ severity }) => severity }),
      column({ title: 'state', width: 8, cell: (finding) => finding.state }),
      column({ title: 'finding', width: 34, least: 22, most: 60, cell: ({ title }) => escapeText(title) }),
      column({
        title: 'where',
        width: null,
        cut: 'start',
        cell: ({ where }) => shortDigests(whereText(where)),
      }),
      column({ title: 'value', width: 14, least: 0, cell: ({ redacted }) => redacted ?? '' }),
    ],
    shown,
    (finding) => findingRow(ledger, finding, decisions.get(finding.id) ?? null),
    summaryOf(state, shown.length, shown.filter(({ id }) => marked.has(id)).length),
  );
}

function summaryOf({ filter, list, search }: FindingsState, shown: number, marked: number): string {
  if (search === 'off')
    return 'Not scanned: --no-verify skips file contents. Run exhume scan, or start without it.';
  if (search === 'waiting') return 'The scan starts when all layers have been read.';
  const words = filterWords(filter);
  const counts = countText(countFindings(list));
  const parts = [
    ...(marked === 0 ? [] : [`${marked} marked`]),
    ...(words === '' ? [] : [shown === 0 ? `no match: ${words}; esc lists all` : `${shown} shown: ${words}`]),
    search === 'running' ? `scanning; so far ${counts}` : counts,
  ];
  return parts.join('  |  ');
}

const TOKENS: Readonly<Record<Severity, Token>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'text',
  info: 'dim',
};

const LETTERS: Readonly<Record<DecisionVerdict, string>> = {
  confirmed: 'C',
  rotated: 'R',
  'false-alarm': 'F',
  accepted: 'A',
};

function findingRow(ledger: Ledger, finding: Finding, decision: Decision | null): Omit<TableRow, 'cells'> {
  const { suppressed, occurrences, severity, where } = finding;
  const place = whereText(where);
  return {
    token: suppressed === null && !settles(decision, new Date()) ? TOKENS[severity] : 'dim',
    target: targetOf(ledger, finding),
    detail: [
      ...(decision === null ? [] : [decisionText(decision)]),
      ...(suppressed === null ? [] : [`suppressed: ${escapeText(suppressed)}`]),
      ...occurrenceLines(occurrences.find((each) => each.where === where) ?? occurrences[0]!),
      `confidence ${finding.confidence}${finding.reason === null ? '' : ` (${escapeText(finding.reason)})`}, origin ${finding.origin}`,
      ...(occurrences.length > 1
        ? [
            `${occurrences.length - 1} more ${occurrences.length === 2 ? 'place' : 'places'}: ${occurrences
              .filter((each) => each.where !== where)
              .map((each) => `${each.state} ${shortDigests(whereText(each.where))}`)
              .join('; ')}`,
          ]
        : []),
      ...finding.remediation.slice(0, 2).map(escapeText),
      ...(place === shortDigests(place) ? [] : [`full path: ${place}`]),
    ],
  };
}

/** Shortens digests in a path to 12 digits, so that its end fits into the row. */
function shortDigests(where: string): string {
  return where.replace(/\b([0-9a-f]{12})[0-9a-f]{52}\b/g, '$1');
}

function decisionText({ at, operator, reason, until, verdict }: Decision): string {
  const words = verdict === 'false-alarm' ? 'false alarm' : verdict;
  return [
    `decision: ${words}, ${escapeText(at)}`,
    ...(operator === null ? [] : [`by ${escapeText(operator)}`]),
    ...(until === null ? [] : [`until ${escapeText(until.slice(0, 10))}`]),
    ...(reason === null ? [] : [`reason: ${escapeText(reason)}`]),
  ].join(', ');
}

function occurrenceLines({ introducedBy, removedBy, removedIn }: Occurrence): string[] {
  return [
    ...(introducedBy === null ? [] : [`introduced by ${escapeText(introducedBy)}`]),
    ...(removedIn === null
      ? []
      : [`removed in layer ${removedIn}${removedBy === null ? '' : ` by ${escapeText(removedBy)}`}`]),
  ];
}

/** Returns where Enter goes: the place of the finding, else the first file that contains it, else the layer. */
function targetOf(ledger: Ledger, { occurrences, where: named }: Finding): TableTarget | null {
  const places = [named, ...occurrences.map((each) => each.where)];
  const file = places.find(
    ({ layer, path, surface }) => surface === 'file' && layer !== null && path !== null,
  );
  if (file !== undefined) {
    return { path: Math.max(0, ledger.paths.lookup(encodeName(file.path!))), layer: file.layer! };
  }
  return named.layer === null ? null : { path: 0, layer: named.layer };
}
