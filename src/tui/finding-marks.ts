import type { Finding } from '../finding/finding.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { encodeName } from '../text/escape.ts';
import type { TreeColumns } from './tree/tree-columns.ts';

/** Capital at the very place, small at a folder that holds it: `S` a secret, `P` a posture problem. */
export type FindingLetter = 'S' | 'P' | 's' | 'p';

/** Where the loud findings of an image stand. */
export interface FindingMarks {
  /** By path and layer: what stands in the file, or in the folder itself, that this layer wrote. */
  readonly places: readonly { readonly path: number; readonly layer: number; readonly letter: 'S' | 'P' }[];
  /** By layer: those that stand in its files or in the instruction that made it. */
  readonly layers: ReadonlyMap<number, readonly Finding[]>;
  /** By history entry: those that stand in its instruction. */
  readonly entries: ReadonlyMap<number, readonly Finding[]>;
}

/**
 * Puts findings in their places, once for each time that findings arrive. What was demoted is left out.
 * @param layerOfEntry the layer that a history entry made, or null
 */
export function findingMarks(
  list: readonly Finding[],
  ledger: Ledger,
  layerOfEntry: (entry: number) => number | null,
): FindingMarks {
  const places: FindingMarks['places'][number][] = [];
  const layers = new Map<number, Finding[]>();
  const entries = new Map<number, Finding[]>();
  for (const finding of list) {
    if (finding.demoted !== null) continue;
    const letter = finding.kind === 'secret' ? 'S' : 'P';
    const inLayers = new Set<number>();
    const inEntries = new Set<number>();
    for (const { where } of finding.occurrences) {
      const entry = where.surface === 'history' ? where.historyIndex : null;
      const layer = where.layer ?? (entry === null ? null : layerOfEntry(entry));
      if (layer !== null) inLayers.add(layer);
      if (entry !== null) inEntries.add(entry);
      if (where.surface !== 'file' || where.path === null || layer === null) continue;
      const path = ledger.paths.lookup(encodeName(where.path));
      if (path >= 0) places.push({ path, layer, letter });
    }
    for (const layer of inLayers) add(layers, layer, finding);
    for (const entry of inEntries) add(entries, entry, finding);
  }
  return { places, layers, entries };
}

function add(lists: Map<number, Finding[]>, at: number, finding: Finding): void {
  const known = lists.get(at);
  if (known === undefined) lists.set(at, [finding]);
  else known.push(finding);
}

/**
 * The letters of a tree: at the files whose shown generation holds a finding, and at every folder above
 * them. A secret goes before a posture problem, then a place of its own before what lies below. As much work
 * as there are findings, whatever the number of paths.
 */
export function treeLetters(
  { places }: FindingMarks,
  columns: TreeColumns,
): ReadonlyMap<number, FindingLetter> {
  const letters = new Map<number, FindingLetter>();
  const { paths } = columns.ledger;
  const put = (path: number, letter: FindingLetter): boolean => {
    const before = letters.get(path);
    if (before !== undefined && RANK[before] <= RANK[letter]) return false;
    letters.set(path, letter);
    return true;
  };
  for (const { layer, letter, path } of places) {
    if (path >= columns.count || columns.event[path] === 0 || columns.holder[path] !== layer) continue;
    put(path, letter);
    const small = letter === 'S' ? 's' : 'p';
    let at = path;
    while (at > 0) {
      at = paths.parent(at);
      if (letters.get(at) === small) break;
      put(at, small);
    }
  }
  return letters;
}

const RANK: Readonly<Record<FindingLetter, number>> = { S: 0, s: 1, P: 2, p: 3 };
