import type { Ledger } from '../../ledger/ledger.ts';
import { whereText } from '../../report/finding-lines.ts';
import { countsText, goalWord, verdictWord } from '../../report/retest-lines.ts';
import type { RetestedFinding, Retest, RetestResult } from '../../retest/verify.ts';
import { encodeName, escapeText } from '../../text/escape.ts';
import type { Token } from '../../text/theme.ts';
import { column, type TableRow, type TableTarget, type ViewTable, yielding } from './table.ts';

/** What is left comes first. */
const ORDER: readonly RetestResult[] = ['persisting', 'moved', 'new', 'not-checked', 'fixed'];

const TOKENS: Readonly<Record<RetestResult, Token>> = {
  persisting: 'error',
  moved: 'error',
  new: 'warning',
  'not-checked': 'warning',
  fixed: 'dim',
};

/** An earlier report held against this image: each finding fixed, persisting, moved or new, and the goals. */
export function retestTable(ledger: Ledger, { counts, findings, goals, met, notes }: Retest): ViewTable {
  const verdict = verdictWord({ goals, met });
  const sorted = findings.toSorted((a, b) => ORDER.indexOf(a.result) - ORDER.indexOf(b.result));
  return {
    columns: [
      column('result', 11),
      column('severity', 8),
      column('state', 8),
      yielding('what', 34, 22),
      column('where', null, 'left', 'start'),
    ],
    rows: [
      ...goals.map(({ goal, met: reached, reason }): TableRow => ({
        cells: [
          reached === true ? 'met' : goalWord(reached).toUpperCase(),
          'goal',
          '',
          escapeText(reason),
          goal,
        ],
        token: reached === null ? 'warning' : reached ? 'accent' : 'error',
        target: null,
        detail: [`goal ${goal}: ${goalWord(reached)}, ${escapeText(reason)}`, ...notes.map(escapeText)],
      })),
      ...sorted.map((finding) => findingRow(ledger, finding)),
    ],
    summary: `The retest ${verdict === 'fails' ? 'FAILS' : verdict}: ${countsText(counts)}`,
  };
}

function findingRow(ledger: Ledger, finding: RetestedFinding): TableRow {
  const { after, before, notes, result, severity, title } = finding;
  const place = after ?? before!;
  return {
    cells: [result, severity, place.state, escapeText(title), whereText(place.where)],
    token: TOKENS[result],
    // What is gone stands in the image of the report alone.
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
