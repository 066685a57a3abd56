import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../commands/run.ts';
import { tool, wanting } from './tools.ts';

const { skip, reason } = wanting('buildah', 'busybox');

const BASE = `FROM scratch
COPY busybox /bin/busybox
COPY busybox /bin/sh
ENV OF=base
CMD ["/bin/sh"]
`;

/** Each line of the Dockerfile, with the rebuilt line if it differs. */
const LINES: readonly (readonly [built: string, rebuilt?: string])[] = [
  ['FROM localhost/made/base:1'],
  // buildah does not record default values.
  ['ARG VERSION=1.2', 'ARG VERSION'],
  ['ARG TITLE="a b"', 'ARG TITLE'],
  ['ENV GREETING="hello big world" MODE=fast'],
  ['LABEL maker="somebody else" version=1'],
  ['WORKDIR /srv'],
  // buildah records checksums of the sources, and no options.
  ['COPY app/main /srv/main', 'COPY main /srv/main'],
  ['COPY --chown=1000:1001 app/ /opt/app/', 'COPY dir/ /opt/app/'],
  ['ADD app/main /opt/added', 'ADD added /opt/added'],
  ['RUN busybox mkdir -p /var/deep && busybox echo "$VERSION" > /var/deep/version'],
  ['SHELL ["/bin/sh", "-e", "-c"]'],
  ['RUN busybox echo one; busybox echo two'],
  ['RUN ["/bin/busybox", "mkdir", "/exec"]'],
  ['EXPOSE 8080 53/udp'],
  ['VOLUME /data'],
  ['STOPSIGNAL SIGTERM'],
  ['HEALTHCHECK --interval=30s --timeout=3s --retries=2 CMD busybox true || exit 1'],
  ['USER 1000'],
  ['ENTRYPOINT ["/bin/sh", "-c"]'],
  ['CMD ["echo a b"]'],
];

describe.skipIf(skip)(`the rebuilt Dockerfile of a buildah image${reason}`, () => {
  let folder = '';

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'exhume-rebuilt-'));
    const context = path.join(folder, 'context');
    await mkdir(path.join(context, 'app'), { recursive: true });
    await writeFile(path.join(context, 'app/main'), 'main\n');
    await writeFile(path.join(context, 'Base'), BASE);
    await writeFile(path.join(context, 'Dockerfile'), LINES.map(([built]) => `${built}\n`).join(''));
    await tool('cp', '--dereference', '/bin/busybox', context);
    const policy = path.join(folder, 'policy.json');
    await writeFile(policy, JSON.stringify({ default: [{ type: 'insecureAcceptAnything' }] }));
    const [root, runroot] = [path.join(folder, 'storage'), path.join(folder, 'run')];
    const storage = ['--root', root, '--runroot', runroot, '--storage-driver', 'vfs'];
    const buildah = (command: string, ...argv: string[]): Promise<string> =>
      tool('buildah', ...storage, command, '--signature-policy', policy, ...argv);
    const build = async (file: string, name: string, layers: boolean): Promise<void> => {
      const options = [`--layers=${layers}`, '--isolation', 'chroot', '--network', 'host'];
      await buildah('bud', ...options, '-f', path.join(context, file), '-t', name, context);
    };
    await build('Base', 'made/base:1', true);
    for (const form of ['layers', 'one-layer']) {
      await build('Dockerfile', `made/${form}`, form === 'layers');
      await buildah('push', `made/${form}`, `oci:${path.join(folder, 'built')}:${form}`);
    }
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each(['layers', 'one-layer'])('equals the original, line by line: %s', async (form) => {
    const { status, stdout } = await run('dockerfile', `oci:${path.join(folder, 'built')}:${form}`);
    expect(status).toBe(0);
    const lines = stdout.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(lines.map(plain)).toEqual(LINES.map(([built, rebuilt]) => plain(rebuilt ?? built)));
  });

  it.each(['layers', 'one-layer'])('has the name and the layers of the base: %s', async (form) => {
    const { stdout } = await run('summary', `oci:${path.join(folder, 'built')}:${form}`, '--json');
    const { base, layers } = JSON.parse(stdout) as { base: object[]; layers: { origin: string }[] };
    expect(base[0]).toMatchObject({ name: 'localhost/made/base:1', layers: 2, confidence: 'high' });
    expect(layers.slice(0, 3).map(({ origin }) => origin)).toEqual(['base', 'base', 'application']);
  });
});

/** Normalizes a line: removes spaces in lists, and checksums, which differ in every build. */
function plain(line: string): string {
  return line.replaceAll('", "', '","').replace(/dir-[0-9a-f]{12}/, 'dir');
}
