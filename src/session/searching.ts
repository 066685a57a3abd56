import { SHIPPED_DATABASES } from '../packages/shipped-records.ts';
import { READ_PATHS } from '../posture/subject.ts';
import { LayerSearch } from '../secrets/scan/layer-search.ts';
import type { SessionListener } from './listener.ts';
import { type Configured, readConfigured } from './read-config.ts';

/** A scan that is prepared before an image is opened. */
export interface Searching extends Configured {
  /** Scans the layers while they are indexed. */
  readonly layerSearch: LayerSearch;
  /** Paths of files that the checks read once the layers are indexed. */
  readonly keep: RegExp;
}

const KEEP = new RegExp(`${READ_PATHS.source}|${SHIPPED_DATABASES.source}`);

/**
 * Prepares a scan. Several sessions may share it, to scan the layers that they share once.
 * @throws Problem `usage` for a configuration that is wrong: before an image is opened
 */
export async function prepareSearch(
  options: { readonly config?: string; readonly unpack?: boolean } = {},
  listener: SessionListener = {},
): Promise<Searching> {
  const configured = await readConfigured(options.config, listener);
  const layerSearch = new LayerSearch(options.unpack !== false, configured.config.rules);
  return { ...configured, layerSearch, keep: KEEP };
}
