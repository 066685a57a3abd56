import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../commands/run.ts';
import type { Daemon } from './daemon.ts';
import { startDockerd } from './dockerd.ts';
import { Machine, REAL } from './machine.ts';

const BASE = `FROM scratch
COPY busybox /bin/busybox
COPY busybox /bin/sh
ENV OF=base
CMD ["/bin/sh"]
`;

/** Each line of the Dockerfile that builds, and how each builder has it where that is otherwise. */
const LINES: readonly (readonly [built: string, other?: { classic?: string; buildkit?: string }])[] = [
  // The name of the base is in no image of docker's.
  ['FROM made/base:1', { classic: 'FROM base-image', buildkit: 'FROM base-image' }],
  ['ARG VERSION=1.2'],
  ['ARG TITLE="a b"'],
  ['ENV GREETING="hello big world" MODE=fast'],
  ['LABEL maker="somebody else" version=1'],
  ['WORKDIR /srv'],
  // Of sources the classic builder records the checksum, and BuildKit no options.
  ['COPY app/main /srv/main', { classic: 'COPY main /srv/main' }],
  [
    'COPY --chown=1000:1001 app/ /opt/app/',
    { classic: 'COPY --chown=1000:1001 dir/ /opt/app/', buildkit: 'COPY app/ /opt/app/' },
  ],
  ['ADD app/main /opt/added', { classic: 'ADD added /opt/added' }],
  ['RUN busybox mkdir -p /var/deep && busybox echo "$VERSION" > /var/deep/version'],
  ['SHELL ["/bin/sh", "-e", "-c"]'],
  ['RUN busybox echo one; busybox echo two > /two'],
  ['RUN ["/bin/busybox", "mkdir", "/exec"]'],
  // Both are recorded as sets.
  ['EXPOSE 8080 53/udp', { classic: 'EXPOSE 53/udp 8080', buildkit: 'EXPOSE 53/udp 8080' }],
  ['VOLUME /data', { classic: 'VOLUME ["/data"]', buildkit: 'VOLUME ["/data"]' }],
  ['STOPSIGNAL SIGTERM'],
  ['HEALTHCHECK --interval=30s --timeout=3s --retries=2 CMD busybox true || exit 1'],
  ['USER 1000'],
  ['ENTRYPOINT ["/bin/sh", "-c"]'],
  ['CMD ["echo a b"]'],
];

describe.skipIf(REAL.skip)(`the Dockerfile of an image that docker built${REAL.reason}`, () => {
  let machine: Machine;
  let daemon: Daemon;

  beforeAll(async () => {
    machine = await Machine.make();
    daemon = await startDockerd(machine);
    const context = machine.path('context');
    await mkdir(`${context}/app`, { recursive: true });
    await writeFile(`${context}/Base`, BASE);
    await writeFile(`${context}/Dockerfile`, LINES.map(([built]) => `${built}\n`).join(''));
    await writeFile(`${context}/app/main`, 'main\n');
    await copyFile('/bin/busybox', `${context}/busybox`);
    const build = (file: string, name: string, buildkit: '0' | '1'): Promise<string> =>
      machine.run('docker', ['build', '--network', 'host', '-f', `${context}/${file}`, '-t', name, context], {
        env: { DOCKER_BUILDKIT: buildkit },
      });
    await build('Base', 'made/base:1', '0');
    for (const [builder, buildkit] of [
      ['classic', '0'],
      ['buildkit', '1'],
    ] as const) {
      await build('Dockerfile', `made/${builder}`, buildkit);
      await machine.run('docker', ['save', '-o', machine.path(`${builder}.tar`), `made/${builder}`]);
    }
  });

  afterAll(async () => {
    await daemon.stop();
    await machine.remove();
  });

  it.each(['classic', 'buildkit'] as const)('is the one that built it, line by line: %s', async (builder) => {
    const { status, stdout } = await run('dockerfile', machine.path(`${builder}.tar`));
    expect(status).toBe(0);
    const lines = stdout.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(lines.map(plain)).toEqual(LINES.map(([built, other]) => plain(other?.[builder] ?? built)));
  });

  it.each(['classic', 'buildkit'] as const)('and its base ends where it ends: %s', async (builder) => {
    const { stdout } = await run('summary', machine.path(`${builder}.tar`), '--json');
    const { layers } = JSON.parse(stdout) as { layers: { origin: string }[] };
    expect(layers.map(({ origin }) => origin).slice(0, 3)).toEqual(['base', 'base', 'application']);
  });
});

/** Lists are the same with and without spaces between their words; checksums are another with every build. */
function plain(line: string): string {
  return line.replaceAll('", "', '","').replaceAll(/(file|dir)-[0-9a-f]{12}/g, '$1');
}
