import type { Model, Size } from '../model.ts';
import type { PaneId } from '../views.ts';

/** A rectangle in cells. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The minimum size of the screen. */
export const SMALLEST: Size = { columns: 80, rows: 24 };

const HEADER_ROWS = 2;
const FOOT_ROWS = 1;
/** The minimum width of a pane. */
const NARROWEST = 30;
const SHORTEST_BODY = 6;
const SHORTEST_DETAIL = 3;

/** Rows of a list pane above the list: its title and the column titles. */
export const PANE_TITLES = 2;

/** The layout of the screen. */
export interface Layout {
  readonly header: Rect;
  readonly tabs: Rect;
  /** The area of a view, between the tabs and the foot line. */
  readonly body: Rect;
  /** Null if another pane is zoomed. Without borders. */
  readonly panes: Readonly<Record<PaneId, Rect | null>>;
  /** The column of the border between layers and tree, and the row of the one above the lower pane. */
  readonly borders: { readonly left: number | null; readonly detail: number };
  readonly foot: Rect;
}

/** Reports whether the screen is too small. */
export function isTooSmall({ columns, rows }: Size): boolean {
  return columns < SMALLEST.columns || rows < SMALLEST.rows;
}

/** Returns the layout of the screen. */
export function layoutOf({ size, panes }: Pick<Model, 'size' | 'panes'>): Layout {
  const { columns, rows } = size;
  const body: Rect = {
    x: 0,
    y: HEADER_ROWS,
    width: columns,
    height: Math.max(1, rows - HEADER_ROWS - FOOT_ROWS),
  };
  const detail = clamp(
    panes.zoom === 'track' ? body.height : (panes.detail ?? defaultDetail(rows)),
    SHORTEST_DETAIL,
    body.height - SHORTEST_BODY - 1,
  );
  const top = body.height - detail - 1;
  const border = body.y + top;
  const whole: Rect = { x: 0, y: body.y, width: columns, height: top };
  const track: Rect = { x: 0, y: border + 1, width: columns, height: detail };
  const common = {
    header: { x: 0, y: 0, width: columns, height: 1 },
    tabs: { x: 0, y: 1, width: columns, height: 1 },
    body,
    foot: { x: 0, y: rows - 1, width: columns, height: 1 },
  };
  if (panes.zoom === 'layers' || panes.zoom === 'tree') {
    const only = (pane: PaneId): Rect | null => (panes.zoom === pane ? whole : null);
    return {
      ...common,
      panes: { layers: only('layers'), tree: only('tree'), track },
      borders: { left: null, detail: border },
    };
  }
  const left = leftWidth({ size, panes });
  return {
    ...common,
    panes: {
      layers: { ...whole, width: left },
      tree: { ...whole, x: left + 1, width: columns - left - 1 },
      track,
    },
    borders: { left, detail: border },
  };
}

/** Returns the width of the layers pane. */
export function leftWidth({ size, panes }: Pick<Model, 'size' | 'panes'>): number {
  const wanted = panes.left ?? Math.min(72, Math.max(40, Math.round(size.columns * 0.4)));
  return clamp(wanted, NARROWEST, size.columns - NARROWEST - 1);
}

/** Returns the height of the lower pane. */
export function detailHeight({ size, panes }: Pick<Model, 'size' | 'panes'>): number {
  return layoutOf({ size, panes: { ...panes, zoom: null } }).panes.track!.height;
}

function defaultDetail(rows: number): number {
  if (rows < 30) return 4;
  return rows < 42 ? 6 : 8;
}

/** Returns the visible rows of a pane's list; at least one. */
export function listRows(rect: Rect | null): number {
  return Math.max(1, (rect?.height ?? 0) - PANE_TITLES);
}

/** Returns the size of an overlay inside its frame. */
export function overlaySize({ columns, rows }: Size): Size {
  return { columns: Math.min(columns - 4, 100), rows: Math.max(6, rows - 8) };
}

/** Returns the rows of content in a preview; the last row of the frame shows the position. */
export function previewRows({ size }: Pick<Model, 'size'>): number {
  return overlaySize(size).rows - 1;
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}
