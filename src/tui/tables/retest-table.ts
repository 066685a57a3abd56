import type { Ledger } from '../../ledger/ledger.ts';
import { whereText } from '../../report/finding-lines.ts';
import { countsText, goalWord, verdictWord } from '../../report/retest-lines.ts';
import type { RetestedFinding, Retest, RetestResult } from '../../retest/verify.ts';
import { encodeName, escapeText } from '../../text/escape.ts';
import type { Token } from '../../text/theme.ts';
import { column } from '../columns/column.ts';
import { type TableRow, type TableTarget, type ViewTable, viewTable } from './table.ts';

/** Findings that remain come first. */
const ORDER: readonly RetestResult[] = ['persisting', 'moved', 'new', 'not-checked', 'fixed'];

const TOKENS: Readonly<Record<RetestResult, Token>> = {
  persisting: 'error',
  moved: 'error',
  new: 'warning',
  'not-checked': 'warning',
  fixed: 'dim',
};

/** A goal, or a finding of either report. */
interface RetestLine extends Omit<TableRow, 'cells'> {
  readonly result: string;
  readonly severity: string;
  readonly state: string;
  readonly what: string;
  readonly where: string;
}

/** Returns the Retest view: the goals, then each finding as fixed, persisting, moved or new. */
export function retestTable(ledger: Ledger, { counts, findings, goals, met, notes }: Retest): ViewTable {
  const verdict = verdictWord({ goals, met });
  const sorted = findings.toSorted((a, b) => ORDER.indexOf(a.result) - ORDER.indexOf(b.result));
  return viewTable<RetestLine>(
    [
      column({ title: 'result', width: 11, cell: (line) => line.result }),
      column({ title: 'severity', width: 8, cell: (line) => line.severity }),
      column({ title: 'state', width: 8, cell: (line) => line.state }),
      column({ title: 'finding', width: 34, least: 22, cell: (line) => line.what }),
      column({ title: 'where', width: null, cut: 'start', cell: (line) => line.where }),
    ],
    [
      ...goals.map(({ goal, met: reached, reason }): RetestLine => ({
        result: reached === true ? 'met' : goalWord(reached).toUpperCase(),
        severity: 'goal',
        state: '',
        what: escapeText(reason),
        where: goal,
        token: reached === null ? 'warning' : reached ? 'accent' : 'error',
        target: null,
        detail: [`goal ${goal}: ${goalWord(reached)}, ${escapeText(reason)}`, ...notes.map(escapeText)],
      })),
      ...sorted.map((finding) => findingLine(ledger, finding)),
    ],
    (line) => line,
    `Retest ${verdict === 'fails' ? 'FAILS' : verdict}: ${countsText(counts)}`,
  );
}

function findingLine(ledger: Ledger, finding: RetestedFinding): RetestLine {
  const { after, before, notes, result, severity, title } = finding;
  const place = after ?? before!;
  return {
    result,
    severity,
    state: place.state,
    what: escapeText(title),
    where: whereText(place.where),
    token: TOKENS[result],
    // A fixed finding has a place only in the image of the earlier report.
    target: after === null ? null : targetOf(ledger, after),
    detail: [
      ...notes.map(escapeText),
      ...(before === null || after === null || before === after
        ? []
        : [`before: ${before.state} ${whereText(before.where)}`]),
    ],
  };
}

function targetOf(ledger: Ledger, { where }: NonNullable<RetestedFinding['after']>): TableTarget | null {
  const { layer, path, surface } = where;
  if (surface !== 'file' || layer === null || path === null)
    return layer === null ? null : { path: 0, layer };
  return { path: Math.max(0, ledger.paths.lookup(encodeName(path))), layer };
}
