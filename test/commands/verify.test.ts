import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import formats from 'ajv-formats';
import draft4 from 'ajv-draft-04';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { githubToken, stripeKey } from '../../fixtures/canary.ts';
import { dockerArchive, packFiles } from '../../fixtures/forms.ts';
import { buildImage, type FixtureStep } from '../../fixtures/image.ts';
import { blobPath, ociLayoutFiles } from '../../fixtures/oci-files.ts';
import { dir, file, whiteout } from '../../fixtures/tar.ts';
import type { Finding } from '../../src/finding/finding.ts';
import { readReport } from '../../src/retest/read-report.ts';
import { Masker } from '../../src/secrets/mask/masker.ts';
import { type Retest, retest as compareWith } from '../../src/retest/verify.ts';
import { violations } from '../schema-of.ts';
import { run } from './run.ts';

const TOKEN = githubToken('retest');
const ROOT = [dir('etc'), file('etc/os-release', 'ID=test\n')];
const LEAKED = [dir('app'), file('app/.env', `GITHUB_TOKEN=${TOKEN}\n`), file('app/main.js', 'run()\n')];
const CLEANED = [dir('app'), file('app/main.js', 'run()\n')];
const BASE: FixtureStep[] = [
  { createdBy: '/bin/sh -c #(nop) ADD file:base in / ', entries: ROOT },
  { createdBy: '/bin/sh -c #(nop)  CMD ["sh"]', empty: true },
];
const LEAK: FixtureStep = {
  createdBy: 'COPY . /app # buildkit',
  comment: 'buildkit.dockerfile.v0',
  entries: LEAKED,
};
const CLEAN: FixtureStep = {
  createdBy: 'COPY main.js /app/ # buildkit',
  comment: 'buildkit.dockerfile.v0',
  entries: CLEANED,
};
const remove = (...paths: string[]): FixtureStep => ({
  createdBy: `RUN /bin/sh -c rm ${paths.join(' ')} # buildkit`,
  comment: 'buildkit.dockerfile.v0',
  entries: paths.map((each) => whiteout(each)),
});

let folder = '';
let report = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhume-verify-'));
  report = path.join(folder, 'report.json');
  const { status } = await run('report', await image('leaky', [...BASE, LEAK]), '-o', report);
  expect(status).toBe(0);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function image(
  name: string,
  steps: FixtureStep[],
  config: Record<string, unknown> = {},
): Promise<string> {
  const target = path.join(folder, `${name}.tar`);
  const built = await buildImage({ steps, config, names: [`exhume/${name}:1`] });
  await writeFile(target, await dockerArchive([built], { form: 'podman' }));
  return target;
}

async function verify(target: string, ...more: string[]): Promise<{ status: number; retest: Retest }> {
  const { status, stdout } = await run('verify', report, target, '--json', ...more);
  return { status, retest: JSON.parse(stdout) as Retest };
}

/** Counts the results of credentials only. */
const secrets = ({ findings }: Retest): Record<string, number> => {
  const counts = { fixed: 0, persisting: 0, moved: 0, new: 0 };
  for (const { kind, result } of findings)
    if (kind === 'secret' && result !== 'not-checked') counts[result]++;
  return counts;
};
const notes = ({ findings }: Retest): string => findings.flatMap((finding) => finding.notes).join('; ');

describe('a retest', () => {
  it('passes for an image that was built without the credential', async () => {
    const { retest, status } = await verify(await image('clean', [...BASE, CLEAN]));
    expect([status, retest.met, secrets(retest)]).toEqual([
      0,
      true,
      { fixed: 1, persisting: 0, moved: 0, new: 0 },
    ]);
  });

  it('fails for an rm in a later layer, and says why that is not a fix', async () => {
    const { retest, status } = await verify(await image('rm', [...BASE, LEAK, remove('app/.env')]));
    expect([status, secrets(retest).persisting]).toEqual([1, 1]);
    expect(retest.findings.find(({ kind }) => kind === 'secret')!.after!.state).toBe('deleted');
    expect(notes(retest)).toContain('deleted in a later layer');
    expect(notes(retest)).toContain('layer 1 has not changed since the report');
  });

  it('fails for a squash that keeps the value under another name', async () => {
    const moved = { ...CLEAN, entries: [dir('srv'), file('srv/token', `token=${TOKEN}\n`)] };
    const { retest, status } = await verify(await image('moved', [...BASE, moved]));
    expect([status, secrets(retest).moved]).toEqual([1, 1]);
    expect(notes(retest)).toContain('the same value has another name or place now');
  });

  it('fails if the layers are clean but the archive still has the old blob', async () => {
    const clean = await buildImage({ steps: [...BASE, CLEAN], names: ['exhume/squashed:1'] });
    const leaky = await buildImage({ steps: [...BASE, LEAK] });
    const target = path.join(folder, 'carried.tar');
    const files = ociLayoutFiles([clean], {});
    const { blob } = leaky.layers.at(-1)!;
    files.set(blobPath(blob.digest), blob.bytes);
    await writeFile(target, await packFiles(files, 0o644));
    const { retest, status } = await verify(target);
    expect([status, secrets(retest).fixed]).toEqual([1, 0]);
    expect(notes(retest)).toContain('still in a blob of the archive');
  });

  it('fails for a new credential', async () => {
    const added = { ...CLEAN, entries: [file('app/pay.env', `STRIPE_KEY=${stripeKey('retest')}\n`)] };
    const { retest, status } = await verify(await image('new', [...BASE, added]));
    expect([status, secrets(retest)]).toEqual([1, { fixed: 1, persisting: 0, moved: 0, new: 1 }]);
  });

  it('says that the image was not rebuilt if it is the image of the report', async () => {
    const { retest } = await verify(path.join(folder, 'leaky.tar'));
    expect(retest.notes).toEqual(['this is the image of the report: it was not rebuilt']);
  });
});

describe('an incomplete fix', () => {
  /** Compares a report on one image with another image. */
  async function against(before: FixtureStep[], after: string): Promise<{ status: number; retest: Retest }> {
    const earlier = path.join(folder, 'before.json');
    await run('report', await image('before', before), '-o', earlier, '--force');
    const { status, stdout } = await run('verify', earlier, after, '--json');
    return { status, retest: JSON.parse(stdout) as Retest };
  }

  it('is a squash that still has the live file', async () => {
    const all = { createdBy: 'squash', entries: [...ROOT, ...LEAKED] };
    const { retest, status } = await verify(await image('squashed', [all]));
    expect([status, secrets(retest).persisting]).toEqual([1, 1]);
    expect(retest.notes).toContain(
      'the layers were squashed into one, which still has credentials of the report',
    );
  });

  it('is not a squash without the deleted file', async () => {
    const all = { createdBy: 'squash', entries: [...ROOT, ...CLEANED] };
    const { retest, status } = await against(
      [...BASE, LEAK, remove('app/.env')],
      await image('clean-squash', [all]),
    );
    expect([status, secrets(retest).fixed, retest.notes]).toEqual([0, 1, []]);
  });

  it('is a clean image in an archive that still has the leaky one', async () => {
    const clean = await buildImage({ steps: [...BASE, CLEAN], names: ['exhume/new:2'] });
    const leaky = await buildImage({ steps: [...BASE, LEAK], names: ['exhume/old:1'] });
    const target = path.join(folder, 'both.tar');
    await writeFile(target, await dockerArchive([clean, leaky], { form: 'podman' }));
    const { retest, status } = await verify(target, '--image', 'exhume/new:2');
    expect([status, retest.met]).toEqual([0, true]);
    expect(retest.notes).toEqual([
      expect.stringMatching(
        /exhume\/old:1, an image of the same archive, still has a layer in which the report found/,
      ),
    ]);
  });

  it('is the same value in base64', async () => {
    const text = `config: ${Buffer.from(`GITHUB_TOKEN=${TOKEN}`).toString('base64')}\n`;
    const { retest, status } = await verify(
      await image('base64', [...BASE, { ...CLEAN, entries: [file('app/config.txt', text)] }]),
    );
    expect([status, secrets(retest).fixed]).toEqual([1, 0]);
    expect(notes(retest)).toContain('the same value is now encoded (base64)');
  });

  it('is the same base image with the credential', async () => {
    const base = [
      {
        ...BASE[0]!,
        entries: [...ROOT, dir('srv'), file('srv/token', `t=${TOKEN}\n`)],
      },
      BASE[1]!,
    ];
    const { retest, status } = await against(
      [...base, CLEAN],
      await image('same-base', [...base, CLEAN, remove('srv/token')]),
    );
    expect(status).toBe(1);
    expect(notes(retest)).toContain('it comes from the base image: use another base');
    expect(retest.notes).toContain('the base image has not changed, and some findings come from it');
  });
});

describe('a case', () => {
  it('provides goals and decisions, and logs the retest', async () => {
    const held = path.join(folder, 'case.json');
    await run('case', 'open', held, path.join(folder, 'leaky.tar'), '--goal', 'not-root', 'no-secrets');
    const out = path.join(folder, 'with-case.json');
    await run('report', path.join(folder, 'leaky.tar'), '-o', out, '--case', held);
    const clean = await image('case-clean', [...BASE, CLEAN]);

    // The report has the goals of its case, which --goal overrides.
    const { status, stdout } = await run('verify', out, clean, '--json');
    expect([status, (JSON.parse(stdout) as Retest).goals.map(({ goal, met }) => [goal, met])]).toEqual([
      1,
      [
        ['not-root', false],
        ['no-secrets', true],
      ],
    ]);
    expect((await run('verify', out, clean, '--goal', 'no-secrets')).status).toBe(0);

    const { findings } = JSON.parse(await readFile(out, 'utf8')) as { findings: Finding[] };
    const { id } = findings.find(({ kind }) => kind === 'secret')!;
    await run('case', 'decide', held, 'rotated', id);
    const leaky = path.join(folder, 'leaky.tar');
    expect((await run('verify', report, leaky, '--case', held, '--goal', 'no-secrets')).status).toBe(0);
    const log = (await run('case', 'show', held)).stdout;
    expect(log).toMatch(/retested {2}sha256:[0-9a-f]{64} compared with .*report\.json: passed/);
    expect((await run('case', 'verify', held)).status).toBe(0);
  });

  it('counts a flag as fixed only if its place no longer exists', async () => {
    const held = path.join(folder, 'flags.json');
    const entries = [dir('app'), file('app/door', '1234\n')];
    const before = await image(
      'door',
      [...BASE, { ...CLEAN, entries }, { createdBy: 'ENV DOOR=1', empty: true }],
      { Env: ['DOOR=1'] },
    );
    await run('case', 'open', held, before);
    await run('case', 'flag', held, '/app/door', '--layer', '1');
    await run('case', 'flag', held, '--env', 'DOOR');
    await run('case', 'flag', held, '--history', '3');
    const out = path.join(folder, 'flags-report.json');
    await run('report', before, '-o', out, '--case', held);
    const ends = async (target: string): Promise<string[]> => {
      const { stdout } = await run('verify', out, target, '--json');
      const made = JSON.parse(stdout) as Retest;
      return made.findings
        .filter(({ rule }) => rule === 'flagged')
        .map(({ after, before: old, result }) =>
          `${old!.where.surface} ${result} ${after?.state ?? ''}`.trimEnd(),
        )
        .toSorted();
    };
    expect(await ends(await image('no-door', [...BASE, CLEAN]))).toEqual([
      'env fixed',
      'file fixed',
      'history fixed',
    ]);
    const removed = await image('rm-door', [...BASE, { ...CLEAN, entries }, remove('app/door')], {
      Env: ['DOOR=2'],
    });
    expect(await ends(removed)).toEqual(['env persisting live', 'file persisting deleted', 'history fixed']);
    expect((await ends(before)).filter((each) => each.includes('persisting'))).toHaveLength(3);
  });
});

describe('decisions', () => {
  const decided = async (name: string, decision: object): Promise<string> => {
    const made = JSON.parse(await readFile(report, 'utf8')) as { findings: { kind: string }[] };
    const findings = made.findings.map((finding) =>
      finding.kind === 'secret' ? { ...finding, decision } : finding,
    );
    const target = path.join(folder, `${name}.json`);
    await writeFile(target, JSON.stringify({ ...made, findings }));
    return target;
  };
  const leaky = (): string => path.join(folder, 'leaky.tar');

  it('lists a rotated credential, which does not miss a goal', async () => {
    const rotated = await decided('rotated', { verdict: 'rotated', reason: null, until: null });
    const { status, stdout } = await run('verify', rotated, leaky(), '--json');
    const made = JSON.parse(stdout) as Retest;
    expect([status, secrets(made).persisting]).toEqual([0, 1]);
    expect(made.goals[0]!.reason).toContain('except 1 rotated or suppressed');
  });

  it('counts a confirmed finding and an expired acceptance', async () => {
    const confirmed = await decided('confirmed', { verdict: 'confirmed', reason: null, until: null });
    expect((await run('verify', confirmed, leaky())).status).toBe(1);
    const past = { verdict: 'accepted', reason: 'for now', until: '2001-01-01T00:00:00Z' };
    expect((await run('verify', await decided('past', past), leaky())).status).toBe(1);
  });

  it('does not count a suppressed finding as fixed', async () => {
    const earlier = readReport(await readFile(report, 'utf8'), report, new Masker([]));
    const { findings } = JSON.parse(await readFile(report, 'utf8')) as { findings: Finding[] };
    const subject = {
      id: 'sha256:other',
      findings: findings.map((finding) => ({ ...finding, suppressed: 'allowed by the configuration' })),
      layers: [],
      incomplete: [],
      user: null,
      applicationSetuid: [],
      neighbours: [],
      now: new Date(),
    };
    const made = compareWith(earlier, subject, ['no-secrets']);
    expect([made.met, made.counts.fixed]).toEqual([true, 0]);
    expect(made.findings[0]!.notes).toContain(
      'still in the image, but now suppressed: allowed by the configuration',
    );
  });
});

describe('goals', () => {
  it('are selected by name', async () => {
    const setuid = { ...CLEAN, entries: [file('app/su', 'x', { mode: 0o4755 })] };
    const target = await image('goals', [...BASE, setuid]);
    const { retest, status } = await verify(
      target,
      '--goal',
      'no-secrets',
      'no-application-setuid',
      'not-root',
    );
    expect([status, retest.goals.map(({ goal, met }) => [goal, met])]).toEqual([
      1,
      [
        ['no-secrets', true],
        ['no-application-setuid', false],
        ['not-root', false],
      ],
    ]);
    const user = await image('user', [...BASE, CLEAN], { User: 'app' });
    expect((await verify(user, '--goal', 'not-root')).status).toBe(0);
  });

  it('must be known', async () => {
    const { status, stderr } = await run('verify', report, report, '--goal', 'perfection');
    expect([status, stderr]).toEqual([2, expect.stringContaining('no-secrets')]);
  });
});

describe('the formats', () => {
  it('include JSON that follows its schema', async () => {
    const { retest } = await verify(await image('schema', [...BASE, LEAK, remove('app/.env')]));
    expect(violations(retest)).toEqual([]);
  });

  it('include a table with reasons, and SARIF with baseline states', async () => {
    const target = await image('rm', [...BASE, LEAK, remove('app/.env')]);
    const { stdout } = await run('verify', report, target);
    expect(stdout).toMatch(
      /^persisting +critical +deleted +GitHub personal access token +layer 1 \/app\/\.env:1$/m,
    );
    expect(stdout).toMatch(/the retest fails\n$/);
    const sarif = await run('verify', report, target, '--format', 'sarif');
    expect(sarif.stdout).toContain('"baselineState": "unchanged"');
    const junit = await run('verify', report, target, '--format', 'junit');
    expect(junit.stdout).toContain('failures="2"');
    expect(stdout + sarif.stdout + junit.stdout).not.toContain(TOKEN);
  });
});

it('writes valid SARIF with fixed findings as absent', async () => {
  const clean = await image('absent', [...BASE, CLEAN]);
  const { stdout } = await run('verify', report, clean, '--format', 'sarif');
  const log = JSON.parse(stdout) as { runs: { results: { ruleId: string; baselineState: string }[] }[] };
  const states = log.runs[0]!.results.filter(({ ruleId }) => ruleId.startsWith('github'));
  expect(states.map(({ baselineState }) => baselineState)).toEqual(['absent']);
  const schemas = path.dirname(createRequire(import.meta.url).resolve('@microsoft/jest-sarif/package.json'));
  const schema = await readFile(path.join(schemas, 'lib/schemas/sarif-2.1.0-rtm.5.json'), 'utf8');
  const ajv = new draft4.default({ allErrors: true, strict: false, unicodeRegExp: false });
  formats.default(ajv);
  const validate = ajv.compile(JSON.parse(schema) as object);
  expect(validate(log) ? [] : validate.errors).toEqual([]);
});

it.each([
  ['text', 'nonsense', 'is not JSON'],
  ['another JSON', '{"schema":"exhume/scan/2"}', 'is not an exhume report: schema'],
])('refuses %s as a report', async (name, text, message) => {
  const bad = path.join(folder, `${name}.json`);
  await writeFile(bad, text);
  const { status, stderr } = await run('verify', bad, path.join(folder, 'leaky.tar'));
  expect([status, stderr]).toEqual([2, expect.stringContaining(message)]);
});
