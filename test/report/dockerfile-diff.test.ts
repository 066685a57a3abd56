import { applyPatch } from 'diff';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { githubToken, npmToken } from '../../fixtures/canary.ts';
import { dockerArchive } from '../../fixtures/forms.ts';
import { buildImage, type FixtureStep } from '../../fixtures/image.ts';
import { dir, file, whiteout } from '../../fixtures/tar.ts';
import type { Report } from '../../src/report/report.ts';
import { run } from '../commands/run.ts';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhume-diff-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const step = (createdBy: string, ...entries: ReturnType<typeof file>[]): FixtureStep => ({
  createdBy,
  comment: 'buildkit.dockerfile.v0',
  ...(entries.length === 0 ? { empty: true } : { entries }),
});
const BASE: FixtureStep[] = [
  {
    createdBy: '/bin/sh -c #(nop) ADD file:base in / ',
    entries: [dir('etc'), file('etc/os-release', 'ID=test\n')],
  },
  { createdBy: '/bin/sh -c #(nop)  CMD ["sh"]', empty: true },
];

async function suggested(steps: FixtureStep[], config: Record<string, unknown> = {}): Promise<Report> {
  const target = path.join(folder, 'image.tar');
  const image = await buildImage({ steps: [...BASE, ...steps], config, names: ['exhume/diff:1'] });
  await writeFile(target, await dockerArchive([image], { form: 'podman' }));
  const { stdout } = await run('report', target, '-o', '-', '--format', 'json');
  return JSON.parse(stdout) as Report;
}

/** Applies the drafted diff with patch(1) and returns the Dockerfile. */
function patched({ dockerfile, fixes }: Report): string[] {
  const before = `${dockerfile.lines.map(({ text }) => text).join('\n')}\n`;
  const after = applyPatch(before, `${fixes.diff.join('\n')}\n`);
  expect(after).not.toBe(false);
  return String(after).trimEnd().split('\n');
}

const TOKEN = githubToken('diff');

it('removes credentials from ENV, ARG, COPY and RUN', async () => {
  const npm = npmToken('diff');
  const report = await suggested(
    [
      step('COPY . /app # buildkit', dir('app'), file('app/.env', `T=${githubToken('all')}\n`)),
      step('COPY token /root/token # buildkit', dir('root'), file('root/token', `${githubToken('one')}\n`)),
      step(`ENV TOKEN=${TOKEN}`),
      step(`ARG NPM_TOKEN=${npm}`),
      step(`RUN |1 NPM_TOKEN=${npm} /bin/sh -c npm ci # buildkit`, dir('app/m')),
      step(`RUN /bin/sh -c curl -H "Authorization: token ${githubToken('run')}" x # buildkit`, dir('app/x')),
      step('RUN /bin/sh -c rm /root/token # buildkit', whiteout('root/token')),
    ],
    { Env: [`TOKEN=${TOKEN}`], User: 'app' },
  );
  const lines = patched(report);
  const text = lines.join('\n');
  expect(text).not.toMatch(/^ENV|^ARG|^COPY token/m);
  expect(text).toContain('# pass TOKEN when the container starts');
  expect(text).toContain('# NPM_TOKEN: use RUN --mount=type=secret,id=npm_token,env=NPM_TOKEN for');
  expect(text).toContain('# /root/token: use RUN --mount=type=secret');
  expect(lines[lines.indexOf('COPY . /app') - 1]).toBe(
    '# the drafted .dockerignore excludes files from this instruction',
  );
  // BuildKit records the argument with every later RUN; only a RUN that contains a value changes.
  expect(lines).toContain('RUN npm ci');
  expect(text).toContain(
    'RUN --mount=type=secret,id=secret-1 curl -H "Authorization: token $(cat /run/secrets/secret-1)" x',
  );
  expect(text).toMatch(/# not needed once no layer has these files.*\nRUN rm -f \/root\/token$/m);
  for (const value of [TOKEN, npm, githubToken('run')]) expect(JSON.stringify(report)).not.toContain(value);
});

it('removes a setuid bit in the instruction that adds the file, and adds a USER before CMD', async () => {
  const report = await suggested([
    step('COPY tool /opt/tool # buildkit', dir('opt'), file('opt/tool', 'x', { mode: 0o4755 })),
    step('RUN /bin/sh -c install my tool # buildkit', file('opt/my tool', 'x', { mode: 0o4755 })),
    step('CMD ["/opt/tool"]'),
  ]);
  const lines = patched(report);
  expect(lines).toContain('COPY --chmod=0755 tool /opt/tool');
  expect(lines).toContain("RUN install my tool && chmod a-s '/opt/my tool'");
  expect(lines.indexOf('USER 10001')).toBe(lines.findIndex((line) => line.startsWith('CMD')) - 1);
});

it('suggests nothing for an image without findings', async () => {
  const { fixes } = await suggested([step('COPY a /a # buildkit', file('a', 'a'))], { User: '10001' });
  expect(fixes.diff).toEqual([]);
});
