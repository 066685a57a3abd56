import { readFile } from 'node:fs/promises';
import { Problem } from '../problem.ts';
import { Masker } from '../secrets/mask/masker.ts';
import type { UserConfig } from '../secrets/user-config.ts';
import type { SessionListener } from './listener.ts';

const NO_CONFIG: UserConfig = { rules: [], allow: [] };

/** The file that is read if the options name none. */
const DEFAULT_NAME = 'exhume.yaml';

/** The configuration, and the masker that its rules make. */
export interface Configured {
  readonly config: UserConfig;
  readonly masker: Masker;
}

/**
 * Reads the configuration before an image is opened, so that nothing is printed or drawn without its rules.
 * @param named the file; without a name `exhume.yaml` of the current directory is read if it exists, and the
 * listener is told
 * @throws Problem `usage` if it is wrong, or if the named file cannot be read
 */
export async function readConfigured(
  named: string | undefined,
  listener: SessionListener,
): Promise<Configured> {
  const config = await readConfig(named, listener);
  return { config, masker: new Masker(config.rules) };
}

async function readConfig(named: string | undefined, listener: SessionListener): Promise<UserConfig> {
  const name = named ?? DEFAULT_NAME;
  let text: string;
  try {
    text = await readFile(name, 'utf8');
  } catch (error) {
    if (named === undefined) return NO_CONFIG;
    const { code = 'unreadable' } = error as NodeJS.ErrnoException;
    throw new Problem('usage', `--config ${named}: cannot be read (${code})`, { file: named }, error);
  }
  // Loaded on demand: YAML and its schema take longer to load than a small image takes to scan.
  const { parseUserConfig } = await import('../secrets/user-config.ts');
  const config = parseUserConfig(text, name);
  if (named === undefined) {
    const figures = `${config.rules.length} rules, ${config.allow.length} exceptions`;
    listener.notice?.(`using ${DEFAULT_NAME} of this folder: ${figures}`);
  }
  return config;
}
