import { findDeletedFiles, type DeletedFile } from '../ledger/deleted-files.ts';
import type { FilePlace, Ledger } from '../ledger/ledger.ts';
import type { SharedLayer, UnverifiedPair } from './compare.ts';

/** A file content that is not visible in the container but still in the image. */
export interface Recoverable {
  /** Raw bytes. */
  readonly path: Uint8Array;
  readonly layer: number;
  readonly state: DeletedFile['state'];
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
  const theirs = new Map<string, DeletedFile[]>();
  for (const deletedFile of deletedContents(b)) {
    const key = keyOf(b, deletedFile);
    const list = theirs.get(key);
    if (list === undefined) theirs.set(key, [deletedFile]);
    else list.push(deletedFile);
  }
  const onlyA: Recoverable[] = [];
  const matched = new Set<DeletedFile>();
  let both = 0;
  for (const deletedFile of deletedContents(a)) {
    const found = theirs.get(keyOf(a, deletedFile))?.find((other) => {
      if (matched.has(other)) return false;
      if (shared.has(`${deletedFile.born}/${other.born}`)) return true;
      const [one, two] = [sha256Of(a, deletedFile), sha256Of(b, other)];
      if (one !== null && two !== null) return one === two;
      unverified.push({ a: placeOf(deletedFile), b: placeOf(other) });
      return true;
    });
    if (found === undefined) onlyA.push(recoverable(a, deletedFile));
    else {
      matched.add(found);
      both++;
    }
  }
  const onlyB = [...theirs.values()].flat().filter((deletedFile) => !matched.has(deletedFile));
  return {
    onlyA: inOrder(onlyA),
    onlyB: inOrder(onlyB.map((deletedFile) => recoverable(b, deletedFile))),
    both,
  };
}

function deletedContents(ledger: Ledger): DeletedFile[] {
  return findDeletedFiles(ledger).deletedFiles.filter(({ contentElsewhere }) => !contentElsewhere);
}

function keyOf(ledger: Ledger, { path, size }: DeletedFile): string {
  return `${size}/${Buffer.from(ledger.paths.path(path)).toString('latin1')}`;
}

function sha256Of(ledger: Ledger, { born, entry }: DeletedFile): string | null {
  const hash = ledger.entriesOf(born).sha256(entry);
  return hash === null ? null : Buffer.from(hash).toString('hex');
}

function placeOf({ born, entry }: DeletedFile): FilePlace {
  return { layer: born, entry };
}

function recoverable(ledger: Ledger, { born, path, size, state }: DeletedFile): Recoverable {
  return { path: ledger.paths.path(path), layer: born, state, size };
}

function inOrder(list: Recoverable[]): Recoverable[] {
  return list.toSorted((x, y) => Buffer.compare(x.path, y.path) || x.layer - y.layer);
}
