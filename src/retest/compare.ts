import type { Finding } from '../finding/finding.ts';
import type { RuntimeConfig } from '../image/config.ts';
import { Changed } from '../ledger/change.ts';
import { differences, type Generation } from '../ledger/compare.ts';
import { fileOf } from '../ledger/content.ts';
import { finalTree } from '../ledger/final-tree.ts';
import type { FilePlace, Ledger } from '../ledger/ledger.ts';
import type { StackedImage } from '../ledger/stacked-image.ts';

/** A layer that both images have (same diffID), with its index in each. */
export interface SharedLayer {
  readonly diffId: string;
  readonly a: number;
  readonly b: number;
}

/** A config field that differs. Lists and maps have one text for each item. */
export interface ConfigDifference {
  readonly field: string;
  readonly a: readonly string[];
  readonly b: readonly string[];
}

/** A path at which the final trees differ. */
export interface PathDifference {
  /** Raw bytes. */
  readonly path: Uint8Array;
  readonly change: 'added' | 'removed' | 'changed';
  /** Bits of {@link Changed}; 0 unless `change` is `changed`. */
  readonly changed: number;
  readonly sizeA: number | null;
  readonly sizeB: number | null;
}

/** The findings of only one image, and those of both, matched by id. */
export interface FindingDifference {
  readonly onlyA: readonly Finding[];
  readonly onlyB: readonly Finding[];
  readonly both: readonly Finding[];
}

/** Returns the layers that both images have, from the bottom up. */
export function sharedLayers(a: StackedImage, b: StackedImage): SharedLayer[] {
  const theirs = new Map<string, number>();
  b.layers.forEach((layer, index) => {
    const diffId = b.image.layers[index]!.diffId ?? layer.diffId;
    if (diffId !== null) theirs.set(diffId, index);
  });
  return a.layers.flatMap((layer, index) => {
    const diffId = a.image.layers[index]!.diffId ?? layer.diffId;
    const other = diffId === null ? undefined : theirs.get(diffId);
    return other === undefined ? [] : [{ diffId: diffId!, a: index, b: other }];
  });
}

/** Returns the fields in which two runtime configs differ. */
export function configDifferences(a: RuntimeConfig, b: RuntimeConfig): ConfigDifference[] {
  const before = configTexts(a);
  const after = configTexts(b);
  return Object.keys(before).flatMap((field) => {
    const [one, other] = [before[field]!, after[field]!];
    if (one.join('\0') === other.join('\0')) return [];
    const listed = field === 'Env' || field === 'Labels' || field === 'ExposedPorts' || field === 'Volumes';
    // For unordered lists, report only the items that differ.
    return listed
      ? [
          {
            field,
            a: one.filter((item) => !other.includes(item)),
            b: other.filter((item) => !one.includes(item)),
          },
        ]
      : [{ field, a: one, b: other }];
  });
}

function configTexts(config: RuntimeConfig): Record<string, string[]> {
  const one = (value: string | null): string[] => (value === null || value === '' ? [] : [value]);
  return {
    User: one(config.user),
    WorkingDir: one(config.workingDir),
    Entrypoint: [...(config.entrypoint ?? [])],
    Cmd: [...(config.cmd ?? [])],
    Shell: [...(config.shell ?? [])],
    StopSignal: one(config.stopSignal),
    Healthcheck: config.healthcheck === null ? [] : [...config.healthcheck.test],
    Env: config.env.toSorted(),
    Labels: Object.entries(config.labels)
      .map(([key, value]) => `${key}=${value}`)
      .toSorted(),
    ExposedPorts: config.exposedPorts.toSorted(),
    Volumes: config.volumes.toSorted(),
    OnBuild: [...config.onBuild],
  };
}

/** Two files that may differ: their contents must be hashed to find out. */
export interface UnverifiedPair {
  readonly a: FilePlace;
  readonly b: FilePlace;
}

/**
 * Compares two final trees, path by path. A different modification time alone does not count.
 * @param sameLayers the layers that both images have; entries from the same layer are the same
 * @param unverified receives the pairs of files of equal size whose hashes are not known yet; until they are,
 * they count as the same
 */
export function treeDifferences(
  a: Ledger,
  b: Ledger,
  sameLayers: readonly SharedLayer[],
  unverified: UnverifiedPair[] = [],
): PathDifference[] {
  const shared = new Set(sameLayers.map((layer) => `${layer.a}/${layer.b}`));
  const found: PathDifference[] = [];
  const seen = new Set<number>();
  for (const event of finalTree(a)) {
    const path = a.paths.path(a.pathOf(event));
    const other = b.paths.lookup(path);
    const theirs = other < 0 ? -1 : b.lastEvent(other);
    if (theirs < 0 || b.isDeletion(theirs)) {
      found.push({ path, change: 'removed', changed: 0, sizeA: sizeOf(a, event), sizeB: null });
      continue;
    }
    seen.add(theirs);
    if (shared.has(`${a.layerOf(event)}/${b.layerOf(theirs)}`)) continue;
    let bits = differences(generation(a, event), generation(b, theirs)) & ~Changed.mtime;
    if (bits & Changed.unverified) {
      bits &= ~(Changed.unverified | Changed.content);
      unverified.push({ a: fileOf(a, event)!, b: fileOf(b, theirs)! });
    }
    if (bits === 0) continue;
    const sizes = { sizeA: sizeOf(a, event), sizeB: sizeOf(b, theirs) };
    found.push({ path, change: 'changed', changed: bits, ...sizes });
  }
  for (const event of finalTree(b)) {
    if (seen.has(event)) continue;
    const path = b.paths.path(b.pathOf(event));
    found.push({ path, change: 'added', changed: 0, sizeA: null, sizeB: sizeOf(b, event) });
  }
  return found.toSorted((x, y) => Buffer.compare(x.path, y.path));
}

function generation(ledger: Ledger, event: number): Generation {
  const { layer, entry } = ledger.placeOf(event);
  return { layer: ledger.entriesOf(layer), entry };
}

function sizeOf(ledger: Ledger, event: number): number {
  const { layer, entry } = ledger.placeOf(event);
  return ledger.entriesOf(layer).size(entry);
}

/** Compares the reported findings of two images by id. */
export function findingDifferences(a: readonly Finding[], b: readonly Finding[]): FindingDifference {
  const reportedA = a.filter(({ suppressed }) => suppressed === null);
  const reportedB = b.filter(({ suppressed }) => suppressed === null);
  const idsA = new Set(reportedA.map(({ id }) => id));
  const idsB = new Set(reportedB.map(({ id }) => id));
  return {
    onlyA: reportedA.filter(({ id }) => !idsB.has(id)),
    onlyB: reportedB.filter(({ id }) => !idsA.has(id)),
    both: reportedB.filter(({ id }) => idsA.has(id)),
  };
}
