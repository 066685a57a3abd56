/** The columns of the tree that the user can show and hide. */
export const TREE_COLUMN_NAMES = ['mode', 'owner', 'size', 'lost', 'mtime'] as const;

export type TreeColumnName = (typeof TREE_COLUMN_NAMES)[number];

/** Which of them are shown if there is room. */
export type TreeColumnsShown = Readonly<Record<TreeColumnName, boolean>>;
