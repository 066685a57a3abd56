import type { TreeColumnsShown } from './tree/column-names.ts';
import type { SortKey } from './tree/siblings.ts';
import type { PaneId, ViewId } from './views.ts';

/** Readings that can be restored. A comparison belongs to one session. */
export const KEPT_READINGS = ['changes', 'after', 'final'] as const;

/** The saved state of an image: the position and how it was shown. */
export interface KeptState {
  readonly version: 1;
  readonly view: ViewId;
  readonly focus: PaneId;
  /** Cells; null for the default. */
  readonly left: number | null;
  readonly detail: number | null;
  readonly reading: (typeof KEPT_READINGS)[number];
  readonly sort: SortKey;
  readonly columns: TreeColumnsShown;
  readonly exactSizes: boolean;
  readonly layer: number | null;
  /** Raw bytes of the path under the tree's cursor, base64; null for none. */
  readonly path: string | null;
}
