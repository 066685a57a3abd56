import { readFile } from 'node:fs/promises';
import { isAbsent, isSystemError } from '../bytes/system-error.ts';
import { Problem } from '../problem.ts';
import { Masker } from '../secrets/mask/masker.ts';
import type { UserConfig } from '../secrets/user-config.ts';
import { quantity } from '../text/quantity.ts';
import type { SessionListener } from './listener.ts';

const NO_CONFIG: UserConfig = { rules: [], allow: [] };

/** The configuration file that is read if the options name none. */
export const DEFAULT_CONFIG = 'exhume.yaml';

/** The configuration, and a masker with its rules. */
export interface Configured {
  readonly config: UserConfig;
  readonly masker: Masker;
}

/**
 * Reads the configuration before an image is opened, so that its rules apply to everything printed or drawn.
 * @param named the file; if undefined, `exhume.yaml` in the current directory is read if it exists, with a notice
 * @throws Problem `usage` if the configuration is invalid or the file cannot be read
 */
export async function readConfigured(
  named: string | undefined,
  listener: SessionListener,
): Promise<Configured> {
  const config = await readConfig(named, listener);
  return { config, masker: new Masker(config.rules) };
}

async function readConfig(named: string | undefined, listener: SessionListener): Promise<UserConfig> {
  const name = named ?? DEFAULT_CONFIG;
  let text: string;
  try {
    text = await readFile(name, 'utf8');
  } catch (error) {
    if (named === undefined && isAbsent(error)) return NO_CONFIG;
    if (!isSystemError(error)) throw error;
    // Do not ignore an unreadable file: its rules and exceptions would be missing silently.
    const option = named === undefined ? '' : '--config: ';
    throw new Problem('usage', `${option}cannot read ${name} (${error.code})`, { file: name }, error);
  }
  // Loaded on demand: YAML and its schema take longer to load than a small image takes to scan.
  const { parseUserConfig } = await import('../secrets/user-config.ts');
  const config = parseUserConfig(text, name);
  if (named === undefined) {
    const figures = `${quantity(config.rules.length, 'rule')}, ${quantity(config.allow.length, 'exception')}`;
    listener.notice?.(`using ${DEFAULT_CONFIG} in this directory: ${figures}`);
  }
  return config;
}
