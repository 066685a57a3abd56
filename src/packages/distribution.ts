import { readFiles } from '../ledger/read-files.ts';
import type { StackedImage } from '../ledger/stacked-image.ts';

/** Which distribution an image is of (os-release(5)). */
export interface Distribution {
  /** `debian`, `alpine` */
  readonly id: string;
  /** `12`; null for those that roll. */
  readonly version: string | null;
  /** `Debian GNU/Linux 12 (bookworm)`; null where it is not given. */
  readonly title: string | null;
}

/** In the order in which programs look for it; the first is mostly a link to the second. */
const PLACES = ['/etc/os-release', '/usr/lib/os-release'];
const LARGEST = 64 * 1024;

/** What the final tree's os-release says; null where there is none. */
export async function readDistribution(
  stacked: StackedImage,
  signal: AbortSignal | undefined,
): Promise<Distribution | null> {
  const { ledger } = stacked;
  const events = PLACES.map((place) => ledger.paths.lookup(Buffer.from(place)))
    .map((path) => (path < 0 ? -1 : ledger.lastEvent(path)))
    .filter((event) => event >= 0 && !ledger.isDeletion(event));
  const options = { largest: LARGEST, ...(signal === undefined ? {} : { signal }) };
  const contents = await readFiles(stacked, events, options);
  const content = events.map((event) => contents.get(event)).find((bytes) => bytes !== undefined);
  return content === undefined ? null : parseOsRelease(Buffer.from(content).toString('utf8'));
}

/** Reads os-release: assignments as a shell would take them. */
export function parseOsRelease(text: string): Distribution | null {
  const values = new Map<string, string>();
  for (const [, name, value] of text.matchAll(/^([A-Z_]+)=(.*)$/gm)) {
    values.set(name!, value!.trim().replace(/^(["'])(.*)\1$/, '$2'));
  }
  const id = values.get('ID') ?? '';
  if (id === '') return null;
  return { id, version: values.get('VERSION_ID') ?? null, title: values.get('PRETTY_NAME') ?? null };
}
