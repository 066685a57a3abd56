import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ed25519Pem } from '../../fixtures/canary-keys.ts';
import { githubToken, seededRandom } from '../../fixtures/canary.ts';
import { filesImage, type Planted, surfaceCorpus } from '../../fixtures/corpus.ts';
import { ociArchive } from '../../fixtures/forms.ts';
import { buildImage } from '../../fixtures/image.ts';
import { file, packTar } from '../../fixtures/tar.ts';
import type { Finding } from '../../src/finding/finding.ts';
import type { Where } from '../../src/finding/where.ts';
import { identityOf } from '../../src/secrets/identity.ts';
import { SCAN_CAPACITY } from '../../src/secrets/match/anchor-scanner.ts';
import { ContentScanner } from '../../src/secrets/match/content-scanner.ts';
import { LOOK_AHEAD, LOOK_BACK, Matcher } from '../../src/secrets/match/matcher.ts';
import { SUPPRESSED } from '../../src/secrets/rule.ts';
import { RULES } from '../../src/secrets/rules/catalogue.ts';
import { run } from '../commands/run.ts';
import { secretsIn } from './scan-archive.ts';

const NOW = Date.UTC(2026, 0, 1);
const matcher = new Matcher(RULES, { now: NOW });
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhume-corpus-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

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

/** Long random values are identified by their own hash, so the test can match findings to planted values. */
function fingerprintOf(token: string): string {
  return identityOf('github-personal-token', Buffer.from(token), NOWHERE, 0).fingerprint;
}

describe('every surface, state and encoding', () => {
  let planted: readonly Planted[] = [];
  let findings: readonly Finding[] = [];

  beforeAll(async () => {
    const corpus = await surfaceCorpus();
    ({ planted } = corpus);
    findings = await secretsIn(corpus.archive);
  });

  it('finds every planted value once, in its place', () => {
    const seen = planted.map(({ what, token, inside }) => {
      const found = findings.find(({ fingerprint }) => fingerprint === fingerprintOf(token));
      const place = found?.where;
      return {
        what,
        surface: place?.surface,
        state: found?.state,
        suppressed: found?.suppressed,
        inside: place?.inside.map((step, index) => step.slice(0, inside[index]?.length ?? step.length)),
      };
    });
    expect(seen).toEqual(
      planted.map(({ what, surface, state, inside }) => ({ what, surface, state, suppressed: null, inside })),
    );
    expect(planted.length).toBeGreaterThan(60);
  });

  it('names the part of a tar member other than its content', () => {
    const keyOf = (what: string): string | null | undefined => {
      const { token } = planted.find((each) => each.what === what)!;
      return findings.find(({ fingerprint }) => fingerprint === fingerprintOf(token))?.where.key;
    };
    expect(keyOf('name of a file')).toBe('name');
    expect(keyOf('target of a link')).toBe('link target');
    expect(keyOf('extended attribute')).toBe('xattr user.note');
    expect(keyOf('live file')).toBeNull();
  });

  it('shows no value, not even in a path', () => {
    const shown = JSON.stringify(findings);
    expect(planted.filter(({ token }) => shown.includes(token)).map(({ what }) => what)).toEqual([]);
  });

  it('finds nothing else', () => {
    const known = new Set(planted.map(({ token }) => fingerprintOf(token)));
    const more = findings.filter(({ fingerprint }) => !known.has(fingerprint!));
    expect(more.map(({ rule, where }) => [rule, where])).toEqual([]);
  });
});

it.each(['none', 'gzip'] as const)(
  'finds secrets after the end of the tar of a layer (%s)',
  async (compression) => {
    const token = githubToken(`after the end, ${compression}`);
    const padding = Buffer.alloc(300_000);
    const tar = Buffer.concat([await packTar([file('etc/motd', 'hello')]), padding, Buffer.from(token)]);
    const image = await buildImage({ steps: [{ createdBy: 'COPY a /', tar, compression }] });
    const name = path.join(folder, `trailing-${compression}.tar`);
    await writeFile(name, await ociArchive([image]));
    const { stdout, stderr } = await run('scan', name, '--json');
    expect(stderr).toContain('data after the end of the archive');
    const { findings } = JSON.parse(stdout) as { findings: Finding[] };
    const found = findings.find(({ fingerprint }) => fingerprint === fingerprintOf(token))!;
    expect(found.where).toMatchObject({
      surface: 'archive',
      layer: 0,
      inside: ['bytes behind the end of the tar'],
    });
    expect(stdout).not.toContain(token);
  },
);

it('reports a private key once however its lines are written', async () => {
  const key = ed25519Pem('written in many ways');
  const findings = await secretsIn(
    await filesImage(
      new Map([
        ['etc/ssl/private/key.pem', key],
        ['srv/windows.pem', key.replaceAll('\n', '\r\n')],
        ['srv/service.json', JSON.stringify({ name: 'x', private_key: key }, null, 2)],
        ['srv/twice.json', JSON.stringify({ inner: JSON.stringify({ key }) })],
        ['srv/.env', `A=b\nPRIVATE_KEY="${key.replaceAll('\n', '\\n')}"\nC=d\n`],
        ['srv/values.yaml', `tls:\n  key: |\n${key.replaceAll(/^(?=.)/gm, '    ')}`],
        ['srv/secret.yaml', `data:\n  key: ${Buffer.from(key).toString('base64')}\n`],
        ['srv/key.c', key.replaceAll(/^(.+)\n/gm, '"$1\\n"\n')],
      ]),
    ),
  );
  expect(findings.map(({ rule, suppressed }) => [rule, suppressed])).toEqual([
    [expect.stringMatching(/key/), null],
  ]);
  expect(findings[0]!.occurrences.map(({ where }) => where.path).toSorted()).toEqual([
    '/etc/ssl/private/key.pem',
    '/srv/.env',
    '/srv/key.c',
    '/srv/secret.yaml',
    '/srv/service.json',
    '/srv/twice.json',
    '/srv/values.yaml',
    '/srv/windows.pem',
  ]);
});

describe('every rule', () => {
  const examples = RULES.map((rule) => ({ rule, text: rule.example(seededRandom(`corpus ${rule.id}`)) }));

  it('reports its canary in a file of an image', async () => {
    const files = new Map(
      examples.map(({ rule, text }) => [`canary/${rule.id}.txt`, `first\n${text}\nlast\n`]),
    );
    const findings = await secretsIn(await filesImage(files));
    const reported = new Set(
      findings
        .filter(({ suppressed }) => suppressed === null)
        .flatMap(({ rule, occurrences }) => occurrences.map(({ where }) => `${rule} ${where.path}`)),
    );
    // A guess is reported only with a supporting name nearby; test those canaries with the matcher alone.
    const sure = examples.filter(({ text, rule }) =>
      matcher
        .matchWhole(Buffer.from(`first\n${text}\nlast\n`, 'latin1'))
        .some((hit) => hit.rule === rule.id && hit.confidence !== 'low'),
    );
    expect(sure.length).toBeGreaterThan(150);
    const missed = sure.filter(({ rule }) => !reported.has(`${rule.id} /canary/${rule.id}.txt`));
    expect(missed.map(({ rule }) => rule.id)).toEqual([]);
  });

  it('with a checksum rejects a canary with one wrong character', () => {
    let checked = 0;
    for (const { rule, text } of examples) {
      const bytes = Buffer.from(text, 'latin1');
      const hit = matcher.matchWhole(bytes).find((each) => each.rule === rule.id);
      if (hit?.verdict !== 'checksum-valid') continue;
      checked++;
      for (const part of [0.45, 0.6, 0.75]) {
        const at = hit.start + Math.floor((hit.end - hit.start) * part);
        const off = Buffer.from(bytes);
        off[at] = bytes[at] === 0x71 ? 0x77 : 0x71;
        const reported = matcher
          .matchWhole(off)
          .filter((each) => !SUPPRESSED.has(each.verdict) && each.confidence !== 'low');
        expect([rule.id, part, reported.map((each) => each.rule)]).toEqual([rule.id, part, []]);
      }
    }
    expect(checked).toBeGreaterThan(7);
  });
});

describe('window edges', () => {
  const token = githubToken('edge');
  const capacity = SCAN_CAPACITY + LOOK_AHEAD + LOOK_BACK;
  const edges = [SCAN_CAPACITY / 4, SCAN_CAPACITY / 2, SCAN_CAPACITY, capacity, capacity + SCAN_CAPACITY];

  it.each([512, 65_536, 1_000_003])('hide no value, with pieces of %d bytes', (piece) => {
    const scanner = new ContentScanner(matcher);
    const missed: number[][] = [];
    for (let shift = 0; shift <= token.length; shift += piece === 512 ? 4 : 1) {
      const content = Buffer.alloc(capacity + SCAN_CAPACITY + 9000, '. ');
      const places = edges.map((edge) => edge - shift);
      for (const [index, place] of places.entries())
        content.write(githubToken(`edge${index}`), place, 'latin1');
      for (let at = 0; at < content.length; at += piece) scanner.feed(content.subarray(at, at + piece));
      const found = new Set(scanner.end().map(({ start }) => start));
      missed.push(places.filter((place) => !found.has(place)));
    }
    expect(missed.flat()).toEqual([]);
  });
});
