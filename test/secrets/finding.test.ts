import { describe, expect, it } from 'vitest';
import { fingerprint, groupHits, isLoud, redact } from '../../src/secrets/fingerprint.ts';
import type { RawHit } from '../../src/secrets/raw-hit.ts';

const KEY = Buffer.alloc(16, 7);

function hit(value: string, more: Partial<RawHit> = {}): RawHit {
  return {
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
}

describe('findings', () => {
  it('are one for a value in many places, named by the hit that says most', () => {
    const findings = groupHits(KEY, [
      { place: 'env', hit: hit('one') },
      { place: '/app/.env', hit: hit('two') },
      { place: '/app/.npmrc', hit: hit('one', { rule: 'npm-token', tier: 0, verdict: 'checksum-valid' }) },
    ]);
    expect(findings.map(({ rule, occurrences }) => [rule, occurrences.map(({ place }) => place)])).toEqual([
      ['npm-token', ['env', '/app/.npmrc']],
      ['token-assignment', ['/app/.env']],
    ]);
  });

  it('are quiet where demoted or merely guessed', () => {
    const loud = (more: Partial<RawHit>): boolean[] =>
      groupHits(KEY, [{ place: 0, hit: hit('v', more) }]).map(isLoud);
    expect(loud({})).toEqual([true]);
    expect(loud({ verdict: 'placeholder' })).toEqual([false]);
    expect(loud({ confidence: 'low' })).toEqual([false]);
  });

  it('keep their names under the same key, and change them under another', () => {
    const id = (key: Uint8Array, value: string): string =>
      groupHits(key, [{ place: 0, hit: hit(value) }])[0]!.id;
    expect(id(KEY, 'a')).toBe(id(KEY, 'a'));
    expect(id(KEY, 'a')).not.toBe(id(KEY, 'b'));
    expect(id(KEY, 'a')).not.toBe(id(Buffer.alloc(16, 8), 'a'));
    expect(fingerprint(KEY, Buffer.from('a'))).toMatch(/^[0-9a-f]{32}$/);
  });

  it('show nothing of the value but its length', () => {
    expect(redact(Buffer.from('s3cr3t'))).toBe('******(6)');
    expect(redact(Buffer.alloc(40, 'x'))).toBe('********(40)');
    expect(redact(Buffer.alloc(0))).toBe('(0)');
    const [finding] = groupHits(KEY, [{ place: 0, hit: hit('plain-value') }]);
    const { occurrences: _hidden, ...shown } = finding!;
    expect(JSON.stringify(shown)).not.toContain('plain-value');
  });
});
