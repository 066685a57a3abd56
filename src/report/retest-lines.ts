import type { Retest, RetestResult } from '../retest/verify.ts';
import { escapeText } from '../text/escape.ts';
import { formatTable } from '../text/table.ts';
import { whereText } from './finding-lines.ts';

const ORDER: readonly RetestResult[] = ['persisting', 'moved', 'new', 'not-checked', 'fixed'];

/** Formats a retest for people: open findings first, each with the reasons why it is not fixed. */
export function* retestLines({ counts, findings, goals, met, notes }: Retest): Generator<string> {
  const sorted = findings.toSorted((a, b) => ORDER.indexOf(a.result) - ORDER.indexOf(b.result));
  const rows = sorted.map(({ after, before, result, severity, title }) => {
    const place = after ?? before!;
    return [result, severity, place.state, escapeText(title), whereText(place.where)];
  });
  if (rows.length > 0) {
    const lines = formatTable(rows, { header: ['result', 'severity', 'state', 'what', 'where'] });
    yield lines[0]!;
    for (const [index, finding] of sorted.entries()) {
      yield lines[index + 1]!;
      for (const note of finding.notes) yield `            ${escapeText(note)}`;
    }
    yield '';
  }
  for (const note of notes) yield escapeText(note);
  yield countsText(counts);
  for (const { goal, met: reached, reason } of goals) {
    yield `goal ${goal}: ${goalWord(reached)}, ${escapeText(reason)}`;
  }
  yield `the retest ${verdictWord({ goals, met })}`;
}

/** Returns `met`, `missed` or `unknown`. */
export function goalWord(met: boolean | null): string {
  return met === null ? 'unknown' : met ? 'met' : 'missed';
}

/** Returns `passes`, `fails`, or `is incomplete` if no goal is missed but one is unknown. */
export function verdictWord({ goals, met }: Pick<Retest, 'goals' | 'met'>): string {
  if (met) return 'passes';
  return goals.some((goal) => goal.met === false) ? 'fails' : 'is incomplete';
}

/** Returns one line with the number of findings for each result. It mentions `not checked` only if there are any. */
export function countsText(counts: Retest['counts']): string {
  const all = [
    `${counts.fixed} fixed`,
    `${counts.persisting} persisting`,
    `${counts.moved} moved`,
    `${counts.new} new`,
    ...(counts.notChecked === 0 ? [] : [`${counts.notChecked} not checked`]),
  ];
  return all.join(', ');
}
