import type { Decision } from '../finding/decision.ts';
import type { Finding } from '../finding/finding.ts';
import { escapeText } from '../text/escape.ts';
import { whereText } from './finding-lines.ts';

/**
 * False alarms of a case as the `allow` part of an `exhume.yaml`: one exception a finding, by its id, so that
 * another value at the same place stays loud.
 * @param findings of the image, where it was named: then a comment says what and where each one is
 * @returns lines of YAML
 */
export function* caseRules(decisions: Iterable<Decision>, findings: readonly Finding[]): Generator<string> {
  const alarms = caseExceptions(decisions, findings);
  yield '# False alarms of a case. Merge them into exhume.yaml, or name this file with --config.';
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

/** An exception of a configuration, with what a person would want to know of it in comments. */
export interface CaseException {
  readonly comments: readonly string[];
  readonly fingerprint: string;
  readonly reason: string;
}

/** The false alarms among decisions as exceptions, in the order of the decisions. */
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
        reason: reason === null || reason.trim() === '' ? 'a false alarm' : reason,
      };
    });
}
