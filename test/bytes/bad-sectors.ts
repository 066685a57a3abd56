import type * as fs from 'node:fs';

/** Unreadable ranges by file path. */
const bad = new Map<string, { readonly from: number; readonly to: number }>();
const open = new Map<number, string>();

/** Makes reads of a file fail with EIO if they overlap the range; `to` is exclusive. */
export function markBad(file: string, from: number, to: number): void {
  bad.set(file, { from, to });
}

export function healAll(): void {
  bad.clear();
}

/**
 * Returns Node's file system module for a disk with bad sectors, for `vi.mock('node:fs', …)`.
 * @param real Node's own module
 */
export function onBadDisk(real: typeof fs): typeof fs {
  const openSync: typeof fs.openSync = (file, ...rest) => {
    const fd = real.openSync(file, ...rest);
    open.set(fd, String(file));
    return fd;
  };
  const readSync = (fd: number, target: Uint8Array, at: number, length: number, position: number): number => {
    const range = bad.get(open.get(fd) ?? '');
    if (range !== undefined && position < range.to && position + length > range.from) {
      throw Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO', errno: -5, syscall: 'read' });
    }
    return real.readSync(fd, target, at, length, position);
  };
  return { ...real, openSync, readSync: readSync as typeof fs.readSync };
}
