import { readFile } from 'node:fs/promises';
import { isAbsent, isSystemError } from '../bytes/system-error.ts';
import { Problem } from '../problem.ts';
import { Masker } from '../secrets/mask/masker.ts';
import type { UserConfig } from '../secrets/user-config.ts';
import type { CommandContext, CommonOptions } from '../commands/context.ts';
import { notice } from '../commands/output.ts';

const NO_CONFIG: UserConfig = { rules: [], allow: [] };

/** What is read from the current folder where no file is named. */
const DEFAULT_NAME = 'exhume.yaml';

/** The configuration, and what masks by its rules. */
export interface Configured {
  readonly config: UserConfig;
  readonly masker: Masker;
}

/**
 * Reads the configuration before an image is opened, so that nothing is printed or drawn without its rules.
 * @throws Problem `usage` where it is wrong, or where the named file cannot be read
 */
export async function readConfigured(
  options: Pick<CommonOptions, 'config' | 'quiet'>,
  context: Partial<Pick<CommandContext, 'stderr'>>,
): Promise<Configured> {
  const config = await readConfig(options.config, options.quiet, context);
  return { config, masker: new Masker(config.rules) };
}

/**
 * Reads the configuration that was named, else `exhume.yaml` of the current folder where there is one,
 * which is said on standard error.
 * @throws Problem `usage` where it is wrong, or where the named file cannot be read
 */
async function readConfig(
  named: string | undefined,
  quiet: boolean | undefined,
  context: Partial<Pick<CommandContext, 'stderr'>>,
): Promise<UserConfig> {
  const name = named ?? DEFAULT_NAME;
  let text: string;
  try {
    text = await readFile(name, 'utf8');
  } catch (error) {
    if (named === undefined && isAbsent(error)) return NO_CONFIG;
    if (!isSystemError(error)) throw error;
    // Its rules and exceptions would be missing without a word.
    const what = named === undefined ? name : `--config ${named}`;
    throw new Problem('usage', `${what}: cannot be read (${error.code})`, { file: name }, error);
  }
  // Loaded when it is needed: YAML and its schema take longer to load than a small image to search.
  const { parseUserConfig } = await import('../secrets/user-config.ts');
  const config = parseUserConfig(text, name);
  if (named === undefined && context.stderr !== undefined) {
    const figures = `${config.rules.length} rules, ${config.allow.length} exceptions`;
    notice({ stderr: context.stderr }, quiet, `using ${DEFAULT_NAME} of this folder: ${figures}`);
  }
  return config;
}
