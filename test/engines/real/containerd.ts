import { type Daemon, startDaemon } from './daemon.ts';
import type { Machine } from './machine.ts';

/** Starts a containerd with its own root, state and socket. */
export function startContainerd(machine: Machine): Promise<Daemon> {
  return startDaemon(
    machine,
    'containerd',
    [
      `--root=${machine.path('containerd')}`,
      `--state=${machine.path('containerd-state')}`,
      `--address=${machine.path('containerd.sock')}`,
    ],
    () => machine.run('ctr', ['--connect-timeout', '1s', 'version']),
  );
}
