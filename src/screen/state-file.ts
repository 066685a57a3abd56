import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeDirectory } from '../case/make-directory.ts';
import { stateFolder } from '../session/state-folder.ts';

/** Where what was being looked at in an image is kept, by its digest. */
export function stateFile(imageId: string, env: NodeJS.ProcessEnv): string {
  return path.join(stateFolder(env), 'views', `${imageId.replace(/[^a-z0-9]/g, '-')}.json`);
}

/** Reads a kept state; null where there is none or it cannot be used: nothing depends on it. */
export function readState(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/** Images whose state is kept; of more the oldest go. */
const MOST_KEPT = 500;

function removeOldest(folder: string): void {
  const files = readdirSync(folder).map((name) => path.join(folder, name));
  if (files.length <= MOST_KEPT) return;
  const byAge = files.map((file) => ({ file, at: statSync(file).mtimeMs })).toSorted((a, b) => b.at - a.at);
  for (const { file } of byAge.slice(MOST_KEPT)) rmSync(file, { force: true });
}

/** Keeps a state, whole or not at all. A disk that does not take it is no reason to complain. */
export function writeState(file: string, state: unknown): void {
  const draft = `${file}.${process.pid}.tmp`;
  try {
    makeDirectory(path.dirname(file), 0o700);
    writeFileSync(draft, JSON.stringify(state), { mode: 0o600 });
    renameSync(draft, file);
    removeOldest(path.dirname(file));
  } catch {
    rmSync(draft, { force: true });
  }
}
