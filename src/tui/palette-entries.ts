import { go } from 'fuzzysort';
import { isAvailable } from './view-handlers.ts';
import { COMMANDS, type CommandName } from './commands.ts';
import { viewContexts } from './contexts.ts';
import { keyLabel } from './key-names.ts';
import { keyOf } from './keymap.ts';
import { lineText } from './line-edit.ts';
import type { Model } from './model.ts';
import type { Overlay } from './overlay.ts';

const COMMAND_NAMES = Object.keys(COMMANDS) as CommandName[];

/** A command in the palette. */
export interface PaletteEntry {
  readonly command: CommandName;
  readonly title: string;
  readonly help: string;
  readonly key: string;
  /** Indexes of the matching letters of the title. */
  readonly letters: readonly number[];
}

/** Returns the commands available here that match the query, best first. */
export function paletteEntries(
  model: Model,
  overlay: Extract<Overlay, { kind: 'palette' }>,
): readonly PaletteEntry[] {
  const contexts = viewContexts(model);
  const query = lineText(overlay.line);
  const below: Model = { ...model, overlays: [] };
  const entries = COMMAND_NAMES.filter((command) => isAvailable(below, contexts, command))
    .filter((command) => command !== 'palette')
    .map((command): PaletteEntry => {
      const key = keyOf(command, contexts, model.keymap);
      const { title, help } = COMMANDS[command];
      return { command, title, help, key: key === null ? '' : keyLabel(key), letters: [] };
    });
  if (query.trim() === '') return entries;
  return go(query, entries, { keys: ['title', 'help', 'command'], threshold: 0.2, limit: 50 }).map(
    (result) => ({
      ...result.obj,
      letters: result[0]!.score > 0 ? result[0]!.indexes : [],
    }),
  );
}
