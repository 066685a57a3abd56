import { countFindings, type Finding, type Occurrence, type Severity } from '../../finding/finding.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { countText, whereText } from '../../report/finding-lines.ts';
import { encodeName, escapeText } from '../../text/escape.ts';
import type { Token } from '../../text/theme.ts';
import { filtered, type FindingsState, filterWords } from '../findings.ts';
import { column, type TableRow, type TableTarget, type ViewTable, yielding } from './table.ts';

/** Secrets and posture, the worst first, one row each; values stay covered. */
export function findingsTable(ledger: Ledger, state: FindingsState): ViewTable {
  const shown = filtered(state.list, state.filter);
  return {
    columns: [
      column('severity', 8),
      column('state', 8),
      yielding('what', 34, 22),
      column('where', null, 'left', 'start'),
      yielding('value', 14, 0),
    ],
    rows: shown.map((finding) => findingRow(ledger, finding)),
    summary: summaryOf(state, shown.length),
  };
}

function summaryOf({ filter, list, search }: FindingsState, shown: number): string {
  if (search === 'off') return 'Not looked for: --no-verify leaves the contents unread. exhume scan looks.';
  if (search === 'waiting') return 'The search begins when the layers have been read.';
  const words = filterWords(filter);
  const counts = countText(countFindings(list));
  const parts = [
    ...(words === '' ? [] : [`${shown} shown: ${words}`]),
    search === 'running' ? `searching; so far ${counts}` : counts,
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

function findingRow(ledger: Ledger, finding: Finding): TableRow {
  const { demoted, occurrences, redacted, severity, state, title, where } = finding;
  return {
    cells: [severity, state, escapeText(title), whereText(where), redacted ?? ''],
    token: demoted === null ? TOKENS[severity] : 'dim',
    target: targetOf(ledger, finding),
    detail: [
      ...(demoted === null ? [] : [`demoted: ${escapeText(demoted)}`]),
      ...occurrenceLines(occurrences.find((each) => each.where === where) ?? occurrences[0]!),
      `${finding.confidence} confidence${finding.reason === null ? '' : `: ${escapeText(finding.reason)}`}; ${finding.origin}`,
      ...(occurrences.length > 1
        ? [
            `${occurrences.length - 1} more: ${occurrences
              .filter((each) => each.where !== where)
              .map((each) => `${each.state} ${whereText(each.where)}`)
              .join('; ')}`,
          ]
        : []),
      ...finding.remediation.slice(0, 2).map(escapeText),
    ],
  };
}

function occurrenceLines({ introducedBy, removedBy, removedIn }: Occurrence): string[] {
  return [
    ...(introducedBy === null ? [] : [`brought by ${escapeText(introducedBy)}`]),
    ...(removedIn === null
      ? []
      : [`gone since layer ${removedIn}${removedBy === null ? '' : `: ${escapeText(removedBy)}`}`]),
  ];
}

/** Where Enter goes: the place that is named, else the first file that has it too, else the layer. */
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
