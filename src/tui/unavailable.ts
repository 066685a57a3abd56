import { type CommandName, COMMANDS } from './commands.ts';
import { keyLabel } from './key-names.ts';
import { type Context, keyOf } from './keymap.ts';
import type { Model } from './model.ts';

/** Why a command that is bound here cannot run now. */
const REASONS: Readonly<Partial<Record<CommandName, string>>> = {
  open: 'nothing to open here',
  fold: 'not a directory with entries',
  'fold-out': 'the tree is empty',
  'fold-all': 'the tree is empty',
  'toggle-base': 'no base layers to collapse',
  compare: 'no layer to compare from',
  'next-match': 'no match or change in this tree',
  'previous-match': 'no match or change in this tree',
  'copy-path': 'no path to copy here',
  'copy-digest': 'this row has no layer digest',
  extract: 'nothing to extract here',
  preview: 'no file content here',
  pager: 'no file content here',
  editor: 'no file content here',
  'ask-path': 'no paths have been read yet',
  'ask-image': 'this archive holds one image',
  'ask-flag': 'nothing to flag here',
  'ask-export': 'no scan results to report yet',
  'ask-keep-rules': 'no decided finding to keep as a rule',
  'view-7': 'no report to retest; start with --retest REPORT',
  'swap-dockerfile': 'this image has no history',
  mark: 'no finding here',
  'mark-all': 'no finding here',
  'decide-confirmed': 'no finding here',
  'decide-rotated': 'no finding here',
  'ask-false-alarm': 'no finding here',
  'ask-accept': 'no finding here',
};

/** Returns the message for a command that cannot run here and now. */
export function unavailableText(command: CommandName): string {
  return REASONS[command] ?? `${COMMANDS[command].title} is not available here`;
}

/**
 * Returns the message for a key without a binding.
 * @param contexts that received the key, from the innermost out
 */
export function unboundText(key: string, contexts: readonly Context[], { keymap }: Model): string {
  const help = keyOf('help', contexts, keymap);
  return `${keyLabel(key)} is not bound here${help === null ? '' : `; ${keyLabel(help)} lists keys`}`;
}
