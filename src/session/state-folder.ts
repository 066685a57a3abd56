import { homedir } from 'node:os';
import path from 'node:path';

/** Returns exhume's directory in the XDG state directory (XDG Base Directory Specification). */
export function stateFolder(env: NodeJS.ProcessEnv): string {
  const base = env['XDG_STATE_HOME'];
  const root = base !== undefined && path.isAbsolute(base) ? base : path.join(homedir(), '.local', 'state');
  return path.join(root, 'exhume');
}
