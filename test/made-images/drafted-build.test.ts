import { applyPatch } from 'diff';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { githubToken } from '../../fixtures/canary.ts';
import type { Report } from '../../src/report/report.ts';
import { run } from '../commands/run.ts';
import { tool, wanting } from './tools.ts';

const { skip, reason } = wanting('buildah', 'busybox');

const token = (name: string): string => githubToken(`drafted-${name}`);

/** A build that leaks, and what the image of the draft must contain. Paths are relative to the build context. */
const BUILDS: readonly {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly lines: readonly string[];
  readonly env: readonly string[];
  readonly kept: readonly string[];
  readonly gone: readonly string[];
  /** Expected files and contents if every secret is `from the mount`. */
  readonly reads: Readonly<Record<string, string>>;
}[] = [
  {
    name: 'variables, labels and arguments',
    files: {},
    lines: [
      `ENV MODE=fast JWT_SECRET=${token('env')} GREETING="hello world"`,
      `LABEL maker=me access.token=${token('label')}`,
      `ARG GH_TOKEN=${token('arg')}`,
      'RUN busybox touch /made',
    ],
    env: ['MODE=fast', 'GREETING=hello world'],
    kept: ['/made'],
    gone: [],
    reads: {},
  },
  {
    name: 'an application with one bad file, and the bad file alone',
    files: { 'app/main': 'main\n', 'app/.env': `T=${token('app')}\n`, 'deploy.txt': `${token('alone')}\n` },
    lines: [
      'COPY app/ /srv/',
      'COPY deploy.txt /root/deploy.txt',
      'ADD app/main /opt/main',
      'RUN rm /root/deploy.txt',
    ],
    env: [],
    kept: ['/srv/main', '/opt/main'],
    gone: ['/srv/.env', '/root/deploy.txt'],
    reads: {},
  },
  {
    name: 'commands that spell a secret out',
    files: {},
    lines: [
      `RUN busybox echo "token: ${token('run')}" > /config; busybox touch /after`,
      `RUN X='a ${token('quoted')} b' busybox sh -c 'busybox echo "$X" > /quoted'`,
    ],
    env: [],
    kept: ['/config', '/after', '/quoted'],
    gone: [],
    reads: { '/config': 'token: from the mount\n', '/quoted': 'a from the mount b\n' },
  },
];

describe.skipIf(skip)(`a drafted build${reason}`, () => {
  let folder = '';

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'exhume-drafted-'));
    await writeFile(
      path.join(folder, 'policy.json'),
      JSON.stringify({ default: [{ type: 'insecureAcceptAnything' }] }),
    );
    await writeFile(path.join(folder, 'given'), 'from the mount');
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  const buildah = (command: string, ...argv: string[]): Promise<string> => {
    const [root, runroot] = [path.join(folder, 'storage'), path.join(folder, 'run')];
    const storage = ['--root', root, '--runroot', runroot, '--storage-driver', 'vfs'];
    return tool(
      'buildah',
      ...storage,
      command,
      '--signature-policy',
      path.join(folder, 'policy.json'),
      ...argv,
    );
  };

  const build = async (context: string, name: string, ...secrets: string[]): Promise<string> => {
    const given = secrets.flatMap((id) => ['--secret', `id=${id},src=${path.join(folder, 'given')}`]);
    await buildah(
      'bud',
      ...given,
      '--layers',
      '--isolation',
      'chroot',
      '--network',
      'host',
      '-t',
      name,
      context,
    );
    await buildah('push', name, `oci:${path.join(folder, 'built')}:${name}`);
    return `oci:${path.join(folder, 'built')}:${name}`;
  };

  const report = async (image: string): Promise<Report> => {
    const { stdout } = await run('report', image, '-o', '-', '--format', 'json');
    return JSON.parse(stdout) as Report;
  };

  const secretsOf = ({ findings }: Report): string[] =>
    findings
      .filter(({ suppressed, kind }) => kind === 'secret' && suppressed === null)
      .map(({ title }) => title);

  it.each(BUILDS)('of $name builds an image without secrets', async (each) => {
    const at = BUILDS.indexOf(each);
    const context = path.join(folder, `context-${at}`);
    await mkdir(path.join(context, 'app'), { recursive: true });
    await tool('cp', '--dereference', '/bin/busybox', context);
    for (const [name, text] of Object.entries(each.files)) await writeFile(path.join(context, name), text);
    const tools = ['busybox', 'sh', 'rm', 'cat'].map((name) => `COPY busybox /bin/${name}`);
    const source = ['FROM scratch', ...tools, ...each.lines];
    await writeFile(path.join(context, 'Dockerfile'), `${source.join('\n')}\n`);
    const leaky = await report(await build(context, `leaky-${at}`));
    expect(secretsOf(leaky)).not.toEqual([]);

    const rebuilt = `${leaky.dockerfile.lines.map(({ text }) => text).join('\n')}\n`;
    const drafted = String(applyPatch(rebuilt, `${leaky.fixes.diff.join('\n')}\n`));
    await writeFile(path.join(context, 'Dockerfile'), named(drafted));
    await writeFile(path.join(context, '.dockerignore'), `${leaky.fixes.dockerignore.join('\n')}\n`);
    const ids = [...drafted.matchAll(/^RUN --mount=type=secret,id=([\w-]+) /gm)].map((match) => match[1]!);
    const image = await build(context, `drafted-${at}`, ...ids);
    expect(secretsOf(await report(image))).toEqual([]);
    for (const file of each.kept) expect((await run('path', image, file)).stdout).toContain('live');
    for (const file of each.gone) expect((await run('path', image, file)).status).not.toBe(0);
    for (const [file, text] of Object.entries(each.reads)) {
      expect((await run('cat', image, file)).stdout).toBe(text);
    }
    const config = (await run('dockerfile', image)).stdout;
    for (const variable of each.env) expect(config.replaceAll('"', '')).toContain(variable);
  });
});

/** Replaces the checksums that buildah records with the source names, as a user would. */
function named(dockerfile: string): string {
  return dockerfile
    .replaceAll(/^COPY \w+ (\/bin\/\w+)$/gm, 'COPY busybox $1')
    .replaceAll(/^COPY dir-[0-9a-f]{12}\/ \/srv\/$/gm, 'COPY app/ /srv/')
    .replaceAll(/^ADD main \/opt\/main$/gm, 'ADD app/main /opt/main');
}
