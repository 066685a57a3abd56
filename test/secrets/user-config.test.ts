import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../fixtures/canary.ts';
import { filesImage } from '../../fixtures/corpus.ts';
import type { Finding } from '../../src/finding/finding.ts';
import { boundOf } from '../../src/secrets/match/bounded-pattern.ts';
import { parseUserConfig } from '../../src/secrets/user-config.ts';
import { run } from '../commands/run.ts';

const RULE = ['rules:', '  - id: acme-token', '    title: Acme token', '    anchors: [acme_]'];

describe('a configuration', () => {
  it('contains rules and exceptions, or neither', () => {
    const text = [...RULE, '    pattern: acme_[a-z]{32}', 'allow:', '  - path: /a/**', '    reason: tests'];
    expect(parseUserConfig(text.join('\n'), 'x.yaml')).toEqual({
      rules: [
        {
          id: 'acme-token',
          title: 'Acme token',
          anchors: ['acme_'],
          pattern: 'acme_[a-z]{32}',
          severity: 'high',
        },
      ],
      allow: [{ path: '/a/**', reason: 'tests' }],
    });
    expect(parseUserConfig('', 'x.yaml')).toEqual({ rules: [], allow: [] });
  });

  it.each([
    ['invalid YAML', 'rules:\n  - id: [', /^x\.yaml:2: /],
    ['an unknown key', 'allow: []\nalow: []\n', /^x\.yaml:2: .*alow/],
    ['an exception without a reason', 'allow:\n  - rule: a\n', /^x\.yaml:2: allow\[0\]\.reason: /],
    ['an exception for everything', 'allow:\n\n  - reason: all\n', /^x\.yaml:3: allow\[0\]: name a rule/],
    [
      'a short anchor',
      [...RULE.slice(0, 3), '    anchors: [ab]', '    pattern: abc'].join('\n'),
      /^x\.yaml:4: rules\[0\]\.anchors\[0\]: an anchor/,
    ],
    [
      'an unbounded pattern',
      [...RULE, '    pattern: acme_[a-z]+'].join('\n'),
      /^x\.yaml:5: rules\[0\]\.pattern: unbounded repetition/,
    ],
    [
      'the id of another rule',
      RULE.join('\n').replace('acme-token', 'npm-token') + '\n    pattern: acme_a',
      /^x\.yaml:2: rules\[0\]\.id: npm-token is already the id/,
    ],
  ])('is rejected with the line of the error: %s', (_what, text, message) => {
    expect(() => parseUserConfig(text, 'x.yaml')).toThrow(message);
  });
});

describe('the pattern of a custom rule', () => {
  it.each([
    ['acme_[a-z]{32}', 37, 1],
    ['a(?:b|cd)?e{2,4}', 7, 12],
    ['(a|b){3}', 3, 8],
    [String.raw`\x41[\]x]{0,3}`, 4, 4],
  ])('is measured: %s', (pattern, longest, ways) => {
    expect(boundOf(pattern)).toEqual({ longest, ways });
  });

  it.each([
    ['(a|a){30}', /too many ways/],
    ['(?:a{0,10}){10}b', /too many ways/],
    ['a{0,500}a{0,500}a{0,500}b', /too many ways/],
    ['a{2,}', /unbounded/],
    ['a+?', /unbounded/],
    ['(?=a)b', /look-around/],
    [String.raw`(a)\1`, /backreferences/],
    ['a{5000}', /5000 bytes/],
    ['(a', /missing "\)"/],
    ['a)', /unmatched "\)"/],
    ['[z-a]', /out of order/],
  ])('is rejected: %s', (pattern, message) => {
    expect(() => boundOf(pattern)).toThrow(message);
  });
});

describe('scan --config', () => {
  let folder = '';
  let image = '';
  const secret = ['acme', seededRandom('acme').text('abcdefghijkmnopq', 32)].join('_');

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'exhume-config-'));
    image = path.join(folder, 'image.tar');
    await writeFile(image, await filesImage(new Map([['opt/a.txt', `x ${secret} y`]])));
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function scanWith(text: string): Promise<Finding[]> {
    const config = path.join(folder, 'my.yaml');
    await writeFile(config, text);
    const { status, stdout } = await run('scan', image, '--config', config, '--json');
    expect(status).toBe(0);
    return (JSON.parse(stdout) as { findings: Finding[] }).findings.filter(
      ({ rule }) => rule === 'acme-token',
    );
  }

  const rules = [...RULE, '    pattern: acme_[a-z]{32}', '    severity: critical', ''].join('\n');

  it('reports matches of custom rules', async () => {
    expect(await scanWith(rules)).toMatchObject([{ severity: 'critical', suppressed: null, state: 'live' }]);
  });

  it.each([
    ['by path', 'path: /opt/**', 'allowed: ours'],
    ['by rule', 'rule: acme-token', 'allowed: ours'],
    ['but not elsewhere', 'path: /srv/**', null],
    ['but not another rule', 'rule: acme-token-2\n    path: /opt/**', null],
  ])('applies exceptions with their reason: %s', async (_what, what, suppressed) => {
    const [found] = await scanWith(`${rules}allow:\n  - ${what}\n    reason: ours\n`);
    expect(found?.suppressed).toBe(suppressed);
  });

  it('applies an exception by fingerprint', async () => {
    const [before] = await scanWith(rules);
    const [after] = await scanWith(
      `${rules}allow:\n  - fingerprint: "${before!.fingerprint}"\n    reason: ours\n`,
    );
    expect(after?.suppressed).toBe('allowed: ours');
  });

  it('exits with status 2 for an invalid or missing file', async () => {
    const wrong = path.join(folder, 'wrong.yaml');
    await writeFile(wrong, 'allow: 1\n');
    expect(await run('scan', image, '--config', wrong)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('wrong.yaml:1: allow: ') as string,
    });
    expect(await run('scan', image, '--config', path.join(folder, 'none.yaml'))).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('(ENOENT)') as string,
    });
  });
});
