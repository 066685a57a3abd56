import picomatch from 'picomatch';
import type { Finding } from '../finding/finding.ts';
import type { Allowed } from './user-config.ts';

/**
 * Suppresses the findings that a configuration allows, with the reason given there. A path pattern allows a
 * finding only if it matches all of its occurrences: a credential that also occurs elsewhere stays reported.
 * @returns all findings, in the same order
 */
export function suppressAllowed(findings: readonly Finding[], allow: readonly Allowed[]): Finding[] {
  const tests = allow.map((each) => ({ reason: each.reason, matches: matcherOf(each) }));
  return findings.map((finding) => {
    if (finding.suppressed !== null) return finding;
    const found = tests.find(({ matches }) => matches(finding));
    return found === undefined ? finding : { ...finding, suppressed: `allowed: ${found.reason}` };
  });
}

function matcherOf({ rule, path, fingerprint }: Allowed): (finding: Finding) => boolean {
  const inside = path === undefined ? null : picomatch(path.replace(/^\/+/, ''), { dot: true });
  return (finding) =>
    (rule === undefined || rule === finding.rule) &&
    (fingerprint === undefined || fingerprint === finding.fingerprint || fingerprint === finding.id) &&
    (inside === null ||
      finding.occurrences.every(
        ({ where }) => where.path !== null && inside(where.path.replace(/^\/+/, '')),
      ));
}
