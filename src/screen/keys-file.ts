import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { Problem } from '../problem.ts';
import type { Binding } from '../tui/keymap.ts';

/** Returns the file of custom key bindings, in the configuration directory of the XDG Base Directory Specification. */
export function keysFile(env: NodeJS.ProcessEnv): string {
  const base = env['XDG_CONFIG_HOME'];
  const root = base !== undefined && path.isAbsolute(base) ? base : path.join(homedir(), '.config');
  return path.join(root, 'exhume', 'keys.yaml');
}

/**
 * Reads custom key bindings.
 * @param given the file that the user named; undefined for the default file, which may be missing
 * @returns the keymap; null if there is no file, in which case the YAML parser is not loaded
 * @throws Problem `usage` if the file cannot be read, or for its first error
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
    throw new Problem('usage', `cannot read ${file}: ${(error as Error).message}`, { file });
  }
  const { parseUserKeymap } = await import('../tui/user-keymap.ts');
  return parseUserKeymap(text, file);
}
