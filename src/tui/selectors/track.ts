import type { Model } from '../model.ts';
import { layoutOf } from './layout.ts';
import { type Bead, type PathLine, selectedBead, selectedLine } from './path-line.ts';

/** A part of the drawn track. */
export interface TrackPart {
  readonly text: string;
  /** Index of the bead, or -1 for a connection. */
  readonly bead: number;
  /** Cells from the left edge of the track. */
  readonly start: number;
}

/** The row of the track in the lower pane. */
const TRACK_ROW = 1;
const MARGIN = 3;

/**
 * Returns a path's history as text: `3 [+]-- 4 ----- 5 [m]-- 6 ----- 7 [-]`. If there is no room for all layers,
 * runs of layers without a bead become `..`, first the last run, then the longest; finally only the beads around
 * the chosen one are left.
 * @param layerCount the number of layers; the track of an existing path runs to the last one
 * @param chosen the bead that must be visible
 */
export function trackParts(
  line: PathLine,
  layerCount: number,
  chosen: number,
  width: number,
): readonly TrackPart[] {
  const count = line.beads.length;
  if (count === 0) return [];
  const short = new Set<number>();
  const draw = (from: number, to: number) => assemble(line, layerCount, from, to, short);
  const lengths = line.beads.map((_, i) => gapAfter(line, layerCount, i));
  const longestFirst = lengths
    .map((length, i) => ({ i, length: i === count - 1 ? Infinity : length }))
    .filter(({ i }) => lengths[i]! > 1)
    .toSorted((a, b) => b.length - a.length);
  let parts = draw(0, count);
  for (const { i } of longestFirst) {
    if (widthOf(parts) <= width) return parts;
    short.add(i);
    parts = draw(0, count);
  }
  if (widthOf(parts) <= width) return parts;
  let from = Math.max(0, chosen);
  let to = from + 1;
  for (let grows = true; grows;) {
    grows = false;
    if (to < count && widthOf(draw(from, to + 1)) <= width) {
      to++;
      grows = true;
    }
    if (from > 0 && widthOf(draw(from - 1, to)) <= width) {
      from--;
      grows = true;
    }
  }
  return draw(from, to);
}

/** Returns how many layers between a bead and the next one, or the end, did not touch the path. */
function gapAfter({ beads, isLive }: PathLine, layerCount: number, i: number): number {
  const next = beads[i + 1]?.layer ?? (isLive ? layerCount : beads[i]!.layer + 1);
  return next - beads[i]!.layer - 1;
}

/**
 * Draws the beads `from` (inclusive) to `to` (exclusive).
 * @param short beads whose following run of layers is left out
 */
function assemble(
  line: PathLine,
  layerCount: number,
  from: number,
  to: number,
  short: ReadonlySet<number>,
): readonly TrackPart[] {
  const { beads, isLive } = line;
  const parts: TrackPart[] = [];
  let start = 0;
  const push = (text: string, bead: number): void => {
    parts.push({ text, bead, start });
    start += text.length;
  };
  if (from > 0) push('.. ', -1);
  for (let i = from; i < to; i++) {
    const { layer, letter } = beads[i]!;
    const isEnd = i === beads.length - 1;
    push(`${layer} [`, -1);
    push(letter, i);
    push(']', -1);
    if (isEnd && !isLive) continue;
    const length = gapAfter(line, layerCount, i);
    const layers = Array.from({ length }, (_, k) => layer + 1 + k);
    const shown = short.has(i) ? layers.slice(isEnd ? -1 : layers.length) : layers;
    const run = [...(short.has(i) ? ['..'] : []), ...shown.map((each) => `${each} -----`)].join(' ');
    if (isEnd) push(`--${run === '' ? '' : ` ${run}`}>`, -1);
    else if (i < to - 1) push(`-- ${run}${run === '' ? '' : ' '}`, -1);
    else push('-- ..', -1);
  }
  return parts;
}

function widthOf(parts: readonly TrackPart[]): number {
  const last = parts.at(-1);
  return last === undefined ? 0 : last.start + last.text.length;
}

/** Returns the track of the selected path, and its column in the lower pane. */
export function selectedTrack(model: Model): {
  readonly line: PathLine;
  readonly chosen: number;
  readonly parts: readonly TrackPart[];
  readonly x: number;
} | null {
  const line = selectedLine(model);
  const rect = layoutOf(model).panes.track;
  if (line === null || rect === null || model.stacked === null) return null;
  const chosen = selectedBead(model, line);
  const parts = trackParts(line, model.stacked.layers.length, chosen, rect.width - MARGIN - 2);
  return { line, chosen, parts, x: MARGIN };
}

/** Returns the bead at a position in the lower pane, or -1. */
export function beadAt(model: Model, x: number, y: number): number {
  const track = selectedTrack(model);
  if (track === null) return -1;
  if (y !== TRACK_ROW) return -1;
  // A click on the number before a bead counts, too.
  const found = track.parts.find(
    ({ start, text, bead }) => bead >= 0 && x - track.x >= start - 4 && x - track.x < start + text.length + 2,
  );
  return found?.bead ?? -1;
}

/** Returns the range of beads to list below the track, around the chosen one. */
export function beadWindow(
  beads: readonly Bead[],
  chosen: number,
  rows: number,
): readonly [from: number, to: number] {
  const from = Math.max(0, Math.min(chosen - (rows >> 1), beads.length - rows));
  return [from, Math.min(beads.length, from + rows)];
}
