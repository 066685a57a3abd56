import { type EntryPlace, hashEntries } from '../layer/hash-entries.ts';
import { changedNames } from '../ledger/change.ts';
import { incompleteOf } from '../ledger/incomplete.ts';
import type { FilePlace } from '../ledger/ledger.ts';
import {
  type CompareFacts,
  compareLines,
  pathFacts,
  type RecoverableFacts,
} from '../report/compare-facts.ts';
import { completenessLines, completenessOf } from '../report/completeness.ts';
import { pathText } from '../report/entry-facts.ts';
import { imageFacts } from '../report/image-facts.ts';
import {
  configDifferences,
  findingDifferences,
  type PathDifference,
  sharedLayers,
  treeDifferences,
  type UnverifiedPair,
} from '../retest/compare.ts';
import { type Recoverable, recoverableDifferences } from '../retest/compare-ghosts.ts';
import type { CommandContext, CommonOptions } from './context.ts';
import { findAll } from '../session/find-all.ts';
import { type OpenedImage, readImage } from '../session/open-image.ts';
import { prepareSearch } from '../session/searching.ts';
import { writeJson, writeLines } from './output.ts';

/** `exhume compare A B`: layers shared, and what differs in config, files and findings. */
export async function compare(
  nameA: string,
  nameB: string,
  options: CommonOptions,
  context: CommandContext,
): Promise<void> {
  const searching = await prepareSearch(options, context);
  const a = await readImage(nameA, options, context, { searching });
  const b = await readImage(nameB, options, context, { searching });
  const layers = sharedLayers(a.stacked, b.stacked);
  const pairs: UnverifiedPair[] = [];
  let paths = treeDifferences(a.stacked.ledger, b.stacked.ledger, layers, pairs);
  let ghosts = recoverableDifferences(a.stacked.ledger, b.stacked.ledger, layers, pairs);
  if (pairs.length > 0) {
    await hashMissing(
      a,
      pairs.map((pair) => pair.a),
      context.signal,
    );
    await hashMissing(
      b,
      pairs.map((pair) => pair.b),
      context.signal,
    );
    paths = treeDifferences(a.stacked.ledger, b.stacked.ledger, layers);
    ghosts = recoverableDifferences(a.stacked.ledger, b.stacked.ledger, layers);
  }
  const findings = findingDifferences(await findAll(a, options, context), await findAll(b, options, context));
  const mask = (text: string): string => a.masker.mask(text);
  const facts: CompareFacts = {
    a: imageFacts(a.stacked),
    b: imageFacts(b.stacked),
    incomplete: [
      ...incompleteOf(a.stacked).map((part) => ({ image: 'a' as const, ...part })),
      ...incompleteOf(b.stacked).map((part) => ({ image: 'b' as const, ...part })),
    ],
    sharedLayers: layers,
    config: configDifferences(a.stacked.image.config.runtime, b.stacked.image.config.runtime).map(
      ({ a: one, b: other, field }) => ({ field, a: one.map(mask), b: other.map(mask) }),
    ),
    counts: {
      added: countOf(paths, 'added'),
      removed: countOf(paths, 'removed'),
      changed: countOf(paths, 'changed'),
      onlyA: findings.onlyA.length,
      onlyB: findings.onlyB.length,
      both: findings.both.length,
    },
    recoverable: {
      onlyA: ghosts.onlyA.map(ghostFacts),
      onlyB: ghosts.onlyB.map(ghostFacts),
      both: ghosts.both,
    },
    findings,
  };
  const files = paths.map((difference) =>
    pathFacts(difference, pathText(difference.path), changedNames(difference.changed)),
  );
  if (options.json) {
    await writeJson(
      context.stdout,
      { schema: 'exhume/compare/1', ...facts },
      { name: 'files', items: files },
    );
    return;
  }
  await writeLines(context.stdout, compareLines(facts, files));
  for (const [name, { stacked }] of [
    ['A', a],
    ['B', b],
  ] as const) {
    const lines = completenessLines(completenessOf(stacked, options.allowIncomplete === true));
    await writeLines(
      context.stdout,
      lines.map((line) => `${name}  ${line}`),
    );
  }
}

function ghostFacts({ path, ...ghost }: Recoverable): RecoverableFacts {
  return { path: pathText(path), ...ghost };
}

function countOf(paths: readonly PathDifference[], change: PathDifference['change']): number {
  return paths.filter((path) => path.change === change).length;
}

/** Hashes contents that no question has needed so far. */
async function hashMissing(
  { stacked: { image, ledger, unread } }: OpenedImage,
  places: readonly FilePlace[],
  signal: AbortSignal,
): Promise<void> {
  const byLayer = new Map<number, EntryPlace[]>();
  for (const { entry, layer } of places) {
    const entries = ledger.entriesOf(layer);
    if (entries.sha256(entry) !== null) continue;
    const list = byLayer.get(layer) ?? [];
    list.push(entries.place(entry));
    byLayer.set(layer, list);
  }
  for (const [layer, list] of byLayer) {
    const { blob } = image.layers[layer]!;
    if (blob === null) continue;
    const sorted = list.toSorted((x, y) => x.headerBlock - y.headerBlock);
    const hashes = await hashEntries(blob, sorted, signal);
    ledger.entriesOf(layer).addHashes(hashes);
    if (hashes.unreadable !== null) unread.note(layer, blob, [hashes.unreadable]);
  }
}
