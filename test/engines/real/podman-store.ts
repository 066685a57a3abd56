import { writeFile } from 'node:fs/promises';
import type { Machine } from './machine.ts';

/** The environment variables that locate a store of podman and buildah. */
export type PodmanStore = Readonly<Record<'CONTAINERS_STORAGE_CONF', string>>;

/** The settings that podman and buildah need to build as root in a minimal container or virtual machine. */
export const BUILD_FLAGS = ['--isolation=chroot', '--network', 'host'];

/**
 * Describes a store of podman and buildah, which they create on first use.
 * @param driver overlay hides a recreated directory with one opaque marker, vfs with a whiteout for each file
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
