import type { Span } from '../span.ts';

const MAX_STARS = 8;
/** Matches a mask: eight asterisks (fewer for a shorter value), then the length. */
const MASK = /(?<!\*)(?:\*{8}\((?:[89]|[1-9]\d+)\)|(\*{1,7})\(([1-7])\))/g;

/** Returns the mask of a credential, such as `********(40)`. It shows none of its characters. */
export function maskOf(length: number): string {
  return `${'*'.repeat(Math.min(MAX_STARS, length))}(${length})`;
}

/** Returns the ranges of the masks in a text, in order. */
export function masksIn(text: string): Span[] {
  return [...text.matchAll(MASK)].flatMap(({ 0: found, 1: short, 2: length, index }) =>
    short !== undefined && short.length !== Number(length)
      ? []
      : [{ start: index, end: index + found.length }],
  );
}

/** Reports whether the whole text is a mask. */
export function isMask(text: string): boolean {
  return masksIn(text).some(({ start, end }) => start === 0 && end === text.length);
}
