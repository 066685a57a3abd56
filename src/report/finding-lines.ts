import { type Finding, type FindingCounts, type Occurrence, SEVERITIES } from '../finding/finding.ts';
import type { Where } from '../finding/where.ts';
import { escapeText } from '../text/escape.ts';
import { formatTable } from '../text/table.ts';

/** Places of one finding that are listed; the rest are counted. */
const MOST_PLACES = 6;

/** Where something stands, for people: `layer 3 /app/.env:4`, `layer 3 /app/lock (link target)`, `history 12`. Escaped. */
export function whereText({ surface, layer, path, line, key, historyIndex, inside }: Where): string {
  const at = escapeText(path ?? '') + (line === null ? '' : `:${line}`);
  const name = key === null ? '' : ` ${escapeText(key)}`;
  const through = inside.length === 0 ? '' : ` (in ${inside.map(escapeText).join(' > ')})`;
  return `${placeText()}${through}`;

  function placeText(): string {
    switch (surface) {
      case 'file':
        return `layer ${layer} ${at}${key === null ? '' : ` (${escapeText(key)})`}`;
      case 'history':
        return `history ${historyIndex}${name}`;
      case 'env':
        return `ENV${name}`;
      case 'label':
        return path === null ? `LABEL${name}` : `${at}${name}`;
      case 'config':
        return path === null ? `config${name}` : `config ${at}${name}`;
      case 'attestation':
      case 'archive':
        return `${surface} ${at}`;
    }
  }
}

/** One line that says how many findings there are. */
export function countText({ bySeverity, byState, loud, demoted }: FindingCounts): string {
  const severities = SEVERITIES.filter((severity) => bySeverity[severity] > 0).map(
    (severity) => `${bySeverity[severity]} ${severity}`,
  );
  const hidden = byState.shadowed + byState.deleted + byState.metadata;
  const parts = [
    loud === 0 ? 'no findings' : `${loud} finding${loud === 1 ? '' : 's'}: ${severities.join(', ')}`,
    ...(hidden === 0 ? [] : [`${hidden} no container sees`]),
    ...(demoted === 0 ? [] : [`${demoted} demoted`]),
  ];
  return parts.join('; ');
}

/**
 * Findings for people: a line each, and below it who brought it, who took it away, where else it is.
 * @param findings in the order in which they are to stand
 */
export function* findingLines(findings: readonly Finding[]): Generator<string> {
  const rows = findings.map((finding) => [
    finding.severity,
    finding.state,
    escapeText(finding.title),
    whereText(finding.where),
    escapeText(finding.redacted ?? ''),
  ]);
  const heads = formatTable(rows, { header: ['severity', 'state', 'what', 'where', 'value'] });
  yield heads[0]!;
  for (const [index, finding] of findings.entries()) {
    yield heads[index + 1]!;
    for (const line of detailLines(finding)) yield `          ${line}`;
  }
}

function* detailLines(finding: Finding): Generator<string> {
  if (finding.demoted !== null) yield `demoted: ${escapeText(finding.demoted)}`;
  if (finding.kind === 'posture' && finding.reason !== null) yield escapeText(finding.reason);
  const own = finding.occurrences.find(({ where }) => where === finding.where) ?? finding.occurrences[0]!;
  yield* bringers(own);
  const others = finding.occurrences.filter((each) => each !== own);
  for (const other of others.slice(0, MOST_PLACES)) yield `also ${other.state}: ${whereText(other.where)}`;
  if (others.length > MOST_PLACES) yield `and at ${others.length - MOST_PLACES} more places`;
}

function* bringers({ introducedBy, removedBy, removedIn }: Occurrence): Generator<string> {
  if (introducedBy !== null) yield `brought by ${escapeText(introducedBy)}`;
  if (removedIn === null) return;
  yield `gone since layer ${removedIn}${removedBy === null ? '' : `: ${escapeText(removedBy)}`}`;
}
