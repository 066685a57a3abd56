import type { CommandName } from './commands.ts';
import { type ViewId, VIEWS } from './views.ts';

/**
 * Where a key works: in a pane, in a view, in an overlay, or wherever no line is being typed. The
 * innermost context that knows a key decides.
 */
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
  /** Keys of a line being typed. */
  | 'line';

export interface Binding {
  readonly context: Context;
  /** Names as {@link keyNames} of key-names.ts gives them; the first is the one shown. */
  readonly keys: readonly string[];
  readonly command: CommandName;
  /**
   * A word for the foot line; without one it is not shown there. Lower `rank` stands further left and is
   * the last to be left out; below {@link PINNED_BELOW} it stands at the right end, always.
   */
  readonly foot?: { readonly word: string; readonly rank: number };
}

/** The rank from which keys of the foot line are left out where there is no room. */
export const PINNED_BELOW = 10;

const bind = (context: Context, keys: string, command: CommandName, foot?: string, rank = 50): Binding => ({
  context,
  keys: keys.split(' '),
  command,
  ...(foot === undefined ? {} : { foot: { word: foot, rank } }),
});

/** Keys of every list view: Enter goes to the place in the tree. */
const LIST_KEYS: readonly Binding[] = VIEWS.filter(({ id }) => id !== 'layers').flatMap(({ id }) => [
  bind(`view:${id}`, 'enter', 'open', id === 'findings' ? 'its place' : 'to the tree', 10),
  bind(`view:${id}`, 'y', 'copy-path', 'copy', 44),
]);

/**
 * Every key, as data; a person's own keymap replaces `keys` by context and command.
 *
 * Digits 1 to 6 choose views, always and at once, so there are no counts: `[` and `]` walk the
 * layers from any pane, `#` asks for a layer's number, and pages and halves do the rest.
 */
export const KEYMAP: readonly Binding[] = [
  bind('pane:layers', 'enter right l', 'open', 'tree', 10),
  bind('pane:layers', 'space', 'toggle-base', 'base layers', 20),
  bind('pane:tree', 'enter', 'open', 'open', 10),
  bind('pane:tree', 'space', 'fold', 'fold', 15),
  bind('pane:tree', 'right l', 'fold-out'),
  bind('pane:tree', 'left h', 'fold-in'),
  bind('pane:tree', '*', 'fold-all'),
  bind('pane:track', 'enter', 'open', 'go to that layer', 10),
  bind('pane:track', 'right l', 'down', 'along the line', 12),
  bind('pane:track', 'left h', 'up'),

  bind('view:layers', 'd', 'read-changes', 'this layer', 30),
  bind('view:layers', 'a', 'read-after', 'after it', 31),
  bind('view:layers', 'f', 'read-final', 'final', 32),
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
  bind('view:findings', 'x', 'findings-demoted', 'demoted', 24),
  bind('view:history', 'd', 'swap-dockerfile', 'Dockerfile', 20),

  bind('view:findings', 'space', 'mark', 'mark', 11),
  bind('view:findings', 'v', 'mark-all'),
  bind('view:findings', 'c', 'decide-confirmed', 'confirm', 12),
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

  bind('palette', 'enter', 'accept', 'do it', 10),
  bind('palette', 'esc', 'back', 'close', 3),
  bind('images', 'enter', 'accept', 'open it', 10),
  bind('images', 'esc', 'back', 'close', 3),
  bind('jump', 'enter', 'accept', 'go there', 10),
  bind('jump', 'esc', 'back', 'close', 3),
  bind('prompt', 'enter', 'accept', 'accept', 10),
  bind('prompt', 'esc', 'back', 'back', 3),
  bind('menu', 'up k', 'up', 'move', 11),
  bind('menu', 'down j', 'down'),
  bind('menu', 'space enter x', 'toggle-option', 'switch', 10),
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
 * What a key asks for.
 * @param contexts from the innermost out
 * @returns null for a key that means nothing there
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

/** The key that a command is told by in a context, or null where it has none. */
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
