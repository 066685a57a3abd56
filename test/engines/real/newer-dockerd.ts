import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { type Daemon, startDaemon } from './daemon.ts';
import type { DebianSuite } from './debian-suite.ts';
import type { Machine } from './machine.ts';

/** A dockerd of another Debian suite, and its docker client. */
export interface NewerDocker extends Daemon {
  /** A program compatible with docker, for `--engine`. */
  readonly cli: string;
}

/**
 * Starts the dockerd of a suite.
 * @param store the image store: docker's own, or containerd's, which keeps images as pulled
 */
export async function startNewerDockerd(
  machine: Machine,
  suite: DebianSuite,
  store: 'own' | 'containerd',
): Promise<NewerDocker> {
  const folder = machine.path(`docker-${store}`);
  await mkdir(folder);
  const config = `${folder}/daemon.json`;
  await writeFile(config, JSON.stringify({ features: { 'containerd-snapshotter': store === 'containerd' } }));
  const cli = `${folder}/docker`;
  const host = `unix://${folder}/docker.sock`;
  const [program, ...args] = suite.enter('env', [
    // The machine's TMPDIR is only for exhume.
    '--unset=TMPDIR',
    'dockerd',
    `--config-file=${config}`,
    `--data-root=${folder}/data`,
    `--exec-root=${folder}/exec`,
    `--pidfile=${folder}/pid`,
    `--host=${host}`,
    '--iptables=false',
    '--ip6tables=false',
    '--bridge=none',
  ]);
  const daemon = await startDaemon(machine, program, args, async () => {
    const pid = (await readFile(`${folder}/pid`, 'utf8')).trim();
    const enter = `nsenter --mount=/proc/${pid}/ns/mnt -- /usr/bin/env -u TMPDIR docker --host ${host}`;
    await writeFile(cli, `#!/bin/sh\nexec ${enter} "$@"\n`, { mode: 0o755 });
    await machine.run(cli, ['info']);
  });
  return { ...daemon, cli };
}
