import type { Finding } from '../finding/finding.ts';
import type { HistoryAlignment } from '../history/align.ts';
import type { StackedImage } from '../ledger/stacked-image.ts';
import type { CommandName } from './commands.ts';
import type { ExtractRequest } from './effects.ts';
import type { FindingsState } from './findings.ts';
import type { Retest } from '../retest/verify.ts';
import type { HeldCase } from './held-case.ts';
import type { Look, Message, Size } from './model.ts';
import type { TreeFilter } from './tree/filter.ts';
import type { Found } from './overlay.ts';
import type { Preview } from './preview.ts';
import type { ViewId } from './views.ts';

/** A mouse event in cells from the top left, both from 0. */
export interface MouseAction {
  readonly type: 'mouse';
  readonly kind: 'press' | 'drag' | 'release' | 'wheel-up' | 'wheel-down';
  readonly x: number;
  readonly y: number;
}

/** Everything that can change the model. */
export type Action =
  /** A command of the keymap or the palette. */
  | { readonly type: 'command'; readonly command: CommandName }
  /** Text typed or pasted into a line. */
  | { readonly type: 'text'; readonly text: string }
  | MouseAction
  | { readonly type: 'resize'; readonly size: Size }
  | { readonly type: 'look'; readonly look: Partial<Look> }
  /** The image is open, or more of it has been read. */
  | { readonly type: 'stacked'; readonly stacked: StackedImage; readonly history: HistoryAlignment }
  | { readonly type: 'failed'; readonly message: string }
  | { readonly type: 'counts'; readonly counts: Readonly<Partial<Record<ViewId, number>>> }
  /** The scan has found more, has ended, or was not requested. */
  | {
      readonly type: 'findings';
      readonly list: readonly Finding[];
      readonly search: FindingsState['search'];
    }
  /** The case after a change, with a message; the text is empty if nothing was changed. */
  | { readonly type: 'case'; readonly held: HeldCase; readonly text: string }
  /** The earlier report has been compared with the image. */
  | { readonly type: 'retest'; readonly retest: Retest }
  | { readonly type: 'filtered'; readonly filter: TreeFilter; readonly matches: Uint8Array }
  | {
      readonly type: 'found';
      readonly query: string;
      readonly found: readonly Found[];
      readonly searched: number;
      readonly total: number;
      readonly matches: number;
    }
  | { readonly type: 'previewed'; readonly preview: Preview }
  | { readonly type: 'goto'; readonly path: number; readonly layer: number | null }
  /** Asks where to extract; the directory does not exist yet. */
  | ({ readonly type: 'ask-extract' } & ExtractRequest)
  | { readonly type: 'told'; readonly message: Message };
