import { applyPatch } from 'diff';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { githubToken } from '../../fixtures/canary.ts';
import { dockerArchive } from '../../fixtures/forms.ts';
import { buildImage, type FixtureStep } from '../../fixtures/image.ts';
import { dir, file } from '../../fixtures/tar.ts';
import { sourceInstructions } from '../../src/history/dockerfile-source.ts';
import { parseInstruction } from '../../src/history/instruction.ts';
import type { DockerfileFacts } from '../../src/report/dockerfile-facts.ts';
import { draftBuild } from '../../src/report/dockerfile-diff.ts';
import { withoutCopied } from '../../src/report/draft-copy.ts';
import { withoutMasks } from '../../src/report/draft-values.ts';
import type { Report } from '../../src/report/report.ts';
import { masksIn } from '../../src/secrets/mask/mask-text.ts';
import { run } from '../commands/run.ts';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhume-draft-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const TOKEN = githubToken('draft');
const MASK = `${'*'.repeat(8)}(40)`;
const step = (createdBy: string, ...entries: ReturnType<typeof file>[]): FixtureStep => ({
  createdBy: `${createdBy} # buildkit`,
  comment: 'buildkit.dockerfile.v0',
  ...(entries.length === 0 ? { empty: true } : { entries }),
});
const bad = (name: string): ReturnType<typeof file> => file(name, `T=${TOKEN}\n`);
const good = (name: string): ReturnType<typeof file> => file(name, 'nothing\n');

interface Draft {
  readonly dockerfile: string[];
  readonly ignore: readonly string[];
}

/** Drafts the build of an image, and checks the invariants of every draft. */
async function draftOf(steps: FixtureStep[], config: Record<string, unknown> = {}): Promise<Draft> {
  const target = path.join(folder, 'image.tar');
  const built = await buildImage({
    steps: [step('COPY tool /bin/sh', dir('bin'), good('bin/sh')), step('USER app'), ...steps],
    config: { User: 'app', ...config },
    names: ['exhume/draft:1'],
  });
  await writeFile(target, await dockerArchive([built], { form: 'podman' }));
  const { stdout } = await run('report', target, '-o', '-', '--format', 'json');
  const { dockerfile, fixes } = JSON.parse(stdout) as Report;
  const before = `${dockerfile.lines.map(({ text }) => text).join('\n')}\n`;
  const after = fixes.diff.length === 0 ? before : applyPatch(before, `${fixes.diff.join('\n')}\n`);
  const lines = String(after).trimEnd().split('\n');
  expectSound(lines);
  return { dockerfile: lines, ignore: fixes.dockerignore };
}

/** Checks that every line is an instruction or a comment, without masks and values. */
function expectSound(lines: readonly string[]): void {
  const text = lines.join('\n');
  expect(masksIn(text)).toEqual([]);
  expect(text).not.toContain(TOKEN);
  const instructions = sourceInstructions(lines);
  let next = 0;
  for (const { first, last } of instructions) {
    expect(lines.slice(next, first).filter((line) => !/^(?:#|\s*$)/.test(line))).toEqual([]);
    const createdBy = lines.slice(first, last + 1).join('\n');
    expect(parseInstruction({ createdBy, comment: null }).keyword, createdBy).not.toBeNull();
    next = last + 1;
  }
  expect(instructions[0]?.keyword).toBe('FROM');
}

describe('the drafted Dockerfile', () => {
  it('keeps variables that are not secret', async () => {
    const env = [`A=1`, `JWT_SECRET=${TOKEN}`, 'GREETING=hello world'];
    const { dockerfile } = await draftOf(
      [step(`ENV A=1 JWT_SECRET=${TOKEN} GREETING=hello world`), step(`ENV DB_PASSWORD=hunter2hunter2`)],
      { Env: [...env, 'DB_PASSWORD=hunter2hunter2'] },
    );
    expect(dockerfile.slice(3)).toEqual([
      '# pass JWT_SECRET when the container starts: docker run --env-file <FILE>',
      'ENV A=1 GREETING="hello world"',
      '# pass DB_PASSWORD when the container starts: docker run --env-file <FILE>',
    ]);
  });

  it('keeps the COPY of an application and excludes one bad file in .dockerignore', async () => {
    const { dockerfile, ignore } = await draftOf([
      step('COPY src/ /app/', dir('app'), bad('app/conf/settings.py'), good('app/main.py')),
      step('COPY . /srv', dir('srv'), bad('srv/.env'), good('srv/main')),
      step('COPY web /web', dir('web'), good('web/index.html'), bad('web/.git/config')),
    ]);
    expect(dockerfile.filter((line) => line.startsWith('COPY'))).toEqual([
      'COPY tool /bin/sh',
      'COPY src/ /app/',
      'COPY . /srv',
      'COPY web /web',
    ]);
    expect(ignore).toEqual(['**/.git', '.env', 'src/conf/settings.py']);
  });

  it('removes a COPY or ADD that copies only the bad file', async () => {
    const { dockerfile } = await draftOf([
      step('COPY token /root/token', dir('root'), bad('root/token')),
      step('COPY keys/other.txt /root/', dir('root'), bad('root/other.txt')),
      step('ADD deploy.txt /opt/deploy', dir('opt'), bad('opt/deploy')),
    ]);
    expect(dockerfile.filter((line) => !line.startsWith('#'))).toEqual([
      'FROM scratch',
      'COPY tool /bin/sh',
      'USER app',
    ]);
    expect(dockerfile.filter((line) => line.includes('use RUN --mount')).length).toBe(3);
  });

  it('removes one of several sources', async () => {
    const { dockerfile } = await draftOf([
      step(
        'COPY --chown=1:1 package.json .npmrc /app/',
        dir('app'),
        good('app/package.json'),
        bad('app/.npmrc'),
      ),
    ]);
    expect(dockerfile.at(-1)).toBe('COPY --chown=1:1 package.json /app/');
  });

  it('keeps an ADD of an archive, and says which file to remove from the archive', async () => {
    const { dockerfile } = await draftOf([step('ADD app.tar.gz /app/', dir('app'), bad('app/.env'))]);
    expect(dockerfile.slice(-2)).toEqual([
      '# /app/.env comes from an archive: remove it from app.tar.gz',
      'ADD app.tar.gz /app/',
    ]);
  });

  it('reads a secret in a RUN from a secret mount', async () => {
    const { dockerfile } = await draftOf([
      step(`RUN /bin/sh -c echo ${TOKEN} > /token`, bad('token')),
      step(`RUN /bin/sh -c NPM_TOKEN=${TOKEN} npm ci`, good('b')),
      step(`RUN /bin/sh -c curl -H 'Authorization: token ${TOKEN}' x`, good('c')),
    ]);
    expect(dockerfile.filter((line) => line.startsWith('RUN'))).toEqual([
      'RUN --mount=type=secret,id=secret-1 echo "$(cat /run/secrets/secret-1)" > /token',
      'RUN --mount=type=secret,id=npm_token NPM_TOKEN="$(cat /run/secrets/npm_token)" npm ci',
      `RUN --mount=type=secret,id=secret-2 curl -H 'Authorization: token '"$(cat /run/secrets/secret-2)"'' x`,
    ]);
    expect(dockerfile).toContain(
      '# move this to a separate build stage: COPY --from=<STAGE> copies the result without the credential',
    );
  });

  it('removes secret values of ARG and LABEL, and keeps the others', async () => {
    const { dockerfile } = await draftOf(
      [
        step(`ARG VERSION=1.2`),
        step(`ARG GH_TOKEN=${TOKEN}`),
        step(`LABEL maker=me access.token=${TOKEN} tier=web`),
      ],
      { Labels: { maker: 'me', 'access.token': TOKEN, tier: 'web' } },
    );
    expect(dockerfile.slice(3)).toEqual([
      'ARG VERSION=1.2',
      '# GH_TOKEN: use RUN --mount=type=secret,id=gh_token,env=GH_TOKEN for the command that needs it',
      '# the label access.token is left out: its value is a secret',
      'LABEL maker=me tier=web',
    ]);
  });

  it('turns an instruction without a safe draft into a comment', async () => {
    const { dockerfile } = await draftOf([step(`CMD ["serve" "--token=${TOKEN}"]`)], {
      Cmd: ['serve', `--token=${TOKEN}`],
    });
    expect(dockerfile.slice(-2)).toEqual([
      '# left out because it contains a secret; rewrite it without the secret:',
      '# CMD ["serve","--token=<SECRET>"]',
    ]);
  });

  it('warns of a RUN that uses a removed file', async () => {
    const { dockerfile } = await draftOf([
      step('COPY token /root/token', dir('root'), bad('root/token')),
      step('RUN /bin/sh -c chmod 600 /root/token', file('root/token', `T=${TOKEN}\n`, { mode: 0o600 })),
    ]);
    expect(dockerfile.slice(-2)).toEqual([
      '# this draft leaves out /root/token, without which this command may fail',
      'RUN chmod 600 /root/token',
    ]);
  });

  it('does not exclude a file that only has wrong permissions', async () => {
    const { dockerfile, ignore } = await draftOf([
      step('COPY tool /opt/tool', dir('opt'), file('opt/tool', 'x', { mode: 0o4755 })),
    ]);
    expect(dockerfile.at(-1)).toBe('COPY --chmod=0755 tool /opt/tool');
    expect(ignore).toEqual([]);
  });

  it('joins the lines of each instruction of a recorded Dockerfile', () => {
    const source = [
      '# syntax=docker/dockerfile:1',
      'FROM registry.invalid/base:1 AS app',
      'ENV A=1 \\',
      '    # the key',
      `    API_KEY=${MASK} \\`,
      '    B="two words"',
      'RUN <<EOF',
      'echo one',
      `curl -H "token: ${MASK}" x`,
      'EOF',
      `RUN ["curl", "-H", "token: ${MASK}", "x"]`,
    ];
    const lines = source.map(
      (text, layer) => ({ text, basis: 'observed', note: null, layer, historyIndex: null }) as const,
    );
    const facts: DockerfileFacts = { source: 'provenance', producer: 'buildkit', base: [], lines, notes: [] };
    const finding = { kind: 'secret', rule: 'x', origin: 'application', suppressed: null, occurrences: [] };
    const { diff } = draftBuild(facts, [finding as never]);
    const before = `${lines.map(({ text }) => text).join('\n')}\n`;
    const after = String(applyPatch(before, `${diff.join('\n')}\n`))
      .trimEnd()
      .split('\n');
    expectSound(after);
    expect(after).toEqual([
      '# syntax=docker/dockerfile:1',
      '# pin the base by its digest: registry.invalid/base:1@sha256:<DIGEST>',
      'FROM registry.invalid/base:1 AS app',
      '# pass API_KEY when the container starts: docker run --env-file <FILE>',
      'ENV A=1 B="two words"',
      '# reads a secret: docker build --secret id=secret-1,src=<FILE> .',
      'RUN --mount=type=secret,id=secret-1 <<EOF',
      'echo one',
      'curl -H "token: $(cat /run/secrets/secret-1)" x',
      'EOF',
      '# left out because it contains a secret; rewrite it without the secret:',
      '# RUN ["curl", "-H", "token: <SECRET>", "x"]',
    ]);
  });
});

const FILE = /^# \/\S+: use RUN --mount/;

describe('a drafted instruction', () => {
  it.each([
    [
      `ENV SECRET ${MASK} and more`,
      ['# pass SECRET when the container starts: docker run --env-file <FILE>'],
    ],
    ['ENV A=1   B=2', ['ENV A=1   B=2']],
    [
      `ENV PIN=***(3) A='x y'`,
      ['# pass PIN when the container starts: docker run --env-file <FILE>', "ENV A='x y'"],
    ],
    [`LABEL "a b"="${MASK}"`, ['# the label a b is left out: its value is a secret']],
    [`# RUN echo ${MASK}`, ['# RUN echo <SECRET>']],
    [
      `RUN echo 'unfinished ${MASK}`,
      [expect.stringMatching(/^# left out/), "# RUN echo 'unfinished <SECRET>"],
    ],
    ['RUN echo $((2*(3))) **(3)', ['RUN echo $((2*(3))) **(3)']],
  ])('%s has no mask', (text, lines) => {
    expect(withoutMasks(text, new Set(), { next: 1 })).toEqual(lines);
  });

  it.each<[string, string, string | null, unknown, string[]]>([
    // A relative target, with and without a known working directory.
    ['COPY . .', '/app/.env', '/app', 'COPY . .', ['.env']],
    ['COPY . .', '/app/.env', null, 'COPY . .', ['**/.env']],
    ['COPY .env .', '/app/.env', '/app', expect.stringMatching(FILE), ['.env']],
    ['COPY .env .', '/app/.env', null, expect.stringMatching(FILE), ['**/.env']],
    // A directory of the same name as the file.
    ['COPY app/ /srv/', '/srv/app', null, 'COPY app/ /srv/', ['app/app']],
    // A directory of a tool, as the source or below it.
    ['COPY .git /app/.git', '/app/.git/config', null, expect.stringMatching(FILE), ['**/.git']],
    ['COPY ssh/ /root/.ssh/', '/root/.ssh/id', null, 'COPY ssh/ /root/.ssh/', ['**/.ssh', 'ssh/id']],
    // A pattern may match more than the file.
    ['COPY *.env /app/', '/app/a.env', null, 'COPY *.env /app/', ['**/a.env']],
    ['COPY ["a b.txt", "c.txt", "/app/"]', '/app/a b.txt', null, 'COPY ["c.txt","/app/"]', ['**/a b.txt']],
    ['COPY --from=build /out/key /key', '/key', null, 'COPY --from=build /out/key /key', []],
    ['COPY dir-0123456789ab/ /app', '/app/key', null, 'COPY dir-0123456789ab/ /app', ['**/key']],
  ])('%s without %s in %s', (text, unwanted, workdir, last, ignore) => {
    const draft = withoutCopied([text], unwanted, workdir)!;
    expect([draft.lines.at(-1), draft.ignore]).toEqual([last, ignore]);
  });

  it('is unchanged if the file is not below its target', () => {
    expect(withoutCopied(['COPY a /app/'], '/application/a', null)).toBeNull();
  });
});
