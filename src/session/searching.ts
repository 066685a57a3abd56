import { SHIPPED_DATABASES } from '../packages/shipped-records.ts';
import { READ_PATHS } from '../posture/subject.ts';
import { LayerSearch } from '../secrets/scan/layer-search.ts';
import type { SessionListener } from './listener.ts';
import { type Configured, readConfigured } from './read-config.ts';

/** A scan prepared before an image is opened. */
export interface Searching extends Configured {
  /** Scans the layers while they are indexed. */
  readonly layerSearch: LayerSearch;
  /** Matches the paths of files that posture checks read after indexing. */
  readonly keep: RegExp;
}

const KEEP = new RegExp(`${READ_PATHS.source}|${SHIPPED_DATABASES.source}`);

/**
 * Prepares a scan. Several sessions may share it, so that a shared layer is scanned once.
 * @throws Problem `usage` if the configuration is invalid
 */
export async function prepareSearch(
  options: { readonly config?: string; readonly unpack?: boolean } = {},
  listener: SessionListener = {},
): Promise<Searching> {
  const configured = await readConfigured(options.config, listener);
  const layerSearch = new LayerSearch(options.unpack !== false, configured.config.rules);
  return { ...configured, layerSearch, keep: KEEP };
}
