export type CommandGroup = 'Move' | 'View' | 'Find' | 'Case' | 'Export' | 'Screen' | 'Program';

/** A command's title and its one-line help. */
export interface Command {
  readonly title: string;
  readonly help: string;
  readonly group: CommandGroup;
}

const command = (group: CommandGroup, title: string, help: string): Command => ({ title, help, group });

/** Every command by name. Help, palette, foot line and docs/keys.md are built from this table and the keymap. */
export const COMMANDS = {
  up: command('Move', 'Up', 'move up one row'),
  down: command('Move', 'Down', 'move down one row'),
  'page-up': command('Move', 'Page up', 'move up one page'),
  'page-down': command('Move', 'Page down', 'move down one page'),
  'half-up': command('Move', 'Half a page up', 'move up half a page'),
  'half-down': command('Move', 'Half a page down', 'move down half a page'),
  first: command('Move', 'First row', 'go to the first row'),
  last: command('Move', 'Last row', 'go to the last row'),
  'next-pane': command('Move', 'Next pane', 'go to the next pane'),
  'previous-pane': command('Move', 'Previous pane', 'go to the previous pane'),
  'next-layer': command('Move', 'Next layer', 'select the next layer, from any pane'),
  'previous-layer': command('Move', 'Previous layer', 'select the previous layer, from any pane'),
  'ask-layer': command('Move', 'Go to layer…', 'go to a layer by number'),
  open: command('Move', 'Open', 'open the directory, the file or the layer'),
  'fold-in': command('Move', 'Collapse directory', 'collapse the directory, or go to its parent'),
  'fold-out': command('Move', 'Expand directory', 'expand the directory, or go into it'),
  fold: command('Move', 'Expand or collapse', 'expand or collapse the directory'),
  'fold-all': command('Move', 'Expand all', 'expand all directories; again to collapse them'),

  'read-changes': command('View', 'Changes of this layer', 'show what this layer changed'),
  'read-after': command('View', 'Tree after this layer', 'show the tree after this layer'),
  'read-final': command('View', 'Final tree', 'show the final tree, as a container sees it'),
  compare: command('View', 'Compare from this layer', 'compare this layer with the next one you select'),
  'ask-show': command('View', 'Show and hide…', 'choose which entries and columns are shown'),
  'toggle-option': command('View', 'Toggle', 'turn the selected option on or off'),
  sort: command('View', 'Sort', 'sort by the next key: name, size, change or layer'),
  'exact-sizes': command('View', 'Exact sizes', 'show exact or rounded sizes'),
  'toggle-base': command('View', 'Collapse the base', 'show the base as one row, or one row per layer'),

  'hide-base': command('View', 'Hide the base', 'hide or show what the base image added, in every view'),
  'swap-dockerfile': command('View', 'Dockerfile', 'show or hide the reconstructed Dockerfile'),

  'findings-severity': command('Find', 'By severity', 'filter by minimum severity; press again for the next'),
  'findings-state': command('Find', 'By state', 'filter by state; press again for the next'),
  'findings-origin': command('Find', 'By origin', 'filter by origin: application, base or unknown'),
  'findings-kind': command('Find', 'By kind', 'show secrets, posture findings or both'),
  'findings-suppressed': command(
    'Find',
    'Suppressed too',
    'show or hide suppressed findings, with the reason',
  ),

  'findings-open': command('Find', 'Undecided only', 'hide or show findings that have a decision'),

  mark: command('Case', 'Mark', 'mark or unmark the finding'),
  'mark-all': command('Case', 'Mark all', 'mark or unmark all listed findings'),
  'decide-confirmed': command('Case', 'Confirmed', 'confirm the marked findings, or the selected one'),
  'decide-rotated': command('Case', 'Rotated', 'record that the credential was revoked or replaced'),
  'ask-false-alarm': command('Case', 'False alarm…', 'record a false alarm, with an optional reason'),
  'ask-keep-rules': command(
    'Case',
    'Keep false alarms…',
    'write the false alarms to exhume.yaml as exceptions',
  ),
  'ask-accept': command('Case', 'Accept…', 'accept the risk: a reason, and optionally an end date'),
  'ask-flag': command('Case', 'Flag…', 'flag the selected file, entry or variable as a secret'),
  'undo-decision': command('Case', 'Undo', 'undo the last flag or decision'),
  'ask-export': command('Case', 'Write the report…', 'write the remediation report to a file'),

  'ask-filter': command('Find', 'Filter…', 'filter paths by text, *.glob or /regexp/'),
  'next-match': command('Find', 'Next match', 'go to the next match, or change without a filter'),
  'previous-match': command('Find', 'Previous match', 'go to the previous match or change'),
  'ask-path': command('Find', 'Go to path…', 'search all paths in all layers'),

  preview: command('View', 'Preview', 'show the content of the selected file'),
  'preview-hex': command('View', 'Text or hex', 'switch between text and hex'),
  'preview-diff': command('View', 'Diff', 'toggle the diff with the previous version'),
  'preview-wrap': command('View', 'Wrap', 'wrap or cut long lines'),
  reveal: command('View', 'Reveal a secret…', 'show one masked value, after confirmation'),
  'ask-search': command('Find', 'Search…', 'search in the shown text'),
  'preview-next': command('Move', 'Next part', 'show the next part of a large file'),
  'preview-back': command('Move', 'First part', 'go back to the first part of a large file'),

  'copy-path': command('Export', 'Copy path', 'copy the path to the clipboard'),
  'copy-digest': command('Export', 'Copy digest', "copy the layer's digest to the clipboard"),
  pager: command('Export', 'Open in $PAGER', 'open the content in $PAGER, after confirmation'),
  editor: command('Export', 'Open in $EDITOR', 'open a copy in $EDITOR, after confirmation'),
  extract: command('Export', 'Extract', 'extract to a new directory, with an evidence record'),

  'view-1': command('Screen', 'Layers', 'what each layer changed'),
  'view-2': command('Screen', 'Deleted', 'deleted and overwritten files still in the image'),
  'view-3': command('Screen', 'Setuid', 'setuid, setgid and capabilities across the layers'),
  'view-4': command('Screen', 'Findings', 'secrets and insecure settings'),
  'view-5': command('Screen', 'History', 'every build instruction and its layer'),
  'view-6': command('Screen', 'Config', 'identity, digests, environment, labels'),
  'view-7': command('Screen', 'Retest', 'an earlier report compared with this image'),
  'ask-image': command('Screen', 'Images…', 'switch to another image or platform in this archive'),
  zoom: command('Screen', 'Zoom', 'show the focused pane alone, or all panes'),
  wider: command('Screen', 'Wider', 'widen the left pane'),
  narrower: command('Screen', 'Narrower', 'narrow the left pane'),
  taller: command('Screen', 'Taller', 'enlarge the lower pane'),
  shorter: command('Screen', 'Shorter', 'shrink the lower pane'),
  'next-theme': command('Screen', 'Next theme', 'switch to the next colour theme'),
  mouse: command('Screen', 'Mouse', 'toggle the mouse (off: the terminal selects text)'),

  help: command('Program', 'Help', 'list all keys'),
  palette: command('Program', 'Commands…', 'search all commands by name'),
  back: command('Program', 'Back', 'go back one step'),
  accept: command('Program', 'Accept', 'accept'),
  suspend: command('Program', 'Suspend', 'suspend to the background; `fg` resumes'),
  quit: command('Program', 'Quit', 'quit'),

  'line-left': command('Move', 'Left', 'move left'),
  'line-right': command('Move', 'Right', 'move right'),
  'line-home': command('Move', 'Start of line', 'go to the start of the line'),
  'line-end': command('Move', 'End of line', 'go to the end of the line'),
  'line-backspace': command('Move', 'Backspace', 'delete the character before the cursor'),
  'line-delete': command('Move', 'Delete', 'delete the character at the cursor'),
  'line-delete-word': command('Move', 'Delete word', 'delete the word before the cursor'),
  'line-delete-line': command('Move', 'Delete line', 'delete to the start of the line'),
} as const satisfies Readonly<Record<string, Command>>;

export type CommandName = keyof typeof COMMANDS;
