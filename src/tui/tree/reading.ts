/** Which tree is shown, and what it is compared with. */
export type Reading =
  /** The changes of one layer, with the directories above them. */
  | { readonly kind: 'changes'; readonly layer: number }
  /** The tree after a layer, with the changes of that layer marked. */
  | { readonly kind: 'after'; readonly layer: number }
  /** The final tree, as a container sees it; deleted entries are shown and marked. */
  | { readonly kind: 'final' }
  /** The tree after layer `to`, compared with the tree after layer `from`. */
  | { readonly kind: 'between'; readonly from: number; readonly to: number };

export type ReadingKind = Reading['kind'];

/** Reports whether two readings are the same. */
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
