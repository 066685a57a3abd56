import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { spawnSync } from 'node:child_process';

/** A separate small file system. */
export interface SmallDisk {
  readonly folder: string;
  remove(): void;
}

/** Whether to skip the tests on a full disk, and the reason for their title. */
export const SMALL_DISK = ((): { readonly skip: boolean; readonly reason: string } => {
  const disk = mountSmallDisk(64);
  disk?.remove();
  return disk === null
    ? { skip: true, reason: ' (skipped: no tmpfs can be mounted here, that takes root)' }
    : { skip: false, reason: '' };
})();

/**
 * Mounts a tmpfs.
 * @param size in KiB
 * @returns null if that is not allowed
 */
export function mountSmallDisk(size: number): SmallDisk | null {
  const folder = mkdtempSync(path.join(tmpdir(), 'small-disk-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}k`, 'tmpfs', folder]);
  if (mounted.status !== 0) {
    rmSync(folder, { recursive: true });
    return null;
  }
  return {
    folder,
    remove: () => {
      spawnSync('umount', [folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
