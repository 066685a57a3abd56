import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import type { Machine } from './machine.ts';

const BASE = `FROM scratch
COPY busybox /bin/busybox
COPY busybox /bin/sh
ENV OF=base
CMD ["/bin/sh"]
`;

/** The classic builder; the BuildKit of docker 20.10; that of a newer docker, which by default is like the older one. */
export type Builder = 'classic' | 'buildkit' | 'newer';

/** Each line of the Dockerfile, and what each builder records if that differs. */
const LINES: readonly (readonly [built: string, other?: Partial<Record<Builder, string>>])[] = [
  // No image built by docker has the name of the base.
  ['FROM made/base:1', { classic: 'FROM base-image', buildkit: 'FROM base-image' }],
  ['ARG VERSION=1.2'],
  ['ARG TITLE="a b"'],
  ['ENV GREETING="hello big world" MODE=fast'],
  ['LABEL maker="somebody else" version=1'],
  ['WORKDIR /srv'],
  // The classic builder records the checksum of sources; older BuildKit versions record no options.
  ['COPY app/main /srv/main', { classic: 'COPY main /srv/main' }],
  [
    'COPY --chown=1000:1001 app/ /opt/app/',
    {
      classic: 'COPY --chown=1000:1001 dir/ /opt/app/',
      buildkit: 'COPY app/ /opt/app/',
      newer: 'COPY --chown=1000:1001 app/ /opt/app/',
    },
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

/** The name of the base image. */
export const BASE_NAME = 'made/base:1';

/** Returns the Dockerfile to build. */
export const DOCKERFILE = LINES.map(([built]) => `${built}\n`).join('');

/** Returns the expected reconstruction, line by line. */
export function expectedLines(builder: Builder): string[] {
  return LINES.map(([built, other]) => {
    const own = other?.[builder] ?? (builder === 'newer' ? other?.buildkit : undefined);
    return plain(own ?? built);
  });
}

/** Returns the instructions in the output of `exhume dockerfile`, without comments. */
export function rebuiltLines(printed: string): string[] {
  return printed
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(plain);
}

/** Writes the build context with `Base` and `Dockerfile`, and returns its directory. */
export async function writeMadeContext(machine: Machine): Promise<string> {
  const folder = machine.path('made');
  await mkdir(`${folder}/app`, { recursive: true });
  await writeFile(`${folder}/Base`, BASE);
  await writeFile(`${folder}/Dockerfile`, DOCKERFILE);
  await writeFile(`${folder}/app/main`, 'main\n');
  await copyFile('/bin/busybox', `${folder}/busybox`);
  return folder;
}

/** Normalizes an instruction: spaces in lists vary, and checksums change with every build. */
function plain(line: string): string {
  return line.replaceAll('", "', '","').replaceAll(/(file|dir)-[0-9a-f]{12}/g, '$1');
}
