import type { CommandName } from './commands.ts';
import type { Context } from './keymap.ts';
import type { Model } from './model.ts';
import { caseCommands, deciding } from './update/case-commands.ts';
import { findingsView } from './update/findings-view.ts';
import { historyView } from './update/history-view.ts';
import { layersPane } from './update/layers-pane.ts';
import { listView } from './update/list-view.ts';
import { layersView } from './update/layers-view.ts';
import { program } from './update/program.ts';
import type { Handler, Handlers } from './update/step.ts';
import { trackPane } from './update/track-pane.ts';
import { treePane } from './update/tree-pane.ts';

/** The commands of each context without an overlay. */
export const VIEW_HANDLERS: Readonly<Partial<Record<Context, Handlers>>> = {
  'pane:layers': layersPane,
  'pane:tree': treePane,
  'pane:track': trackPane,
  'view:layers': layersView,
  'view:deleted': listView,
  'view:setuid': listView,
  'view:findings': { ...findingsView, ...deciding },
  'view:history': historyView,
  'view:config': listView,
  'view:retest': listView,
  global: { ...program, ...caseCommands },
};

/** Returns the handler of a command in the innermost context that has one; null for none. */
export function viewHandler(contexts: readonly Context[], command: CommandName): Handler | null {
  for (const context of contexts) {
    const handler = VIEW_HANDLERS[context]?.[command];
    if (handler !== undefined) return handler;
  }
  return null;
}

/** Reports whether a command can run in these contexts now. */
export function isAvailable(model: Model, contexts: readonly Context[], command: CommandName): boolean {
  const handler = viewHandler(contexts, command);
  return handler !== null && (handler.when?.(model) ?? true);
}
