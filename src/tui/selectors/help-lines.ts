import { Change } from '../../ledger/change.ts';
import { CHANGE_LETTERS } from '../../ledger/change-letters.ts';
import { COMMANDS, type CommandGroup } from '../commands.ts';
import { contextTitle, viewContexts } from '../contexts.ts';
import { keyLabel } from '../key-names.ts';
import type { Binding } from '../keymap.ts';
import type { Model } from '../model.ts';

/** A line of the help. */
export type HelpLine =
  | { readonly kind: 'title'; readonly text: string }
  | { readonly kind: 'key'; readonly keys: string; readonly text: string }
  | { readonly kind: 'text'; readonly text: string };

const GROUPS: readonly CommandGroup[] = ['Move', 'View', 'Find', 'Case', 'Export', 'Screen', 'Program'];

const CHANGE_WORDS: Readonly<Record<Change, string>> = {
  [Change.added]: 'added',
  [Change.modified]: 'content changed',
  [Change.metadata]: 'metadata changed: mode, owner or attributes',
  [Change.replaced]: 'replaced by another type',
  [Change.deleted]: 'deleted',
  [Change.readded]: 'added again after a deletion',
  [Change.unchanged]: 'rewritten without a change',
};

/** Returns the change letters with their meaning, in two lines. */
function changeLegend(): string[] {
  const words = Object.values(Change).map((change) => `${CHANGE_LETTERS[change]} ${CHANGE_WORDS[change]}`);
  return [words.slice(0, 5).join('   '), words.slice(5).join('   ')];
}

/** The legend of all letters. */
const LEGEND: readonly string[] = [
  ...changeLegend(),
  'blank: unchanged, or a directory that only contains a change',
  'S a secret in this file   P an insecure setting   s p one of them below this directory',
  '!3 in the layers: three findings in this layer or in the text of its instruction',
  'The timeline of a path has the same letters: 3 [+]-- 4 ----- 5 [m]--> ends with > if the path still exists',
];

/** Returns the help: first the keys of the focused pane and view, then the others by group. */
export function helpLines(model: Model): readonly HelpLine[] {
  const contexts = viewContexts(model);
  const lines: HelpLine[] = [];
  for (const context of contexts.slice(0, -1)) {
    lines.push({ kind: 'title', text: contextTitle(context) }, ...keyLines(model.keymap, [context]), {
      kind: 'text',
      text: '',
    });
  }
  for (const group of GROUPS) {
    const found = keyLines(model.keymap, ['global'], group);
    if (found.length === 0) continue;
    lines.push({ kind: 'title', text: group }, ...found, { kind: 'text', text: '' });
  }
  if (model.view === 'layers') {
    lines.push({ kind: 'title', text: 'Letters' });
    for (const text of LEGEND) lines.push({ kind: 'text', text });
  }
  return lines;
}

function keyLines(keymap: readonly Binding[], contexts: readonly string[], group?: CommandGroup): HelpLine[] {
  const keys = new Map<string, string[]>();
  for (const { context, command, keys: names } of keymap) {
    if (!contexts.includes(context)) continue;
    if (group !== undefined && COMMANDS[command].group !== group) continue;
    const known = keys.get(command);
    if (known === undefined) keys.set(command, names.map(keyLabel));
    else known.push(...names.map(keyLabel));
  }
  return [...keys].map(([command, names]) => ({
    kind: 'key',
    keys: names.join(' '),
    text: COMMANDS[command as keyof typeof COMMANDS].help,
  }));
}
