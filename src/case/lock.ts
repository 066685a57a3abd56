import { linkSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { isSystemError } from '../bytes/system-error.ts';
import { Problem } from '../problem.ts';

/**
 * Keeps a second writer out. The lock is a file that names its holder; one whose process is gone from this
 * machine is taken over.
 * @returns what gives it back
 * @throws Problem `unsafe-target` where another one holds it, `write-failed`
 */
export function takeLock(file: string): () => void {
  const lock = `${file}.lock`;
  const holder = JSON.stringify({ pid: process.pid, host: hostname(), since: new Date().toISOString() });
  for (let attempt = 0; attempt < 2; attempt++) {
    // Written first and linked then: a lock that is there says whose it is, whenever its holder was killed.
    const draft = path.join(path.dirname(file), `.${path.basename(file)}.lock.${process.pid}.draft`);
    try {
      // Never through a link that someone else put there.
      rmSync(draft, { force: true });
      writeFileSync(draft, holder, { flag: 'wx', mode: 0o600 });
      linkSync(draft, lock);
      removeDrafts(file);
      return () => rmSync(lock, { force: true });
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code !== 'EEXIST') {
        throw new Problem('write-failed', `${file} cannot be written: ${(error as Error).message}`, { file });
      }
      if (!isStale(lock)) throw held(file, lock);
      rmSync(lock, { force: true });
    } finally {
      rmSync(draft, { force: true });
    }
  }
  throw held(file, lock);
}

/** What writers left who were killed. Whoever holds the lock is the only one who has a draft of the file. */
function removeDrafts(file: string): void {
  const folder = path.dirname(file);
  const mark = `.${path.basename(file)}.`;
  for (const name of readdirSync(folder)) {
    const own = name.startsWith(`${mark}lock.`);
    if (name.startsWith(mark) && name.endsWith('.draft') && !own)
      rmSync(path.join(folder, name), { force: true });
  }
}

/** What a lock says about its holder; nothing if it is gone, or being written. */
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
    pid === undefined ? 'someone' : `process ${String(pid)} on ${String(host)} since ${String(since)}`;
  return new Problem(
    'unsafe-target',
    `${file} is in use by ${by}; ${lock} says so and may be removed if that is gone`,
    { file },
  );
}
