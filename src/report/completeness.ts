import { incompleteOf } from '../ledger/incomplete.ts';
import type { StackedImage } from '../ledger/stacked-image.ts';
import type { Incomplete } from '../ledger/unread-parts.ts';
import { escapeText } from '../text/escape.ts';
import { exactSize } from '../text/size.ts';
import { digestTally } from './image-facts.ts';

/** How much of an image a result covers. */
export interface Completeness {
  readonly incomplete: readonly Incomplete[];
  /** Names of the digests that do not match. */
  readonly mismatches: readonly string[];
  /** The user accepts an incomplete result (`--allow-incomplete`). */
  readonly isAllowed: boolean;
}

/** One reason why a result is not complete. */
export interface Shortfall {
  readonly id: 'incomplete' | 'digest-mismatch';
  readonly layer: number | null;
  readonly file: string | null;
  /** One sentence without a full stop; it may hold text of the image. */
  readonly text: string;
}

export function completenessOf(stacked: StackedImage, isAllowed: boolean): Completeness {
  return { incomplete: incompleteOf(stacked), mismatches: digestTally(stacked).mismatches, isAllowed };
}

/** Lists why a result is not complete; empty if everything was read and no digest is wrong. */
export function shortfalls({ incomplete, mismatches }: Completeness): Shortfall[] {
  return [
    ...incomplete.map((part): Shortfall => {
      const { file, layer } = part;
      return { id: 'incomplete', layer, file, text: incompleteText(part) };
    }),
    ...mismatches.map((name): Shortfall => {
      const layer = /^layer (\d+) /.exec(name)?.[1];
      const text = `the ${name} does not match the bytes of the image`;
      return { id: 'digest-mismatch', layer: layer === undefined ? null : Number(layer), file: null, text };
    }),
  ];
}

const SUBJECTS: Readonly<Record<Incomplete['what'], (layer: number | null) => string>> = {
  layer: (layer) => (layer === null ? 'a layer' : `layer ${layer}`),
  range: (layer) => `part of layer ${layer}`,
  blob: () => 'a blob outside the layers',
};

/** Says in one line what was not read, where it is and why. */
export function incompleteText({ file, layer, length, offset, reason, what }: Incomplete): string {
  const bytes = length === null ? '' : `, ${exactSize(length)} bytes`;
  // A read error names the file and the offset itself.
  const isPlaced = file !== null && offset !== null && !reason.includes(file);
  return `${SUBJECTS[what](layer)} was not read: ${reason}${isPlaced ? ` (${file}, offset ${offset}${bytes})` : ''}`;
}

/** The lines that a text output ends with; none for a complete result. */
export function completenessLines(completeness: Completeness): string[] {
  const heads = { incomplete: 'INCOMPLETE', 'digest-mismatch': 'MISMATCH' } as const;
  return shortfalls(completeness).map(({ id, text }) => escapeText(`${heads[id]}: ${text}`));
}
