import { Change } from './change.ts';
import { DeletedBy, type Ledger } from './ledger.ts';

/**
 * How a generation of a path ended. It was deleted by a whiteout or an opaque directory; it was replaced by an
 * entry of another type, at its path or at a directory above it; or it was overwritten by the same type.
 */
export type GenerationEnd = 'whiteout' | 'opaque' | 'replacement' | 'overwritten';

/** The event that ended a generation, and how. */
export interface Fate {
  readonly how: GenerationEnd;
  readonly layer: number;
  /** The event on the same path that ended it. */
  readonly event: number;
  /** The path that the whiteout, the opaque directory or the replacement names: the same path, or one above it. */
  readonly via: number;
}

const BY_DELETION = {
  [DeletedBy.whiteout]: 'whiteout',
  [DeletedBy.opaque]: 'opaque',
  [DeletedBy.replacement]: 'replacement',
} as const satisfies Record<DeletedBy, GenerationEnd>;

/**
 * Returns what an event did to the generation before it.
 * @param event the next event of the same path
 */
export function fateBy(ledger: Ledger, event: number): Fate {
  const layer = ledger.layerOf(event);
  if (ledger.isDeletion(event)) {
    const { via, by } = ledger.deletion(event);
    return { how: BY_DELETION[by], layer, event, via };
  }
  const how = ledger.change(event) === Change.replaced ? 'replacement' : 'overwritten';
  return { how, layer, event, via: ledger.pathOf(event) };
}
