import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { Problem } from '../problem.ts';

/**
 * Creates a directory and any missing parents. Node's `recursive` option loops forever on a file system such as
 * /proc, which returns ENOENT although the parent exists.
 * @param mode permissions of each directory created
 * @throws Problem or a system error, for the first directory that cannot be created
 */
export function makeDirectory(directory: string, mode = 0o777): void {
  const missing: string[] = [];
  for (let at = directory; !isDirectory(at); at = path.dirname(at)) {
    missing.push(at);
    if (path.dirname(at) === at) break;
  }
  for (const each of missing.toReversed()) {
    try {
      mkdirSync(each, { mode });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Another process may have created it in the meantime.
      if (code === 'EEXIST' && isDirectory(each)) continue;
      if (code === 'ENOENT') {
        throw new Problem(
          'write-failed',
          `the file system does not allow a new directory at ${each}`,
          { file: each },
          error,
        );
      }
      throw error;
    }
  }
}

function isDirectory(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() === true;
}
