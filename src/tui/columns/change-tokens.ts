import { Change } from '../../ledger/change.ts';
import type { Token } from '../../text/theme.ts';

/** How a change is drawn, in the tree and on the timeline of a path. */
export const CHANGE_TOKENS: Readonly<Record<Change, Token>> = {
  [Change.added]: 'added',
  [Change.modified]: 'modified',
  [Change.metadata]: 'metadata',
  [Change.replaced]: 'replaced',
  [Change.deleted]: 'deleted',
  [Change.readded]: 'readded',
  [Change.unchanged]: 'dim',
};
