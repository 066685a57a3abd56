import type { CommandName } from './commands.ts';
import { type ViewId, VIEWS } from './views.ts';

/** Where a key is bound: in a pane, a view, an overlay, or everywhere. The innermost context that binds a key wins. */
export type Context =
  | 'global'
  | `view:${ViewId}`
  | 'pane:layers'
  | 'pane:tree'
  | 'pane:track'
  | 'help'
  | 'palette'
  | 'images'
  | 'jump'
  | 'prompt'
  | 'menu'
  | 'preview'
  /** Keys that edit a line of text. */
  | 'line';

export interface Binding {
  readonly context: Context;
  /** Names as {@link keyNames} of key-names.ts returns them; the first one is shown. */
  readonly keys: readonly string[];
  readonly command: CommandName;
  /**
   * The word of the foot line; a key without one is not shown there. Keys with a lower `rank` come first and
   * are left out last. Those below {@link PINNED_BELOW} are always shown, at the right end.
   */
  readonly foot?: { readonly word: string; readonly rank: number };
}

/** Keys of this rank or higher are left out of the foot line if there is no room. */
export const PINNED_BELOW = 10;

const bind = (context: Context, keys: string, command: CommandName, foot?: string, rank = 50): Binding => ({
  context,
  keys: keys.split(' '),
  command,
  ...(foot === undefined ? {} : { foot: { word: foot, rank } }),
});

/** Keys of every list view. */
const LIST_KEYS: readonly Binding[] = VIEWS.filter(({ id }) => id !== 'layers').flatMap(({ id }) => [
  bind(`view:${id}`, 'enter', 'open', 'go to', 10),
  bind(`view:${id}`, 'y', 'copy-path', 'copy', 44),
]);

/**
 * The default key bindings. A user's keys.yaml replaces `keys` by context and command.
 *
 * Digits select views, so a command cannot take a count as in vi.
 */
export const KEYMAP: readonly Binding[] = [
  bind('pane:layers', 'enter right l', 'open', 'open', 10),
  bind('pane:layers', 'space', 'toggle-base', 'base layers', 20),
  bind('pane:tree', 'enter', 'open', 'open', 10),
  bind('pane:tree', 'space', 'fold', 'expand/collapse', 15),
  bind('pane:tree', 'right l', 'fold-out'),
  bind('pane:tree', 'left h', 'fold-in'),
  bind('pane:tree', '*', 'fold-all'),
  bind('pane:track', 'enter', 'open', 'go to', 10),
  bind('pane:track', 'right l', 'down', 'next change', 12),
  bind('pane:track', 'left h', 'up'),

  bind('view:layers', 'd', 'read-changes', 'changes', 30),
  bind('view:layers', 'a', 'read-after', 'after', 31),
  bind('view:layers', 'f', 'read-final', 'final tree', 32),
  bind('view:layers', 'c', 'compare', 'compare', 40),
  bind('view:layers', '/', 'ask-filter', 'filter', 33),
  bind('view:layers', 'n', 'next-match', 'next', 36),
  bind('view:layers', 'N', 'previous-match'),
  bind('view:layers', 't', 'ask-show', 'show', 41),
  bind('view:layers', 's', 'sort', 'sort', 42),
  bind('view:layers', ']', 'next-layer', 'next layer', 37),
  bind('view:layers', '[', 'previous-layer'),
  bind('view:layers', '#', 'ask-layer'),
  bind('view:layers', 'e', 'extract', 'extract', 43),
  bind('view:layers', 'p v', 'preview', 'preview', 16),
  bind('view:layers', 'P', 'pager'),
  bind('view:layers', 'E', 'editor'),
  bind('view:layers', 'y', 'copy-path', 'copy', 44),
  bind('view:layers', 'Y', 'copy-digest'),
  bind('view:layers', 'tab', 'next-pane', 'pane', 35),
  bind('view:layers', 'shift-tab', 'previous-pane'),
  bind('view:layers', 'z', 'zoom', 'zoom', 45),
  bind('view:layers', '>', 'wider'),
  bind('view:layers', '<', 'narrower'),
  bind('view:layers', '+', 'taller'),
  bind('view:layers', '-', 'shorter'),

  ...LIST_KEYS,
  bind('view:findings', 's', 'findings-severity', 'severity', 20),
  bind('view:findings', 't', 'findings-state', 'state', 21),
  bind('view:findings', 'o', 'findings-origin', 'origin', 22),
  bind('view:findings', 'i', 'findings-kind', 'kind', 23),
  bind('view:findings', 'x', 'findings-suppressed', 'suppressed', 24),
  bind('view:history', 'd', 'swap-dockerfile', 'Dockerfile', 20),

  bind('view:findings', 'space', 'mark', 'mark', 11),
  bind('view:findings', 'v', 'mark-all'),
  bind('view:findings', 'c', 'decide-confirmed', 'confirmed', 12),
  bind('view:findings', 'r', 'decide-rotated', 'rotated', 13),
  bind('view:findings', 'f', 'ask-false-alarm', 'false alarm', 14),
  bind('view:findings', 'a', 'ask-accept', 'accept', 15),
  bind('view:findings', 'd', 'findings-open', 'undecided', 25),
  bind('view:findings', 'e', 'extract', 'extract', 43),
  bind('view:findings', 'K', 'ask-keep-rules'),

  bind('global', 'up k', 'up'),
  bind('global', 'down j', 'down'),
  bind('global', 'pageup ctrl-b', 'page-up'),
  bind('global', 'pagedown ctrl-f', 'page-down'),
  bind('global', 'ctrl-u', 'half-up'),
  bind('global', 'ctrl-d', 'half-down'),
  bind('global', 'home', 'first'),
  bind('global', 'end G', 'last'),
  bind('global', 'g ctrl-p', 'ask-path', 'go to path', 34),
  bind('global', 'b', 'exact-sizes'),
  bind('global', 'B', 'hide-base'),
  bind('global', '1', 'view-1'),
  bind('global', '2', 'view-2'),
  bind('global', '3', 'view-3'),
  bind('global', '4', 'view-4'),
  bind('global', '5', 'view-5'),
  bind('global', '6', 'view-6'),
  bind('global', '7', 'view-7'),
  bind('global', '!', 'ask-flag', 'flag', 47),
  bind('global', 'u', 'undo-decision'),
  bind('global', 'X', 'ask-export', 'report', 48),
  bind('global', 'I', 'ask-image', 'images', 49),
  bind('global', 'w', 'next-theme'),
  bind('global', 'm', 'mouse'),
  bind('global', '?', 'help', 'help', 1),
  bind('global', 'f1', 'help'),
  bind('global', ':', 'palette', 'commands', 46),
  bind('global', 'esc', 'back', 'back', 38),
  bind('global', 'ctrl-z', 'suspend'),
  bind('global', 'q', 'quit', 'quit', 2),
  bind('global', 'ctrl-c', 'quit'),

  bind('help', 'up k', 'up', 'scroll', 10),
  bind('help', 'down j', 'down'),
  bind('help', 'pageup ctrl-b', 'page-up'),
  bind('help', 'pagedown ctrl-f space', 'page-down'),
  bind('help', 'home g', 'first'),
  bind('help', 'end G', 'last'),
  bind('help', 'esc q ? f1 enter', 'back', 'close', 3),

  bind('palette', 'enter', 'accept', 'run', 10),
  bind('palette', 'esc', 'back', 'close', 3),
  bind('images', 'enter', 'accept', 'open', 10),
  bind('images', 'esc', 'back', 'close', 3),
  bind('jump', 'enter', 'accept', 'go to', 10),
  bind('jump', 'esc', 'back', 'close', 3),
  bind('prompt', 'enter', 'accept', 'accept', 10),
  bind('prompt', 'esc', 'back', 'cancel', 3),
  bind('menu', 'up k', 'up', 'move', 11),
  bind('menu', 'down j', 'down'),
  bind('menu', 'space enter x', 'toggle-option', 'toggle', 10),
  bind('menu', 'esc t q', 'back', 'close', 3),

  bind('preview', 'up k', 'up'),
  bind('preview', 'down j', 'down'),
  bind('preview', 'pageup ctrl-b', 'page-up'),
  bind('preview', 'pagedown ctrl-f space', 'page-down'),
  bind('preview', 'ctrl-u', 'half-up'),
  bind('preview', 'ctrl-d', 'half-down'),
  bind('preview', 'home g', 'first'),
  bind('preview', 'end G', 'last'),
  bind('preview', 'x', 'preview-hex', 'hex', 11),
  bind('preview', 'D', 'preview-diff', 'diff', 12),
  bind('preview', 'w', 'preview-wrap', 'wrap', 13),
  bind('preview', '/', 'ask-search', 'search', 14),
  bind('preview', 'n', 'next-match', 'next', 15),
  bind('preview', 'N', 'previous-match'),
  bind('preview', '!', 'ask-flag', 'flag', 18),
  bind('preview', 'R', 'reveal', 'reveal', 17),
  bind('preview', ']', 'preview-next', 'more', 16),
  bind('preview', '[', 'preview-back'),
  bind('preview', 'esc q p v', 'back', 'close', 3),

  bind('line', 'up ctrl-p', 'up'),
  bind('line', 'down ctrl-n', 'down'),
  bind('line', 'pageup', 'page-up'),
  bind('line', 'pagedown', 'page-down'),
  bind('line', 'left ctrl-b', 'line-left'),
  bind('line', 'right ctrl-f', 'line-right'),
  bind('line', 'home ctrl-a', 'line-home'),
  bind('line', 'end ctrl-e', 'line-end'),
  bind('line', 'backspace ctrl-h', 'line-backspace'),
  bind('line', 'delete ctrl-d', 'line-delete'),
  bind('line', 'ctrl-w', 'line-delete-word'),
  bind('line', 'ctrl-u', 'line-delete-line'),
  bind('line', 'ctrl-c', 'back'),
  bind('line', 'ctrl-z', 'suspend'),
];

/**
 * Returns the command that a key is bound to.
 * @param contexts from the innermost out
 * @returns null if the key is not bound in these contexts
 */
export function commandFor(
  key: string,
  contexts: readonly Context[],
  keymap: readonly Binding[] = KEYMAP,
): CommandName | null {
  for (const context of contexts) {
    const binding = keymap.find((each) => each.context === context && each.keys.includes(key));
    if (binding !== undefined) return binding.command;
  }
  return null;
}

/** Returns the first key of a command in these contexts; null if it has none. */
export function keyOf(
  command: CommandName,
  contexts: readonly Context[],
  keymap: readonly Binding[] = KEYMAP,
): string | null {
  for (const context of contexts) {
    const binding = keymap.find((each) => each.context === context && each.command === command);
    if (binding !== undefined) return binding.keys[0]!;
  }
  return null;
}
