import type { Segment } from '../src/tui/columns/segment.ts';

/** The first cell of a row in a pane: shows without colour which row is selected. */
export const SELECTED: Segment = ['accent', '>'];
export const UNSELECTED: Segment = [null, ' '];

/** The same for lists that have a margin. */
export const SELECTED_INSET: Segment = [null, ' >'];
export const UNSELECTED_INSET: Segment = [null, '  '];
