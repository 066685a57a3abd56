import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { Problem } from '../problem.ts';
import type { Binding } from '../tui/keymap.ts';

/** Where a person's own keys lie: in XDG's configuration folder (XDG Base Directory Specification). */
export function keysFile(env: NodeJS.ProcessEnv): string {
  const base = env['XDG_CONFIG_HOME'];
  const root = base !== undefined && path.isAbsolute(base) ? base : path.join(homedir(), '.config');
  return path.join(root, 'exhume', 'keys.yaml');
}

/**
 * The keymap with a person's own keys.
 * @param given the file that was named; without one the usual file is read where it is there
 * @returns null where nothing is to be read: the reader of YAML is then not loaded
 * @throws Problem `usage` where a file cannot be read, or the first thing that is wrong in it
 */
export async function readKeymap(
  given: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<readonly Binding[] | null> {
  const file = given ?? keysFile(env);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const isAbsent = ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
    if (given === undefined && isAbsent) return null;
    throw new Problem('usage', `${file} cannot be read: ${(error as Error).message}`, { file });
  }
  const { parseUserKeymap } = await import('../tui/user-keymap.ts');
  return parseUserKeymap(text, file);
}
