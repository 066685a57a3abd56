import type { StackedImage } from '../ledger/stacked-image.ts';
import { completenessOf, type Shortfall, shortfalls } from '../report/completeness.ts';

/** An image that a command has read, and the options for an incomplete result. */
export interface ReadImage {
  readonly stacked: StackedImage;
  readonly allowIncomplete: boolean;
  readonly quiet: boolean;
}

/**
 * Returns the exit status of a command that ended without an error. Status 1 (missed goal) takes precedence over 4
 * (incomplete result or wrong digest).
 * @param status the status that the command set
 * @param read the images that the command has read
 */
export function exitStatus(status: 0 | 1 | 4, read: readonly ReadImage[]): 0 | 1 | 4 {
  if (status !== 0) return status;
  const isShort = read.some((image) => !image.allowIncomplete && shortfallsOf(image).length > 0);
  return isShort ? 4 : 0;
}

/** Returns the notice that says why a result is incomplete; null if it is complete. */
export function incompleteNotice(read: readonly ReadImage[]): string | null {
  const found = read.filter(({ quiet }) => !quiet).flatMap(shortfallsOf);
  const [first] = found;
  if (first === undefined) return null;
  const more = found.length === 1 ? '' : ` (and ${found.length - 1} more)`;
  const isAllowed = read.every(({ allowIncomplete }) => allowIncomplete);
  const head = first.id === 'incomplete' ? 'the result is incomplete' : 'digest mismatch';
  return `${head}: ${first.text}${more}${isAllowed ? '' : '; --allow-incomplete accepts it'}`;
}

function shortfallsOf({ allowIncomplete, stacked }: ReadImage): Shortfall[] {
  return shortfalls(completenessOf(stacked, allowIncomplete));
}
