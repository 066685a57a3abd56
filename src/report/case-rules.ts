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
  const known = new Map(findings.map((finding) => [finding.id, finding]));
  const alarms = [...decisions].filter(({ verdict }) => verdict === 'false-alarm');
  yield '# False alarms of a case. Merge them into exhume.yaml, or name this file with --config.';
  if (alarms.length === 0) {
    yield 'allow: []';
    return;
  }
  yield 'allow:';
  for (const { at, finding, operator, reason } of alarms) {
    const found = known.get(finding);
    if (found !== undefined) yield `  # ${escapeText(found.title)}: ${whereText(found.where)}`;
    const who = operator === null ? '' : ` by ${escapeText(operator)}`;
    yield `  # decided at ${at}${who}`;
    yield `  - fingerprint: ${JSON.stringify(finding)}`;
    yield `    reason: ${JSON.stringify(reason === null || reason.trim() === '' ? 'a false alarm' : reason)}`;
  }
}
