import { SHIPPED_DATABASES } from '../packages/shipped-records.ts';
import { READ_PATHS } from '../posture/subject.ts';
import { AlongSearch } from '../secrets/along-search.ts';
import type { UserConfig } from '../secrets/user-config.ts';
import type { CommandContext } from './context.ts';
import { readConfig } from './read-config.ts';

/** What a command that looks for everything knows before it opens an image. */
export interface Searching {
  readonly config: UserConfig;
  /** Reads along while the layers are indexed. */
  readonly along: AlongSearch;
  /** Paths of files that will be asked for when the layers have gone by. */
  readonly keep: RegExp;
}

const KEEP = new RegExp(`${READ_PATHS.source}|${SHIPPED_DATABASES.source}`);

/**
 * Makes ready for a search.
 * @throws Problem `usage` for a configuration that is wrong: before an image is opened
 */
export async function prepareSearch(
  options: { readonly config?: string; readonly unpack?: boolean; readonly quiet?: boolean },
  context: Pick<CommandContext, 'stderr'>,
): Promise<Searching> {
  const config = await readConfig(options.config, options.quiet, context);
  return { config, along: new AlongSearch(options.unpack !== false, config.rules), keep: KEEP };
}
