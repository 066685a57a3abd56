import { exactSize, humanSize } from '../../text/size.ts';

/** Returns a count in at most four cells: `9999`, `12k`, `1.2M`. */
export function shortCount(count: number): string {
  if (count < 10_000) return String(count);
  if (count < 1_000_000) return `${Math.round(count / 1000)}k`;
  return `${(count / 1_000_000).toFixed(count < 9_950_000 ? 1 : 0)}M`;
}

/** Returns the maximum width of {@link sizeText}. */
export function sizeWidth(isExact: boolean): number {
  return isExact ? 13 : 6;
}

/** Returns a size as the screen shows it; a plain 0 for zero. */
export function sizeText(bytes: number, isExact: boolean): string {
  if (bytes === 0) return '0';
  return isExact ? exactSize(bytes) : humanSize(bytes);
}
