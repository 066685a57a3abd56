import { writeFile } from 'node:fs/promises';
import type { Machine } from './machine.ts';

/** Where a store of podman and buildah is, as their environment tells them. */
export type PodmanStore = Readonly<Record<'CONTAINERS_STORAGE_CONF', string>>;

/** What podman and buildah need to build as root in a bare container or virtual machine. */
export const BUILD_FLAGS = ['--isolation=chroot', '--network', 'host'];

/**
 * Describes a store of podman and buildah; they make it when they first use it.
 * @param driver overlay hides a folder that was made anew by one opaque marker, vfs by a whiteout for
 *   each file
 */
export async function describePodmanStore(
  machine: Machine,
  name: string,
  driver: 'overlay' | 'vfs',
): Promise<PodmanStore> {
  const file = machine.path(`${name}.conf`);
  await writeFile(
    file,
    `[storage]
driver = "${driver}"
graphroot = "${machine.path(name)}"
runroot = "${machine.path(`${name}-run`)}"
`,
  );
  await writeFile(
    machine.env['CONTAINERS_CONF']!,
    `[containers]
default_ulimits = ["nofile=1024:1024"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
`,
  );
  return { CONTAINERS_STORAGE_CONF: file };
}
