import { WhiteoutKind } from '../layer/index-columns.ts';
import { type PathTable, ROOT } from '../layer/path-table.ts';
import { EntryType } from '../tar/member.ts';
import { DeletedBy } from './ledger.ts';
import type { LayerEntries } from './layer-entries.ts';

/** A layer takes away what lower layers put below a path, and at it where `itself` is true. */
export interface Hiding {
  readonly path: number;
  readonly itself: boolean;
  readonly by: DeletedBy;
}

/**
 * All by which a layer hides something, in the order in which it gets the blame: entries that are
 * no folder where one may have been, then the markers, each in the tar's order.
 * @param additions the layer's entries, without those that a later one of the same path supersedes
 */
export function hidingsOf(
  paths: PathTable,
  { columns }: LayerEntries,
  additions: Iterable<number>,
): Hiding[] {
  const hidings: Hiding[] = [];
  for (const i of additions) {
    const path = columns.path[i]!;
    if (columns.type[i] !== EntryType.directory && paths.firstChild(path) !== 0 && path !== ROOT) {
      hidings.push({ path, itself: false, by: DeletedBy.replacement });
    }
  }
  for (const [i, path] of columns.whiteoutPath.entries()) {
    const opaque = columns.whiteoutKind[i] === WhiteoutKind.opaque;
    hidings.push({ path, itself: !opaque, by: opaque ? DeletedBy.opaque : DeletedBy.whiteout });
  }
  return hidings;
}
