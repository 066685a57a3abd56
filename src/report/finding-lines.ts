import { type Finding, type FindingCounts, type Occurrence, SEVERITIES } from '../finding/finding.ts';
import type { Where } from '../finding/where.ts';
import { escapeText } from '../text/escape.ts';
import { quantity } from '../text/quantity.ts';
import { formatTable } from '../text/table.ts';

/** Maximum number of places listed for one finding; the rest are counted. */
const MAX_PLACES = 6;

/** Formats a place for people: `layer 3 /app/.env:4`, `layer 3 /app/lock (link target)`, `history 12`. Escaped. */
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

/** Returns one line with the number of findings. */
export function countText({ bySeverity, byState, reported, suppressed }: FindingCounts): string {
  const severities = SEVERITIES.filter((severity) => bySeverity[severity] > 0).map(
    (severity) => `${bySeverity[severity]} ${severity}`,
  );
  const hidden = byState.shadowed + byState.deleted + byState.metadata;
  const parts = [
    reported === 0 ? 'no findings' : `${quantity(reported, 'finding')}: ${severities.join(', ')}`,
    ...(hidden === 0 ? [] : [`${hidden} not visible in the container`]),
    ...(suppressed === 0 ? [] : [`${suppressed} suppressed`]),
  ];
  return parts.join('; ');
}

/**
 * Formats findings for people: one line each, followed by the instructions that added and removed it and by its other
 * places.
 * @param findings the findings, in output order
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
  if (finding.suppressed !== null) yield `suppressed: ${escapeText(finding.suppressed)}`;
  if (finding.kind === 'posture' && finding.reason !== null) yield escapeText(finding.reason);
  const own = finding.occurrences.find(({ where }) => where === finding.where) ?? finding.occurrences[0]!;
  yield* changeLines(own);
  const others = finding.occurrences.filter((each) => each !== own);
  for (const other of others.slice(0, MAX_PLACES)) yield `also ${other.state}: ${whereText(other.where)}`;
  if (others.length > MAX_PLACES) yield `and ${quantity(others.length - MAX_PLACES, 'more place')}`;
}

function* changeLines({ introducedBy, removedBy, removedIn }: Occurrence): Generator<string> {
  if (introducedBy !== null) yield `introduced by ${escapeText(introducedBy)}`;
  if (removedIn === null) return;
  yield `removed in layer ${removedIn}${removedBy === null ? '' : ` by ${escapeText(removedBy)}`}`;
}
