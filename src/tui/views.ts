/** The views, in the order of the tab line and of the keys 1 to 7. The last one exists only with a retest. */
export const VIEWS = [
  { id: 'layers', title: 'Layers' },
  { id: 'deleted', title: 'Deleted' },
  { id: 'setuid', title: 'Setuid' },
  { id: 'findings', title: 'Findings' },
  { id: 'history', title: 'History' },
  { id: 'config', title: 'Config' },
  { id: 'retest', title: 'Retest' },
] as const;

export type ViewId = (typeof VIEWS)[number]['id'];

/** The views that show a list of rows. */
export type ListViewId = Exclude<ViewId, 'layers'>;

/** The panes of the layers view, in the order of Tab. */
export const PANES = ['layers', 'tree', 'track'] as const;
export type PaneId = (typeof PANES)[number];
