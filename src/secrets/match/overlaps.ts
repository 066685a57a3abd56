import type { RawHit } from '../raw-hit.ts';
import { CONFIDENCES } from '../../finding/finding.ts';
import type { Verdict } from '../rule.ts';

const VERDICT_RANK: Readonly<Record<Verdict, number>> = {
  'checksum-valid': 0,
  'structure-valid': 1,
  'pattern-only': 2,
  expired: 3,
  'known-example': 3,
  placeholder: 4,
  'checksum-fails': 4,
};

/**
 * Keeps the most specific of the hits that overlap: a distinctive format before a name, then the better
 * verdict, the higher confidence, the earlier rule. So a token with a wrong checksum is not reported again as
 * the value of `TOKEN=`.
 * @param order index of each rule in the catalogue
 * @returns the hits that remain, in content order
 */
export function resolveOverlaps(hits: readonly RawHit[], order: ReadonlyMap<string, number>): RawHit[] {
  if (hits.length < 2) return [...hits];
  const place = (hit: RawHit): number => order.get(hit.rule) ?? order.size;
  const best = hits.toSorted(
    (a, b) =>
      a.tier - b.tier ||
      VERDICT_RANK[a.verdict] - VERDICT_RANK[b.verdict] ||
      CONFIDENCES.indexOf(a.confidence) - CONFIDENCES.indexOf(b.confidence) ||
      place(a) - place(b) ||
      a.start - b.start ||
      b.end - a.end,
  );
  // Kept hits do not overlap, so they are sorted by start and by end alike.
  const kept: RawHit[] = [];
  for (const hit of best) {
    const at = firstEndingAfter(kept, hit.start);
    const next = kept[at];
    if (next === undefined || next.start >= hit.end) kept.splice(at, 0, hit);
  }
  return kept;
}

function firstEndingAfter(kept: readonly RawHit[], start: number): number {
  let low = 0;
  let high = kept.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (kept[middle]!.end > start) high = middle;
    else low = middle + 1;
  }
  return low;
}
