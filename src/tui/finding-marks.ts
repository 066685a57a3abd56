import type { Finding } from '../finding/finding.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { encodeName } from '../text/escape.ts';
import type { TreeColumns } from './tree/tree-columns.ts';

/** `S` for a secret, `P` for a posture finding; lower case at a directory above it. */
export type FindingLetter = 'S' | 'P' | 's' | 'p';

/** The places of the reported findings of an image. */
export interface FindingMarks {
  /** By path and layer: findings in the file or directory itself, as this layer wrote it. */
  readonly places: readonly { readonly path: number; readonly layer: number; readonly letter: 'S' | 'P' }[];
  /** By layer: findings in its files or its instruction. */
  readonly layers: ReadonlyMap<number, readonly Finding[]>;
  /** By history entry: findings in its instruction. */
  readonly entries: ReadonlyMap<number, readonly Finding[]>;
}

/**
 * Groups findings by place. Suppressed findings are left out.
 * @param layerOfEntry returns the layer that a history entry created, or null
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
    if (finding.suppressed !== null) continue;
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
 * Returns the letters of a tree: at files whose shown version contains a finding, and at the directories above
 * them. A secret has priority over a posture finding, and the place itself over a place below. Takes time
 * proportional to the findings, not to the paths.
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
