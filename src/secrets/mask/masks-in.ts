import type { Span } from './masker.ts';

/** Eight asterisks, or as many as a shorter value has bytes, and the length. */
const MASK = /(?<!\*)(?:\*{8}\((?:[89]|[1-9]\d+)\)|(\*{1,7})\(([1-7])\))/g;

/** Finds the masks that stand in a text for credentials, in order. */
export function masksIn(text: string): Span[] {
  return [...text.matchAll(MASK)].flatMap(({ 0: found, 1: short, 2: length, index }) =>
    short !== undefined && short.length !== Number(length)
      ? []
      : [{ start: index, end: index + found.length }],
  );
}
