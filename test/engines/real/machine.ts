import { chmod, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Options, execa, execaSync } from 'execa';

/** These tests start daemons and take a minute, so they run only on request. */
const ASKED = process.env['EXHUME_ENGINES'] === '1';

/** The programs that they use, all from Debian. Another docker may come first on the user's PATH. */
const PROGRAMS = [
  'docker',
  'dockerd',
  'podman',
  'skopeo',
  'buildah',
  'containerd',
  'ctr',
  'docker-registry',
  'busybox',
];

export const SYSTEM_PATH = '/usr/sbin:/usr/bin:/sbin:/bin';

/** Whether to skip the tests with real engines, and the reason for their title. */
export const REAL = ((): { readonly skip: boolean; readonly reason: string } => {
  if (!ASKED) return { skip: true, reason: ' (skipped: EXHUME_ENGINES is not 1)' };
  if (process.getuid?.() !== 0) return { skip: true, reason: ' (skipped: not root)' };
  const missing = PROGRAMS.filter(
    (name) => execaSync('which', [name], { reject: false, env: { PATH: SYSTEM_PATH } }).exitCode !== 0,
  );
  if (missing.length > 0) throw new Error(`EXHUME_ENGINES=1, but there is no ${missing.join(', ')}`);
  return { skip: false, reason: '' };
})();

/**
 * A directory with all data of the engines, and the environment that points to it. The machine's own engines
 * are neither read nor changed.
 */
export class Machine {
  readonly top: string;
  readonly temporary: string;
  readonly env: NodeJS.ProcessEnv;

  private constructor(top: string) {
    this.top = top;
    this.temporary = path.join(top, 'tmp');
    this.env = {
      PATH: SYSTEM_PATH,
      HOME: path.join(top, 'home'),
      TMPDIR: this.temporary,
      DOCKER_HOST: `unix://${this.path('docker.sock')}`,
      DOCKER_BUILDKIT: '0',
      CONTAINERD_ADDRESS: this.path('containerd.sock'),
      CONTAINERS_STORAGE_CONF: this.path('storage.conf'),
      CONTAINERS_CONF: this.path('containers.conf'),
    };
  }

  static async make(): Promise<Machine> {
    // Short, because the path of a socket has at most 107 bytes; open, because another user needs access.
    const top = await mkdtemp(path.join(tmpdir(), 'eng-'));
    await chmod(top, 0o755);
    const machine = new Machine(top);
    await mkdir(machine.temporary);
    await chmod(machine.temporary, 0o1777);
    await mkdir(path.join(top, 'home'));
    return machine;
  }

  /** Returns a path in the machine's directory. */
  path(...parts: string[]): string {
    return path.join(this.top, ...parts);
  }

  /**
   * Runs a program with the machine's environment, waits until it ends, and returns its output.
   * @throws ExecaError with the program's messages if it fails
   */
  async run(program: string, args: readonly string[], options: Options = {}): Promise<string> {
    const { stdout } = await execa(program, args, {
      stdin: 'ignore',
      ...options,
      env: { ...this.env, ...options.env },
      extendEnv: false,
    });
    return String(stdout ?? '');
  }

  /** Returns the names in the directory for temporary files. */
  async leftovers(): Promise<string[]> {
    return readdir(this.temporary);
  }

  async remove(): Promise<void> {
    await unmountBelow(this.top);
    await rm(this.top, { recursive: true, force: true });
  }
}

/** Unmounts the file systems that storage drivers leave mounted. */
async function unmountBelow(folder: string): Promise<void> {
  const { stdout } = await execa('cat', ['/proc/self/mounts']);
  const mounts = stdout
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((mount) => mount.startsWith(`${folder}/`));
  for (const mount of mounts.toReversed()) await execa('umount', [mount], { reject: false });
}
