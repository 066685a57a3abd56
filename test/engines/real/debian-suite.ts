import { mkdir, writeFile } from 'node:fs/promises';
import { execaSync } from 'execa';
import { type Machine, SYSTEM_PATH } from './machine.ts';

/** The root file system of another Debian suite, for engines that this one does not have. */
export interface DebianSuite {
  readonly root: string;
  /** What is to be run so that a program sees that root, and the machine's folder at its usual place. */
  enter(program: string, args: readonly string[]): readonly [string, ...string[]];
}

/**
 * A mount namespace of its own, in which the suite is the root. runc moves the root of its containers
 * with pivot_root, which does not work below a chroot: so the way in is pivot_root as well.
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
 * Makes the root file system of a suite with some packages.
 * @returns why it cannot be had, as a text, where the mirror or debootstrap is missing
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
