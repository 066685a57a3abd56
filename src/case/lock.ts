import { linkSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { isSystemError } from '../bytes/system-error.ts';
import { Problem } from '../problem.ts';

/**
 * Locks a case against other writers. The lock is a file that names its holder. A lock whose holder no longer
 * runs on this machine is taken over.
 * @returns a function that releases the lock
 * @throws Problem `case-unusable` if another process holds the lock, or if the lock cannot be written
 */
export function takeLock(file: string): () => void {
  const lock = `${file}.lock`;
  const holder = JSON.stringify({ pid: process.pid, host: hostname(), since: new Date().toISOString() });
  for (let attempt = 0; attempt < 2; attempt++) {
    // Write the draft before linking it, so that a lock file is never empty, even after a crash.
    const draft = path.join(path.dirname(file), `.${path.basename(file)}.lock.${process.pid}.draft`);
    try {
      // Never write through a link that someone else planted.
      rmSync(draft, { force: true });
      writeFileSync(draft, holder, { flag: 'wx', mode: 0o600 });
      linkSync(draft, lock);
      removeDrafts(file);
      return () => rmSync(lock, { force: true });
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code !== 'EEXIST') {
        throw new Problem('case-unusable', `cannot write case ${file}: ${(error as Error).message}`, {
          file,
        });
      }
      if (!isStale(lock)) throw held(file, lock);
      rmSync(lock, { force: true });
    } finally {
      rmSync(draft, { force: true });
    }
  }
  throw held(file, lock);
}

/** Removes drafts that killed writers left behind. Only the holder of the lock may have a draft of the file. */
function removeDrafts(file: string): void {
  const folder = path.dirname(file);
  const mark = `.${path.basename(file)}.`;
  for (const name of readdirSync(folder)) {
    const own = name.startsWith(`${mark}lock.`);
    if (name.startsWith(mark) && name.endsWith('.draft') && !own)
      rmSync(path.join(folder, name), { force: true });
  }
}

/** Returns the fields of a lock file; none if it no longer exists or is not a JSON object. */
function readHolder(lock: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(readFileSync(lock, 'utf8'));
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch (error) {
    if (error instanceof SyntaxError || isSystemError(error)) return {};
    throw error;
  }
}

function isStale(lock: string): boolean {
  const { host, pid } = readHolder(lock);
  // process.kill takes 32-bit numbers only.
  if (host !== hostname() || typeof pid !== 'number' || pid !== (pid | 0)) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    // EPERM: the process runs as another user.
    if (!isSystemError(error)) throw error;
    return error.code === 'ESRCH';
  }
}

function held(file: string, lock: string): Problem {
  const { host, pid, since } = readHolder(lock);
  const by =
    pid === undefined
      ? 'another process'
      : `process ${String(pid)} on ${String(host)} since ${String(since)}`;
  return new Problem(
    'case-unusable',
    `case ${file} is in use by ${by}; if that process no longer runs, remove ${lock}`,
    { file },
  );
}
