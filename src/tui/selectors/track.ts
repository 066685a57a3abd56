import type { Model } from '../model.ts';
import { layoutOf } from './layout.ts';
import { type Bead, type PathLine, selectedBead, selectedLine } from './path-line.ts';

/** A stretch of the drawn track. */
export interface TrackPart {
  readonly text: string;
  /** Number of the bead, or -1 for what lies between. */
  readonly bead: number;
  /** Cells from the left edge of the track. */
  readonly start: number;
}

/** The row of the strip that the track stands on. */
export const TRACK_ROW = 1;
const MARGIN = 3;

/**
 * A path's line as text: `3 --*-- 4 ----- 5 --o-- 6 ----- 7 --x`. Layers that did nothing to it are
 * left out (`..`) where there is no room for all, then beads far from the chosen one.
 * @param layerCount how many layers the image has: what is live runs on to the last
 * @param chosen the bead that must be seen
 */
export function trackParts(
  line: PathLine,
  layerCount: number,
  chosen: number,
  width: number,
): readonly TrackPart[] {
  if (line.beads.length === 0) return [];
  const whole = assemble(line, layerCount, 0, line.beads.length, false);
  if (widthOf(whole) <= width) return whole;
  const short = assemble(line, layerCount, 0, line.beads.length, true);
  if (widthOf(short) <= width) return short;
  // Beads around the chosen one, as many as there is room for.
  let from = Math.max(0, chosen);
  let to = from + 1;
  for (;;) {
    const wider = to < line.beads.length ? assemble(line, layerCount, from, to + 1, true) : null;
    if (wider !== null && widthOf(wider) <= width) {
      to++;
      continue;
    }
    const back = from > 0 ? assemble(line, layerCount, from - 1, to, true) : null;
    if (back === null || widthOf(back) > width) return assemble(line, layerCount, from, to, true);
    from--;
  }
}

function assemble(
  { beads, isLive }: PathLine,
  layerCount: number,
  from: number,
  to: number,
  short: boolean,
): readonly TrackPart[] {
  const parts: TrackPart[] = [];
  let start = 0;
  const push = (text: string, bead: number): void => {
    parts.push({ text, bead, start });
    start += text.length;
  };
  if (from > 0) push('.. ', -1);
  for (let i = from; i < to; i++) {
    const bead = beads[i]!;
    const isLast = i === beads.length - 1;
    push(`${bead.layer} --`, -1);
    push(bead.letter, i);
    if (isLast && !isLive) continue;
    push('-- ', -1);
    if (i === to - 1 && !isLast) continue;
    const next = isLast ? layerCount : beads[i + 1]!.layer;
    push(gap(bead.layer + 1, next, short), -1);
  }
  if (to < beads.length) push('..', -1);
  else if (isLive) push('>', -1);
  return parts;
}

/** The layers between two beads. */
function gap(from: number, to: number, short: boolean): string {
  if (to <= from) return '';
  if (short && to - from > 1) return '.. ';
  let text = '';
  for (let layer = from; layer < to; layer++) text += `${layer} ----- `;
  return text;
}

function widthOf(parts: readonly TrackPart[]): number {
  const last = parts.at(-1);
  return last === undefined ? 0 : last.start + last.text.length;
}

/** The track of the selected path, and where it begins in the strip. */
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

/** The bead at a place of the strip, or -1. */
export function beadAt(model: Model, x: number, y: number): number {
  const track = selectedTrack(model);
  if (track === null) return -1;
  if (y !== TRACK_ROW) return -1;
  // The number before a bead is a part of it for the hand.
  const found = track.parts.find(
    ({ start, text, bead }) => bead >= 0 && x - track.x >= start - 4 && x - track.x < start + text.length + 2,
  );
  return found?.bead ?? -1;
}

/** Beads as lines below the track: those around the chosen one, as many as there is room for. */
export function beadWindow(
  beads: readonly Bead[],
  chosen: number,
  rows: number,
): readonly [from: number, to: number] {
  const from = Math.max(0, Math.min(chosen - (rows >> 1), beads.length - rows));
  return [from, Math.min(beads.length, from + rows)];
}
