import type { Finding } from '../../src/finding/finding.ts';
import type { Where } from '../../src/finding/where.ts';

const NOWHERE: Where = {
  surface: 'file',
  layer: null,
  path: null,
  line: null,
  offset: null,
  key: null,
  historyIndex: null,
  inside: [],
};

/** A reported, live, high finding for a test. @param places where it stands, the first of them first */
export function findingOf(
  title: string,
  places: readonly Partial<Where>[],
  more: Partial<Finding> = {},
): Finding {
  const occurrences = places.map((place) => ({
    where: { ...NOWHERE, ...place },
    state: 'live' as const,
    origin: 'application' as const,
    introducedBy: null,
    removedBy: null,
    removedIn: null,
  }));
  return {
    id: title,
    kind: 'secret',
    rule: 'a-rule',
    title,
    severity: 'high',
    confidence: 'high',
    reason: null,
    suppressed: null,
    where: occurrences[0]!.where,
    occurrences,
    state: 'live',
    origin: 'application',
    introducedBy: null,
    removedBy: null,
    redacted: '********(40)',
    fingerprint: title,
    valueLength: 40,
    details: {},
    remediation: [],
    references: [],
    ...more,
  };
}
