import type { ExtractRequest } from './effects.ts';
import type { LineEdit } from './line-edit.ts';
import type { Preview } from './preview.ts';

/** A path that the fuzzy jump found. */
export interface Found {
  readonly path: number;
  /** Escaped. */
  readonly text: string;
  /** Places of the letters that match, in UTF-16 units, ascending. */
  readonly letters: readonly number[];
  readonly score: number;
}

/** What lies over a view. The topmost takes the keys; Esc takes it away. */
export type Overlay =
  | { readonly kind: 'help'; readonly top: number }
  | { readonly kind: 'palette'; readonly line: LineEdit; readonly cursor: number }
  | { readonly kind: 'images'; readonly line: LineEdit; readonly cursor: number }
  | {
      readonly kind: 'jump';
      readonly line: LineEdit;
      readonly cursor: number;
      readonly found: readonly Found[];
      /** How many paths have been looked at, and how many there are; equal when done. */
      readonly searched: number;
      readonly total: number;
      readonly matches: number;
    }
  | {
      readonly kind: 'prompt';
      readonly ask: Exclude<PromptKind, 'extract'>;
      readonly line: LineEdit;
      readonly error: string | null;
    }
  | {
      readonly kind: 'prompt';
      readonly ask: 'extract';
      readonly request: ExtractRequest;
      readonly line: LineEdit;
      readonly error: string | null;
    }
  | { readonly kind: 'menu'; readonly cursor: number }
  | {
      readonly kind: 'preview';
      /** Null while it is being read. */
      readonly preview: Preview | null;
      readonly top: number;
      readonly wrap: boolean;
      /** What was last searched for; empty for nothing. */
      readonly search: string;
    };

export type OverlayKind = Overlay['kind'];

/** What a prompt in the foot line asks for. */
export type PromptKind =
  | 'filter'
  | 'layer'
  | 'search'
  | 'reveal'
  | 'pager'
  | 'editor'
  | 'false-alarm'
  | 'accept'
  | 'flag'
  | 'export'
  | 'keep-rules'
  | 'extract';
