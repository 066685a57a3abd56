import { readFile } from 'node:fs/promises';
import { type Daemon, startDaemon } from './daemon.ts';
import type { Machine } from './machine.ts';

/**
 * Starts a dockerd with its own data and socket. It builds with the host's network, because it has no bridge,
 * and uses overlay2, because vfs copies every layer.
 */
export async function startDockerd(machine: Machine): Promise<Daemon> {
  const daemon = await startDaemon(
    machine,
    'dockerd',
    [
      `--data-root=${machine.path('docker')}`,
      `--exec-root=${machine.path('docker-exec')}`,
      `--pidfile=${machine.path('docker.pid')}`,
      `--host=unix://${machine.path('docker.sock')}`,
      '--storage-driver=overlay2',
      '--iptables=false',
      '--ip6tables=false',
      '--bridge=none',
    ],
    () => machine.run('docker', ['info']),
  );
  return {
    ...daemon,
    kill: async () => {
      await daemon.kill();
      // Its containerd does not notice a crash.
      const pid = await readFile(machine.path('docker-exec/containerd/containerd.pid'), 'utf8').catch(
        () => '',
      );
      if (/^\d+$/.test(pid)) process.kill(Number(pid), 'SIGKILL');
    },
  };
}
