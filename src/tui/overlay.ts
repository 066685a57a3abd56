import type { ExtractRequest } from './effects.ts';
import type { LineEdit } from './line-edit.ts';
import type { Preview } from './preview.ts';

/** A path found by the fuzzy search. */
export interface Found {
  readonly path: number;
  /** Escaped. */
  readonly text: string;
  /** Indexes of the matching characters, in UTF-16 units, ascending. */
  readonly letters: readonly number[];
  readonly score: number;
}

/** A layer above the view. The topmost one receives the keys; Esc closes it. */
export type Overlay =
  | { readonly kind: 'help'; readonly top: number }
  | { readonly kind: 'palette'; readonly line: LineEdit; readonly cursor: number }
  | { readonly kind: 'images'; readonly line: LineEdit; readonly cursor: number }
  | {
      readonly kind: 'jump';
      readonly line: LineEdit;
      readonly cursor: number;
      readonly found: readonly Found[];
      /** How many paths have been searched, and how many there are; equal when done. */
      readonly searched: number;
      readonly total: number;
      readonly matches: number;
    }
  | {
      readonly kind: 'prompt';
      readonly ask: PlainPromptKind;
      readonly line: LineEdit;
      readonly error: string | null;
    }
  | {
      readonly kind: 'prompt';
      readonly ask: 'reveal';
      /** How many values can be revealed, and whether one is revealed now. */
      readonly count: number;
      readonly isRevealed: boolean;
      readonly line: LineEdit;
      readonly error: string | null;
    }
  | {
      readonly kind: 'prompt';
      readonly ask: 'pager' | 'editor';
      /** The user's program, as typed in the environment. */
      readonly program: string;
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
      /** The last search text; empty for none. */
      readonly search: string;
    };

export type OverlayKind = Overlay['kind'];

/** Prompts that need nothing but their line. */
export type PlainPromptKind = Exclude<PromptKind, 'extract' | 'reveal' | 'pager' | 'editor'>;

/** The kinds of prompts in the foot line. */
type PromptKind =
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
