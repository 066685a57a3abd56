import { CHANGE_LETTERS } from '../ledger/change-letters.ts';
import { Change, type ChangedName } from '../ledger/change.ts';
import type { Incomplete } from '../ledger/unread-parts.ts';
import type { ConfigDifference, FindingDifference, PathDifference, SharedLayer } from '../retest/compare.ts';
import { escapeText } from '../text/escape.ts';
import { humanSize } from '../text/size.ts';
import { whereText } from './finding-lines.ts';
import type { ImageFacts } from './image-facts.ts';
import { number } from './report-rows.ts';

/** What `exhume compare --json` says, but for the files. */
export interface CompareFacts {
  readonly a: ImageFacts;
  readonly b: ImageFacts;
  /** What was not read of either image. */
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
  /** Contents that no container sees: deleted or replaced, and still in a layer. */
  readonly recoverable: {
    readonly onlyA: readonly RecoverableFacts[];
    readonly onlyB: readonly RecoverableFacts[];
    readonly both: number;
  };
  readonly findings: FindingDifference;
}

/** A deleted or replaced content that one of the images still holds. */
export interface RecoverableFacts {
  readonly path: string;
  readonly layer: number;
  readonly state: 'deleted' | 'shadowed';
  readonly size: number;
}

/** One of the `files[]`: a path of the final trees that differs. */
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

/** Two images, for people. */
export function* compareLines(facts: CompareFacts, files: readonly PathFacts[]): Generator<string> {
  const { a, b, config, counts, findings, recoverable, sharedLayers } = facts;
  const name = (image: ImageFacts): string => escapeText(image.names[0] ?? image.source);
  yield `A  ${name(a)}  ${a.id}  ${humanSize(a.size)} in ${number(a.layers, 'layer')}`;
  yield `B  ${name(b)}  ${b.id}  ${humanSize(b.size)} in ${number(b.layers, 'layer')}`;
  yield '';
  yield sharedLayers.length === 0
    ? 'no layer is shared'
    : `${number(sharedLayers.length, 'layer')} shared: ${sharedLayers.map((layer) => (layer.a === layer.b ? `${layer.a}` : `${layer.a} (${layer.b} in B)`)).join(', ')}`;
  yield '';
  yield config.length === 0 ? 'config: no difference' : 'config';
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
  yield `deleted or replaced, and still recoverable: ${onlyA.length} only in A, ${onlyB.length} only in B, ${both} in both`;
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
