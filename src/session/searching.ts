import { SHIPPED_DATABASES } from '../packages/shipped-records.ts';
import { READ_PATHS } from '../posture/subject.ts';
import { AlongSearch } from '../secrets/scan/along-search.ts';
import type { CommandContext } from '../commands/context.ts';
import { type Configured, readConfigured } from './read-config.ts';

/** What a command that looks for everything knows before it opens an image. */
export interface Searching extends Configured {
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
  const configured = await readConfigured(options, context);
  const along = new AlongSearch(options.unpack !== false, configured.config.rules);
  return { ...configured, along, keep: KEEP };
}
