import { incompleteOf } from '../ledger/incomplete.ts';
import type { StackedImage } from '../ledger/stacked-image.ts';
import type { Incomplete } from '../ledger/unread-parts.ts';
import { escapeText } from '../text/escape.ts';
import { exactSize } from '../text/size.ts';
import { digestTally } from './image-facts.ts';

/** The parts of an image that a result does not cover. */
export interface Completeness {
  readonly incomplete: readonly Incomplete[];
  /** The names of the digests that do not match. */
  readonly mismatches: readonly string[];
  /** Whether the user accepts an incomplete result (`--allow-incomplete`). */
  readonly isAllowed: boolean;
}

/** One reason why a result is incomplete. */
export interface Shortfall {
  readonly id: 'incomplete' | 'digest-mismatch';
  readonly layer: number | null;
  readonly file: string | null;
  /** One sentence without a full stop. It may contain text from the image: escape it. */
  readonly text: string;
}

export function completenessOf(stacked: StackedImage, isAllowed: boolean): Completeness {
  return { incomplete: incompleteOf(stacked), mismatches: digestTally(stacked).mismatches, isAllowed };
}

/** Lists why a result is incomplete. Empty if everything was read and every digest matches. */
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
  blob: () => 'a blob that is not a layer',
};

/** Describes in one line a part that was not read: what it is, where it is, and why. */
export function incompleteText({ file, layer, length, offset, reason, what }: Incomplete): string {
  const bytes = length === null ? '' : `, ${exactSize(length)} bytes`;
  // The message of a read error already names the file and the offset.
  const isPlaced = file !== null && offset !== null && !reason.includes(file);
  return `${SUBJECTS[what](layer)} was not read: ${reason}${isPlaced ? ` (${file}, offset ${offset}${bytes})` : ''}`;
}

/** Returns the last lines of a text output; none for a complete result. */
export function completenessLines(completeness: Completeness): string[] {
  const heads = { incomplete: 'INCOMPLETE', 'digest-mismatch': 'MISMATCH' } as const;
  return shortfalls(completeness).map(({ id, text }) => escapeText(`${heads[id]}: ${text}`));
}
