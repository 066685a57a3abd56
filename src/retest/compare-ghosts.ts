import { findGhosts, type Ghost } from '../ledger/ghosts.ts';
import type { FilePlace, Ledger } from '../ledger/ledger.ts';
import type { SharedLayer, UnverifiedPair } from './compare.ts';

/** A file content that is not visible in the container but still in the image. */
export interface Recoverable {
  /** Raw bytes. */
  readonly path: Uint8Array;
  readonly layer: number;
  readonly state: Ghost['state'];
  /** Size of the content, in bytes. */
  readonly size: number;
}

/** The recoverable contents that only one of two images has, and the number that both have. */
export interface RecoverableDifference {
  readonly onlyA: readonly Recoverable[];
  readonly onlyB: readonly Recoverable[];
  readonly both: number;
}

/**
 * Compares the deleted and overwritten contents of two images. Two are the same if their path and content are.
 * A content that is also live elsewhere in the same image is left out.
 * @param sameLayers the layers that both images have
 * @param unverified receives the pairs whose hashes are not known yet; until they are, they count as the same
 */
export function recoverableDifferences(
  a: Ledger,
  b: Ledger,
  sameLayers: readonly SharedLayer[],
  unverified: UnverifiedPair[] = [],
): RecoverableDifference {
  const shared = new Set(sameLayers.map((layer) => `${layer.a}/${layer.b}`));
  const theirs = new Map<string, Ghost[]>();
  for (const ghost of deletedContents(b)) {
    const key = keyOf(b, ghost);
    const list = theirs.get(key);
    if (list === undefined) theirs.set(key, [ghost]);
    else list.push(ghost);
  }
  const onlyA: Recoverable[] = [];
  const matched = new Set<Ghost>();
  let both = 0;
  for (const ghost of deletedContents(a)) {
    const found = theirs.get(keyOf(a, ghost))?.find((other) => {
      if (matched.has(other)) return false;
      if (shared.has(`${ghost.born}/${other.born}`)) return true;
      const [one, two] = [sha256Of(a, ghost), sha256Of(b, other)];
      if (one !== null && two !== null) return one === two;
      unverified.push({ a: placeOf(ghost), b: placeOf(other) });
      return true;
    });
    if (found === undefined) onlyA.push(recoverable(a, ghost));
    else {
      matched.add(found);
      both++;
    }
  }
  const onlyB = [...theirs.values()].flat().filter((ghost) => !matched.has(ghost));
  return { onlyA: inOrder(onlyA), onlyB: inOrder(onlyB.map((ghost) => recoverable(b, ghost))), both };
}

function deletedContents(ledger: Ledger): Ghost[] {
  return findGhosts(ledger).ghosts.filter(({ contentElsewhere }) => !contentElsewhere);
}

function keyOf(ledger: Ledger, { path, size }: Ghost): string {
  return `${size}/${Buffer.from(ledger.paths.path(path)).toString('latin1')}`;
}

function sha256Of(ledger: Ledger, { born, entry }: Ghost): string | null {
  const hash = ledger.entriesOf(born).sha256(entry);
  return hash === null ? null : Buffer.from(hash).toString('hex');
}

function placeOf({ born, entry }: Ghost): FilePlace {
  return { layer: born, entry };
}

function recoverable(ledger: Ledger, { born, path, size, state }: Ghost): Recoverable {
  return { path: ledger.paths.path(path), layer: born, state, size };
}

function inOrder(list: Recoverable[]): Recoverable[] {
  return list.toSorted((x, y) => Buffer.compare(x.path, y.path) || x.layer - y.layer);
}
