import type { Segment } from '../src/tui/columns/segment.ts';

/** The first cells of a row: they show without colour which row is selected. */
export const SELECTED: Segment = ['accent', '> '];
export const UNSELECTED: Segment = [null, '  '];
