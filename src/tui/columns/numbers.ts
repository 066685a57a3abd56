import { exactSize, humanSize } from '../../text/size.ts';

/** A count in at most four cells: `9999`, `12k`, `1.2M`. */
export function shortCount(count: number): string {
  if (count < 10_000) return String(count);
  if (count < 1_000_000) return `${Math.round(count / 1000)}k`;
  return `${(count / 1_000_000).toFixed(count < 9_950_000 ? 1 : 0)}M`;
}

/** Cells that {@link sizeText} takes at most. */
export function sizeWidth(isExact: boolean): number {
  return isExact ? 13 : 6;
}

/** A size as the screen shows it; 0 as a plain 0. */
export function sizeText(bytes: number, isExact: boolean): string {
  if (bytes === 0) return '0';
  return isExact ? exactSize(bytes) : humanSize(bytes);
}
