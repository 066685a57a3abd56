import type { Origin } from '../history/origin.ts';
import type { ChangedFile } from '../packages/changed-files.ts';
import type { Inventory, PackageHistory } from '../packages/inventory.ts';
import type { Ecosystem } from '../packages/package.ts';
import { purlOf } from '../packages/purl.ts';
import { escapeText } from '../text/escape.ts';
import { formatTable } from '../text/table.ts';

/** One package of `exhume packages --json`. */
export interface PackageFacts extends PackageHistory {
  readonly purl: string;
  /** The layer that added the current version, or the last version of a removed package. */
  readonly layer: number;
  readonly origin: Origin;
}

/** Adds to each package its package URL, its layer and its origin. */
export function packageFacts(inventory: Inventory, origins: readonly Origin[]): PackageFacts[] {
  return inventory.packages.map((line) => {
    const layer = line.changes.findLast(({ change }) => change !== 'removed')?.layer ?? 0;
    const purl = purlOf(line, inventory.distribution);
    return { ...line, purl, layer, origin: origins[layer] ?? 'unknown' };
  });
}

/** Ecosystems with a single database, whose path is not worth showing. */
const ONE_DATABASE: ReadonlySet<Ecosystem> = new Set(['deb', 'apk']);

/** Formats the table of `exhume packages`. */
export function* packageLines(facts: readonly PackageFacts[], width: number | undefined): Generator<string> {
  const rows = facts.map((each) => [
    each.ecosystem,
    escapeText(each.name),
    escapeText(each.version),
    String(each.layer),
    each.origin,
    each.state,
    escapeText(changesText(each)),
    escapeText(ONE_DATABASE.has(each.ecosystem) ? '' : each.path),
  ]);
  yield* formatTable(rows, {
    header: ['type', 'package', 'version', 'layer', 'origin', 'state', 'changes', 'recorded in'],
    align: ['left', 'left', 'left', 'right', 'left', 'left', 'left', 'left'],
    ...(width === undefined ? {} : { maxWidth: width }),
  });
}

/** Describes the changes to a package after it was added: `added in 2, 1.0 -> 1.1 in 4, removed in 7`. */
function changesText({ changes }: PackageHistory): string {
  const [first, ...more] = changes;
  if (first === undefined || more.length === 0) return '';
  const said = more.map(({ change, layer, previous, version }) => {
    if (change === 'removed') return `removed in ${layer}`;
    return change === 'added' ? `added again in ${layer}` : `${previous} -> ${version} in ${layer}`;
  });
  return `added in ${first.layer}, ${said.join(', ')}`;
}

/** Formats the table of package files that a later layer changed. */
export function* changedLines(changed: readonly ChangedFile[], width: number | undefined): Generator<string> {
  const rows = changed.map((each) => [
    escapeText(each.path),
    String(each.layer),
    each.state,
    escapeText(each.version === null ? each.package : `${each.package} ${each.version}`),
  ]);
  yield* formatTable(rows, {
    header: ['path', 'layer', 'state', 'package'],
    align: ['left', 'right', 'left', 'left'],
    ...(width === undefined ? {} : { maxWidth: width }),
  });
}
