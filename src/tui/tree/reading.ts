/** Which tree is looked at, and what it is held against. */
export type Reading =
  /** What one layer did, and the folders that lead there. */
  | { readonly kind: 'changes'; readonly layer: number }
  /** The tree as it stands after a layer, with what that layer did marked. */
  | { readonly kind: 'after'; readonly layer: number }
  /** The tree that a container sees; what was deleted on the way stays visible, marked so. */
  | { readonly kind: 'final' }
  /** The tree after layer `to` held against the tree after layer `from`. */
  | { readonly kind: 'between'; readonly from: number; readonly to: number };

export type ReadingKind = Reading['kind'];

/** Whether two readings ask for the same tree. */
export function sameReading(a: Reading, b: Reading): boolean {
  switch (a.kind) {
    case 'changes':
    case 'after':
      return b.kind === a.kind && b.layer === a.layer;
    case 'final':
      return b.kind === 'final';
    case 'between':
      return b.kind === 'between' && b.from === a.from && b.to === a.to;
  }
}
