import type { Decision } from '../finding/decision.ts';
import type { Finding } from '../finding/finding.ts';
import { escapeText } from '../text/escape.ts';
import { whereText } from './finding-lines.ts';

/**
 * Formats the false alarms of a case as the `allow` section of an `exhume.yaml`: one exception for each finding, by
 * id, so that another value at the same place is still reported.
 * @param findings the findings of the image, if it is open; comments then name each finding and its place
 * @returns lines of YAML
 */
export function* caseRules(decisions: Iterable<Decision>, findings: readonly Finding[]): Generator<string> {
  const alarms = caseExceptions(decisions, findings);
  yield '# False alarms of a case. Merge them into exhume.yaml, or use this file with --config.';
  if (alarms.length === 0) {
    yield 'allow: []';
    return;
  }
  yield 'allow:';
  for (const { comments, fingerprint, reason } of alarms) {
    for (const comment of comments) yield `  # ${comment}`;
    yield `  - fingerprint: ${JSON.stringify(fingerprint)}`;
    yield `    reason: ${JSON.stringify(reason)}`;
  }
}

/** An exception for a configuration file, with comments that describe the finding. */
export interface CaseException {
  readonly comments: readonly string[];
  readonly fingerprint: string;
  readonly reason: string;
}

/** Converts the false alarms among decisions to exceptions, in the same order. */
export function caseExceptions(decisions: Iterable<Decision>, findings: readonly Finding[]): CaseException[] {
  const known = new Map(findings.map((finding) => [finding.id, finding]));
  return [...decisions]
    .filter(({ verdict }) => verdict === 'false-alarm')
    .map(({ at, finding, operator, reason }) => {
      const found = known.get(finding);
      const who = operator === null ? '' : ` by ${escapeText(operator)}`;
      return {
        comments: [
          ...(found === undefined ? [] : [`${escapeText(found.title)}: ${whereText(found.where)}`]),
          `decided at ${at}${who}`,
        ],
        fingerprint: finding,
        reason: reason === null || reason.trim() === '' ? 'false alarm' : reason,
      };
    });
}
