import { WhiteoutKind } from '../layer/index-columns.ts';
import { type PathTable, ROOT } from '../layer/path-table.ts';
import { EntryType } from '../tar/member.ts';
import { DeletedBy } from './ledger.ts';
import type { LayerEntries } from './layer-entries.ts';

/** A layer hides what lower layers put below a path and, if `itself` is true, at the path. */
export interface Hiding {
  readonly path: number;
  readonly itself: boolean;
  readonly by: DeletedBy;
}

/**
 * Visits everything by which a layer hides lower paths, in attribution order: first entries other than directories
 * at paths where there may be a directory, then the whiteouts, each in the tar's order.
 * @param additions the layer's entries, without those that a later one of the same path supersedes
 */
export function eachHiding(
  paths: PathTable,
  { columns }: LayerEntries,
  additions: Uint32Array,
  visit: (hiding: Hiding) => void,
): void {
  for (let at = 0; at < additions.length; at++) {
    const i = additions[at]!;
    if (columns.type[i] === EntryType.directory) continue;
    const path = columns.path[i]!;
    if (paths.firstChild(path) !== 0 && path !== ROOT) {
      visit({ path, itself: false, by: DeletedBy.replacement });
    }
  }
  const { whiteoutPath, whiteoutKind } = columns;
  for (let i = 0; i < whiteoutPath.length; i++) {
    const opaque = whiteoutKind[i] === WhiteoutKind.opaque;
    const by = opaque ? DeletedBy.opaque : DeletedBy.whiteout;
    visit({ path: whiteoutPath[i]!, itself: !opaque, by });
  }
}
