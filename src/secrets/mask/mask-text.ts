import type { Span } from '../span.ts';

const MOST_STARS = 8;
/** Eight asterisks, or as many as a shorter value has bytes, and the length. */
const MASK = /(?<!\*)(?:\*{8}\((?:[89]|[1-9]\d+)\)|(\*{1,7})\(([1-7])\))/g;

/**
 * Returns what is written in place of a credential, as `********(40)`: none of its characters shows.
 * @param length of the credential in bytes
 */
export function maskOf(length: number): string {
  return `${'*'.repeat(Math.min(MOST_STARS, length))}(${length})`;
}

/** Finds the masks that stand in a text for credentials, in order. */
export function masksIn(text: string): Span[] {
  return [...text.matchAll(MASK)].flatMap(({ 0: found, 1: short, 2: length, index }) =>
    short !== undefined && short.length !== Number(length)
      ? []
      : [{ start: index, end: index + found.length }],
  );
}

/** Reports whether a text is a mask and nothing else. */
export function isMask(text: string): boolean {
  return masksIn(text).some(({ start, end }) => start === 0 && end === text.length);
}
