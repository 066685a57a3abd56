/** The views, in the order of the tab line and of the keys 1 to 7; the last only where there is a retest. */
export const VIEWS = [
  { id: 'layers', title: 'Layers' },
  { id: 'ghosts', title: 'Ghosts' },
  { id: 'setuid', title: 'Setuid' },
  { id: 'findings', title: 'Findings' },
  { id: 'history', title: 'History' },
  { id: 'config', title: 'Config' },
  { id: 'retest', title: 'Retest' },
] as const;

export type ViewId = (typeof VIEWS)[number]['id'];

/** The views that are a list of rows. */
export type ListViewId = Exclude<ViewId, 'layers'>;

/** The panes of the layers view, in the order of Tab. */
export const PANES = ['layers', 'tree', 'track'] as const;
export type PaneId = (typeof PANES)[number];
