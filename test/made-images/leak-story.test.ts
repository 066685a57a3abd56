import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { githubToken } from '../../fixtures/canary.ts';
import { run } from '../commands/run.ts';
import { type BuiltProgram, buildProgram } from '../engines/build-program.ts';
import { NODE } from '../smoke/program.ts';
import { NO_TERMINAL, Terminal } from '../smoke/terminal.ts';
import { tool, wanting } from './tools.ts';

const { skip, reason } = wanting('buildah', 'busybox');

const BASE = `FROM scratch
COPY busybox /bin/busybox
COPY busybox /bin/sh
RUN ["/bin/busybox", "mkdir", "/app"]
COPY .env /app/.env
`;
const USE = 'busybox test -s';

/** An image with a leak, and the response to it. */
const BUILDS = {
  leaky: { file: `${BASE}RUN ${USE} /app/.env\n`, options: [] },
  removed: { file: `${BASE}RUN ${USE} /app/.env\nRUN busybox rm /app/.env\n`, options: [] },
  squashed: { file: `${BASE}RUN ${USE} /app/.env && busybox rm /app/.env\n`, options: ['--squash'] },
  mounted: {
    file: `${BASE.replace('COPY .env /app/.env\n', '')}RUN --mount=type=secret,id=env,target=/run/env ${USE} /run/env\n`,
    options: ['--secret'],
  },
} as const;

const token = githubToken('leak-story');

let folder = '';
let program: BuiltProgram;
let terminal: Terminal | null = null;
const output: string[] = [];

/** Runs a command and keeps its output. */
async function exhume(...argv: string[]): Promise<Awaited<ReturnType<typeof run>>> {
  const result = await run(...argv);
  output.push(result.stdout, result.stderr);
  return result;
}

const image = (name: keyof typeof BUILDS): string => `oci:${path.join(folder, 'images')}:${name}`;

describe.skipIf(skip || NO_TERMINAL !== null)(`a leak, from the first look to the retest${reason}`, () => {
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'exhume-story-'));
    program = await buildProgram();
    const context = path.join(folder, 'context');
    mkdirSync(context);
    mkdirSync(path.join(folder, 'work'));
    const secret = path.join(context, '.env');
    writeFileSync(secret, `# for the build\nGITHUB_TOKEN=${token}\n`);
    await tool('cp', '--dereference', '/bin/busybox', context);
    const policy = path.join(folder, 'policy.json');
    writeFileSync(policy, JSON.stringify({ default: [{ type: 'insecureAcceptAnything' }] }));
    const [root, runroot] = [path.join(folder, 'storage'), path.join(folder, 'run')];
    const storage = ['--root', root, '--runroot', runroot, '--storage-driver', 'vfs'];
    for (const [name, { file, options }] of Object.entries(BUILDS)) {
      const dockerfile = path.join(folder, `Dockerfile.${name}`);
      writeFileSync(dockerfile, file);
      const more = options.flatMap((option) =>
        option === '--secret' ? [option, `id=env,src=${secret}`] : option,
      );
      const bud = ['--layers', '--isolation', 'chroot', '--network', 'host', ...more];
      await tool(
        'buildah',
        ...storage,
        'bud',
        '--signature-policy',
        policy,
        ...bud,
        '-f',
        dockerfile,
        '-t',
        name,
        context,
      );
      await tool(
        'buildah',
        ...storage,
        'push',
        '--signature-policy',
        policy,
        name,
        image(name as keyof typeof BUILDS),
      );
    }
  });

  afterAll(async () => {
    terminal?.close();
    await program?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is found, confirmed, taken as evidence, flagged, and reported in the terminal', async () => {
    const work = path.join(folder, 'work');
    const command = [NODE, program.file, '--case', 'case.json', image('leaky')];
    terminal = new Terminal(['/bin/sh', '-c', 'cd "$0" && exec "$@"', work, ...command]);
    const shows = async (wanted: RegExp): Promise<void> => {
      output.push(await terminal!.shows(wanted));
    };
    await shows(/4 Findings \d+/);
    terminal.press('4');
    await shows(/critical +live +GitHub personal access token/);
    terminal.press('c');
    await shows(/decided: confirmed/);
    terminal.press('Enter');
    await shows(/GITHUB_TOKEN=\*{8}/);
    terminal.press('Escape');
    await shows(/q quit/);
    terminal.press('e');
    await shows(/extract 1 file .*to: exhume-evidence/);
    terminal.press('Enter');
    await shows(/1 file in \.\/exhume-evidence/);
    terminal.press('5');
    await shows(/\[5 History/);
    // The instruction that added the file.
    terminal.press('Down', 'Down', 'Down', '!');
    await shows(/flag: Secret \/ high/);
    terminal.type('who built this');
    await shows(/who built this/);
    terminal.press('Enter');
    await shows(/flagged: Secret, high/);
    terminal.press('X');
    await shows(/write report to/);
    terminal.press('C-u');
    terminal.type('report.json');
    await shows(/report\.json/);
    terminal.press('Enter');
    await shows(/report written to .*report\.json: .*\d+ credential/);
    terminal.press('q');
    expect(await terminal.ended()).toBe(0);
    const { stdout } = await exhume('case', 'show', path.join(work, 'case.json'));
    for (const action of ['opened', 'decided', 'viewed', 'extracted', 'flagged', 'exported']) {
      expect(stdout).toContain(`  ${action}  `);
    }
    expect((await exhume('case', 'verify', path.join(work, 'case.json'))).status).toBe(0);
  });

  it.each([
    ['removed', 1, /deleted in a later layer|rm in a later/i],
    ['squashed', 0, /fixed/],
    ['mounted', 0, /fixed/],
  ] as const)('rebuilt with the file %s: status %i', async (name, status, words) => {
    const report = path.join(folder, 'work/report.json');
    const retest = await exhume('verify', report, image(name));
    expect(retest.stdout).toMatch(words);
    expect(retest.status).toBe(status);
  });

  it.each([
    ['removed', /Retest FAILS: .*persisting/, /deleted in a later layer/],
    ['mounted', /Retest passes: /, /goal no-secrets: met/],
  ] as const)('retested on the screen: %s', async (name, verdict, words) => {
    terminal?.close();
    const report = path.join(folder, 'work/report.json');
    terminal = new Terminal([NODE, program.file, '--retest', report, image(name)]);
    output.push(await terminal.shows(verdict));
    if (name === 'removed') terminal.press('Down');
    output.push(await terminal.shows(words));
    terminal.press('q');
    expect(await terminal.ended()).toBe(0);
  });

  it('has the value nowhere but in the evidence', () => {
    const work = path.join(folder, 'work');
    const holding: string[] = [];
    for (const name of readdirSync(work, { recursive: true, encoding: 'utf8' })) {
      const file = path.join(work, name);
      if (statSync(file).isFile() && readFileSync(file, 'latin1').includes(token)) holding.push(name);
    }
    expect(holding).toHaveLength(1);
    expect(holding[0]).toMatch(/^exhume-.*env/);
    expect(output.join('\n')).not.toContain(token);
    expect(output.join('\n')).not.toContain(token.slice(4, 24));
  });
});
