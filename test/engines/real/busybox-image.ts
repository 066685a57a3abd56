import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import type { Machine } from './machine.ts';

/** A Dockerfile with every kind of layer change: added, changed, deleted, a recreated directory, a mode, an owner. */
const DOCKERFILE = `FROM scratch
COPY busybox /bin/busybox
COPY app/ /app/
RUN ["/bin/busybox", "--install", "-s", "/bin"]
ENV APP_MODE=production
RUN mkdir -p /var/cache/app && echo one > /var/cache/app/a && echo two > /var/cache/app/b && echo s > /etc-secret
RUN rm /etc-secret && chmod 4755 /app/main && chown 1000:1001 /app/notes
RUN rm -r /var/cache/app && mkdir /var/cache/app && echo three > /var/cache/app/c && ln /app/main /app/hard
LABEL maker=tests
WORKDIR /srv/app
CMD ["/app/main"]
`;

/** Writes the build context of an image that contains only busybox, and returns its directory. */
export async function writeBusyboxContext(machine: Machine): Promise<string> {
  const folder = machine.path('context');
  await mkdir(`${folder}/app`, { recursive: true });
  await writeFile(`${folder}/Dockerfile`, DOCKERFILE);
  await copyFile('/bin/busybox', `${folder}/busybox`);
  await writeFile(`${folder}/app/main`, '#!/bin/sh\necho main\n', { mode: 0o755 });
  await writeFile(`${folder}/app/notes`, 'notes\n');
  return folder;
}
