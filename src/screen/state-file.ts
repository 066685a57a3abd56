import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isSystemError } from '../bytes/system-error.ts';
import { makeDirectory } from '../case/make-directory.ts';
import { Problem } from '../problem.ts';
import { stateFolder } from '../session/state-folder.ts';

/** Returns the file of the saved position in an image. */
export function stateFile(imageId: string, env: NodeJS.ProcessEnv): string {
  return path.join(stateFolder(env), 'views', `${imageId.replace(/[^a-z0-9]/g, '-')}.json`);
}

/** Reads a saved state; null if there is none or it cannot be used, since nothing depends on it. */
export function readState(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError || isSystemError(error)) return null;
    throw error;
  }
}

/** Maximum number of images whose state is kept. */
const MAX_KEPT = 500;

function removeOldest(folder: string): void {
  const files = readdirSync(folder).map((name) => path.join(folder, name));
  if (files.length <= MAX_KEPT) return;
  const byAge = files.map((file) => ({ file, at: statSync(file).mtimeMs })).toSorted((a, b) => b.at - a.at);
  for (const { file } of byAge.slice(MAX_KEPT)) rmSync(file, { force: true });
}

/** Saves a state atomically. Ignores write errors: the next session then starts without a saved position. */
export function writeState(file: string, state: unknown): void {
  const draft = `${file}.${process.pid}.tmp`;
  try {
    makeDirectory(path.dirname(file), 0o700);
    writeFileSync(draft, JSON.stringify(state), { mode: 0o600 });
    renameSync(draft, file);
    removeOldest(path.dirname(file));
  } catch (error) {
    rmSync(draft, { force: true });
    if (!isSystemError(error) && !(error instanceof Problem)) throw error;
  }
}
