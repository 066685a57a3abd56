export type CommandGroup = 'Move' | 'Look' | 'Find' | 'Case' | 'Take' | 'Screen' | 'Program';

/** What a person calls a command, and what it does. */
export interface Command {
  readonly title: string;
  readonly help: string;
  readonly group: CommandGroup;
}

const command = (group: CommandGroup, title: string, help: string): Command => ({ title, help, group });

/** Every command by name: help, palette, foot line and the key sheet are made from this and the keymap. */
export const COMMANDS = {
  up: command('Move', 'Up', 'one row up'),
  down: command('Move', 'Down', 'one row down'),
  'page-up': command('Move', 'Page up', 'one page up'),
  'page-down': command('Move', 'Page down', 'one page down'),
  'half-up': command('Move', 'Half a page up', 'half a page up'),
  'half-down': command('Move', 'Half a page down', 'half a page down'),
  first: command('Move', 'First row', 'to the first row'),
  last: command('Move', 'Last row', 'to the last row'),
  'next-pane': command('Move', 'Next pane', 'to the next pane'),
  'previous-pane': command('Move', 'Previous pane', 'to the pane before'),
  'next-layer': command('Move', 'Next layer', 'to the next layer, from any pane'),
  'previous-layer': command('Move', 'Previous layer', 'to the layer before, from any pane'),
  'ask-layer': command('Move', 'Go to layer…', 'to a layer by its number'),
  open: command('Move', 'Open', 'go in: to the tree, into a folder, to a layer'),
  'fold-in': command('Move', 'Close folder', 'close the folder, or go to the one around it'),
  'fold-out': command('Move', 'Open folder', 'open the folder, or go into it'),
  fold: command('Move', 'Fold', 'open or close the folder'),
  'fold-all': command('Move', 'Open all folders', 'open every folder; again to close them all'),

  'read-changes': command('Look', 'What this layer changed', 'what this layer changed'),
  'read-after': command('Look', 'The tree after this layer', 'the tree after this layer'),
  'read-final': command('Look', 'The final tree', 'the final tree: what a container sees'),
  compare: command('Look', 'Compare from this layer', 'hold this layer against the one you go to next'),
  'ask-show': command('Look', 'Show and hide…', 'choose which entries and columns are shown'),
  'toggle-option': command('Look', 'Switch', 'switch what is under the cursor'),
  sort: command('Look', 'Sort', 'sort by name, size, change, layer in turn'),
  'exact-sizes': command('Look', 'Exact sizes', 'sizes exact to the byte, or rounded'),
  'toggle-base': command('Look', 'Fold the base', 'a row for each layer of the base, or one for all'),

  'hide-base': command('Look', 'Hide the base', 'hide what the base brought, in every view, or show it'),
  'swap-dockerfile': command('Look', 'Dockerfile', 'the rebuilt Dockerfile beside or in place of the list'),

  'findings-severity': command('Find', 'By severity', 'only findings at least as bad, in turn'),
  'findings-state': command('Find', 'By state', 'only live, shadowed, deleted or metadata, in turn'),
  'findings-origin': command('Find', 'By origin', 'only what the application or the base brought, in turn'),
  'findings-kind': command('Find', 'By kind', 'secrets only, posture only, or both'),
  'findings-demoted': command('Find', 'Demoted too', 'list what was demoted, with the reason, or not'),

  'findings-open': command('Find', 'Undecided only', 'leave out what was decided about, or not'),

  mark: command('Case', 'Mark', 'mark the finding, or take the mark away'),
  'mark-all': command('Case', 'Mark all', 'mark all that are listed, or none'),
  'decide-confirmed': command('Case', 'Confirmed', 'it is real: what is marked, else the one here'),
  'decide-rotated': command('Case', 'Rotated', 'revoked or replaced where it was issued'),
  'ask-false-alarm': command('Case', 'False alarm…', 'it is none; a reason may be given'),
  'ask-keep-rules': command('Case', 'Keep false alarms…', 'as exceptions in exhume.yaml: quiet from then on'),
  'ask-accept': command('Case', 'Accept…', 'it may stay, for a reason, until a date if you like'),
  'ask-flag': command('Case', 'Flag…', 'flag the file, entry or variable here as a secret'),
  'undo-decision': command('Case', 'Take back', 'take the last flag or decision back'),
  'ask-export': command('Case', 'Write the report…', 'the remediation report, into a file'),

  'ask-filter': command('Find', 'Filter…', 'only paths with a text, a *.glob or a /regexp/'),
  'next-match': command('Find', 'Next match', 'to the next match, or without a filter the next change'),
  'previous-match': command('Find', 'Previous match', 'to the one before'),
  'ask-path': command('Find', 'Go to path…', 'to any path of any layer, by a few letters of it'),

  preview: command('Look', 'Preview', 'show the content of the file here'),
  'preview-hex': command('Look', 'Text or hex', 'as text, or as hex'),
  'preview-diff': command('Look', 'Diff', 'what differs from the generation before, or back'),
  'preview-wrap': command('Look', 'Wrap', 'wrap long lines, or cut them'),
  reveal: command('Look', 'Reveal a secret…', 'show one covered value in the clear, asked first'),
  'ask-search': command('Find', 'Search…', 'search in what is shown'),
  'preview-next': command('Move', 'Next piece', 'the next piece of a large file'),
  'preview-back': command('Move', 'Piece before', 'the piece before'),

  'copy-path': command('Take', 'Copy path', 'copy the path'),
  'copy-digest': command('Take', 'Copy digest', "copy the layer's digest"),
  pager: command('Take', 'Open in $PAGER', 'show the content in $PAGER, asked first'),
  editor: command('Take', 'Open in $EDITOR', 'show a copy of the content in $EDITOR, asked first'),
  extract: command('Take', 'Extract', 'write what is here into a new folder, with a record'),

  'view-1': command('Screen', 'Layers', 'what each layer did'),
  'view-2': command('Screen', 'Ghosts', 'what was deleted or overwritten and is still there'),
  'view-3': command('Screen', 'Setuid', 'setuid, setgid and capabilities over time'),
  'view-4': command('Screen', 'Findings', 'secrets and posture'),
  'view-5': command('Screen', 'History', 'every instruction with its layer'),
  'view-6': command('Screen', 'Config', 'identity, digests, environment, labels'),
  'view-7': command('Screen', 'Retest', 'an earlier report held against this image'),
  'ask-image': command('Screen', 'Images…', 'another image or platform of the same archive'),
  zoom: command('Screen', 'Zoom', 'give the pane all the room, or take it back'),
  wider: command('Screen', 'Wider', 'more room for the left pane'),
  narrower: command('Screen', 'Narrower', 'less room for the left pane'),
  taller: command('Screen', 'Taller', 'more room for the strip below'),
  shorter: command('Screen', 'Shorter', 'less room for the strip below'),
  'next-theme': command('Screen', 'Next theme', 'other colours'),
  mouse: command('Screen', 'Mouse', 'mouse on or off (off: the terminal selects text)'),

  help: command('Program', 'Help', 'all keys'),
  palette: command('Program', 'Commands…', 'every command by its name'),
  back: command('Program', 'Back', 'one step back'),
  accept: command('Program', 'Accept', 'take what is chosen'),
  suspend: command('Program', 'Suspend', 'to the background; `fg` comes back'),
  quit: command('Program', 'Quit', 'leave'),

  'line-left': command('Move', 'Left', 'left in the line'),
  'line-right': command('Move', 'Right', 'right in the line'),
  'line-home': command('Move', 'Start of line', 'to the start of the line'),
  'line-end': command('Move', 'End of line', 'to the end of the line'),
  'line-backspace': command('Move', 'Delete before', 'delete the letter before'),
  'line-delete': command('Move', 'Delete', 'delete the letter'),
  'line-delete-word': command('Move', 'Delete word', 'delete the word before'),
  'line-delete-line': command('Move', 'Delete line', 'delete to the start of the line'),
} as const satisfies Readonly<Record<string, Command>>;

export type CommandName = keyof typeof COMMANDS;
