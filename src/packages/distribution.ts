import { readFiles } from '../ledger/read-files.ts';
import type { StackedImage } from '../ledger/stacked-image.ts';

/** The distribution of an image (os-release(5)). */
export interface Distribution {
  /** `debian`, `alpine` */
  readonly id: string;
  /** `12`; null for a rolling release. */
  readonly version: string | null;
  /** `Debian GNU/Linux 12 (bookworm)`; null if not given. */
  readonly title: string | null;
}

/** In search order (os-release(5)); the first is usually a link to the second. */
const PATHS = ['/etc/os-release', '/usr/lib/os-release'];
const MAX_SIZE = 64 * 1024;

/** Reads the os-release file of the final tree; null if there is none or it has no ID. */
export async function readDistribution(
  stacked: StackedImage,
  signal: AbortSignal | undefined,
): Promise<Distribution | null> {
  const { ledger } = stacked;
  const events = PATHS.map((path) => ledger.paths.lookup(Buffer.from(path)))
    .map((path) => (path < 0 ? -1 : ledger.lastEvent(path)))
    .filter((event) => event >= 0 && !ledger.isDeletion(event));
  const options = { largest: MAX_SIZE, ...(signal === undefined ? {} : { signal }) };
  const contents = await readFiles(stacked, events, options);
  const content = events.map((event) => contents.get(event)).find((bytes) => bytes !== undefined);
  return content === undefined ? null : parseOsRelease(Buffer.from(content).toString('utf8'));
}

/** Parses os-release, a list of shell assignments; null if it has no ID. */
export function parseOsRelease(text: string): Distribution | null {
  const values = new Map<string, string>();
  for (const [, name, value] of text.matchAll(/^([A-Z_]+)=(.*)$/gm)) {
    values.set(name!, value!.trim().replace(/^(["'])(.*)\1$/, '$2'));
  }
  const id = values.get('ID') ?? '';
  if (id === '') return null;
  return { id, version: values.get('VERSION_ID') ?? null, title: values.get('PRETTY_NAME') ?? null };
}
