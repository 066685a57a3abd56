import { describe, expect, it } from 'vitest';
import { placeOn } from '../../../src/finding/where.ts';
import { Masker } from '../../../src/secrets/mask/masker.ts';
import type { RawHit } from '../../../src/secrets/raw-hit.ts';
import { assembleFindings } from '../../../src/secrets/scan/assemble.ts';
import type { FoundSecret } from '../../../src/secrets/scan/found-secret.ts';

function found(value: string, path: string, more: Partial<RawHit> = {}): FoundSecret {
  const hit: RawHit = {
    rule: 'token-assignment',
    title: 'Token',
    start: 0,
    end: value.length,
    line: 1,
    value: Buffer.from(value),
    verdict: 'pattern-only',
    reason: null,
    severity: 'high',
    confidence: 'medium',
    via: null,
    details: {},
    tier: 2,
    ...more,
  };
  const where = placeOn({ surface: 'file', layer: 0, path });
  const facts = {
    state: 'live',
    origin: 'unknown',
    introducedBy: null,
    removedBy: null,
    removedIn: null,
  } as const;
  return { hit, occurrence: { where, ...facts }, suppressed: null };
}

const assembled = (secrets: readonly FoundSecret[]): [string, (string | null)[]][] =>
  assembleFindings(secrets, new Masker([])).map(({ rule, occurrences }) => [
    rule,
    occurrences.map(({ where }) => where.path),
  ]);

describe('findings', () => {
  it('combine all places of a value under the most specific rule', () => {
    expect(
      assembled([
        found('one', '/etc/env'),
        found('two', '/app/.env'),
        found('one', '/app/.npmrc', { rule: 'npm-token', tier: 0, verdict: 'checksum-valid' }),
      ]),
    ).toEqual([
      ['npm-token', ['/etc/env', '/app/.npmrc']],
      ['token-assignment', ['/app/.env']],
    ]);
  });

  it.each<[string, Partial<RawHit>]>([
    ['more confident', { confidence: 'high' }],
    ['more severe', { severity: 'critical' }],
  ])('take their rule from the %s of two hits', (_what, more) => {
    const [finding] = assembled([found('one', '/a'), found('one', '/b', { rule: 'npm-token', ...more })]);
    expect(finding).toEqual(['npm-token', ['/a', '/b']]);
  });

  it('contain no character of the value', () => {
    expect(JSON.stringify(assembleFindings([found('plain-value', '/a')], new Masker([])))).not.toContain(
      'plain-value',
    );
  });
});
