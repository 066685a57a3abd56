import { CHANGE_LETTERS } from '../ledger/change-letters.ts';
import { Change, type ChangedName } from '../ledger/change.ts';
import type { Incomplete } from '../ledger/unread-parts.ts';
import type { ConfigDifference, FindingDifference, PathDifference, SharedLayer } from '../retest/compare.ts';
import { escapeText } from '../text/escape.ts';
import { humanSize } from '../text/size.ts';
import { whereText } from './finding-lines.ts';
import type { ImageFacts } from './image-facts.ts';
import { quantity } from '../text/quantity.ts';

/** The output of `exhume compare --json`, without `files[]`. */
export interface CompareFacts {
  readonly a: ImageFacts;
  readonly b: ImageFacts;
  /** The parts of either image that were not read. */
  readonly incomplete: readonly (Incomplete & { readonly image: 'a' | 'b' })[];
  readonly sharedLayers: readonly SharedLayer[];
  readonly config: readonly ConfigDifference[];
  readonly counts: {
    readonly added: number;
    readonly removed: number;
    readonly changed: number;
    readonly onlyA: number;
    readonly onlyB: number;
    readonly both: number;
  };
  /** Deleted or overwritten contents, which are not visible in the container but still in a layer. */
  readonly recoverable: {
    readonly onlyA: readonly RecoverableFacts[];
    readonly onlyB: readonly RecoverableFacts[];
    readonly both: number;
  };
  readonly findings: FindingDifference;
}

/** A deleted or overwritten content that is still in an image. */
export interface RecoverableFacts {
  readonly path: string;
  readonly layer: number;
  readonly state: 'deleted' | 'shadowed';
  readonly size: number;
}

/** An element of `files[]`: a path at which the final trees differ. */
export interface PathFacts {
  readonly path: string;
  readonly change: PathDifference['change'];
  readonly changed: readonly ChangedName[];
  readonly sizeA: number | null;
  readonly sizeB: number | null;
}

export function pathFacts(
  { change, sizeA, sizeB }: PathDifference,
  path: string,
  changed: readonly ChangedName[],
): PathFacts {
  return { path, change, changed, sizeA, sizeB };
}

const LETTER = {
  added: CHANGE_LETTERS[Change.added],
  removed: CHANGE_LETTERS[Change.deleted],
  changed: CHANGE_LETTERS[Change.modified],
} as const;

/** Formats the comparison of two images for people. */
export function* compareLines(facts: CompareFacts, files: readonly PathFacts[]): Generator<string> {
  const { a, b, config, counts, findings, recoverable, sharedLayers } = facts;
  const name = (image: ImageFacts): string => escapeText(image.names[0] ?? image.source);
  yield `A  ${name(a)}  ${a.id}  ${humanSize(a.size)} in ${quantity(a.layers, 'layer')}`;
  yield `B  ${name(b)}  ${b.id}  ${humanSize(b.size)} in ${quantity(b.layers, 'layer')}`;
  yield '';
  yield sharedLayers.length === 0
    ? 'no shared layers'
    : `${quantity(sharedLayers.length, 'layer')} shared: ${sharedLayers.map((layer) => (layer.a === layer.b ? `${layer.a}` : `${layer.a} (${layer.b} in B)`)).join(', ')}`;
  yield '';
  yield config.length === 0 ? 'config: no differences' : 'config';
  for (const { a: one, b: other, field } of config) {
    yield* one.map((text) => `  - ${field} ${escapeText(text)}`);
    yield* other.map((text) => `  + ${field} ${escapeText(text)}`);
  }
  yield '';
  yield `files: ${counts.added} added, ${counts.removed} removed, ${counts.changed} changed`;
  for (const { change, changed, path, sizeA, sizeB } of files) {
    const sizes = [sizeA, sizeB].filter((size) => size !== null).map(humanSize);
    const what = changed.length === 0 ? '' : ` (${changed.join(', ')})`;
    yield `  ${LETTER[change]} ${escapeText(path)}  ${[...new Set(sizes)].join(' -> ')}${what}`;
  }
  yield '';
  const { both, onlyA, onlyB } = recoverable;
  yield `deleted or overwritten, but recoverable: ${onlyA.length} only in A, ${onlyB.length} only in B, ${both} in both`;
  for (const [sign, list] of [
    ['-', onlyA],
    ['+', onlyB],
  ] as const) {
    for (const { layer, path, size, state } of list) {
      yield `  ${sign} ${escapeText(path)}  ${humanSize(size)}  ${state}, in layer ${layer}`;
    }
  }
  yield '';
  yield `findings: ${counts.onlyA} only in A, ${counts.onlyB} only in B, ${counts.both} in both`;
  for (const [sign, list] of [
    ['-', findings.onlyA],
    ['+', findings.onlyB],
    ['=', findings.both],
  ] as const) {
    for (const { severity, state, title, where } of list) {
      yield `  ${sign} ${severity} ${state} ${escapeText(title)}: ${whereText(where)}`;
    }
  }
}
