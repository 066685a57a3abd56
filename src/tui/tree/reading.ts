/** Which tree of an image is shown. */
export type Reading =
  | { readonly kind: 'changes'; readonly layer: number }
  | { readonly kind: 'after'; readonly layer: number }
  | { readonly kind: 'final' }
  | { readonly kind: 'between'; readonly from: number; readonly to: number };

/** Which entries of a reading are shown. */
export interface Shown {
  readonly added: boolean;
  readonly modified: boolean;
  readonly metadata: boolean;
  readonly deleted: boolean;
  readonly unchanged: boolean;
  readonly filesOnly: boolean;
  readonly executablesOnly: boolean;
}

export const SHOW_ALL: Shown = {
  added: true,
  modified: true,
  metadata: true,
  deleted: true,
  unchanged: true,
  filesOnly: false,
  executablesOnly: false,
};

export type SortKey = 'name' | 'size' | 'change' | 'layer';
