import { mkdir, writeFile } from 'node:fs/promises';
import { execaSync } from 'execa';
import { type Machine, SYSTEM_PATH } from './machine.ts';

/** The root file system of another Debian suite, for engines that this machine's suite does not have. */
export interface DebianSuite {
  readonly root: string;
  /** The command prefix that runs a program in that root, with the machine's directory at the same path. */
  enter(program: string, args: readonly string[]): readonly [string, ...string[]];
}

/**
 * Enters a new mount namespace in which the suite is the root. runc uses pivot_root for its containers, which
 * does not work in a chroot, so this uses pivot_root too.
 */
const ENTER = `set -e
root=$1 shared=$2
shift 2
mount --make-rprivate /
mount --bind "$root" "$root"
mkdir -p "$root$shared"
mount --bind "$shared" "$root$shared"
mount -t proc proc "$root/proc"
mount --rbind /sys "$root/sys"
mount --rbind /dev "$root/dev"
mkdir -p "$root/.old"
cd "$root"
pivot_root . .old
umount -l /.old
exec "$@"
`;

/**
 * Creates the root file system of a suite with some packages.
 * @returns a message if the mirror or debootstrap is missing
 */
export async function makeDebianSuite(
  machine: Machine,
  suite: string,
  packages: readonly string[],
): Promise<DebianSuite | string> {
  if (execaSync('which', ['debootstrap'], { reject: false, env: { PATH: SYSTEM_PATH } }).exitCode !== 0) {
    return 'debootstrap is not installed';
  }
  const root = machine.path(suite);
  const script = machine.path('enter.sh');
  await writeFile(script, ENTER);
  await mkdir(root);
  try {
    await machine.run('debootstrap', ['--variant=minbase', `--include=${packages.join(',')}`, suite, root]);
  } catch (error) {
    const last = String(error).trim().split('\n').at(-1);
    return `no Debian ${suite} can be had: ${last}`;
  }
  return {
    root,
    enter: (program, args) => ['unshare', '--mount', 'sh', script, root, machine.top, program, ...args],
  };
}
