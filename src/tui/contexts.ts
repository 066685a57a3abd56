import type { Context } from './keymap.ts';
import type { Model } from './model.ts';

/** Returns the contexts that receive keys, from the innermost out. */
export function contextsOf(model: Model): readonly Context[] {
  const overlay = model.overlays.at(-1);
  if (overlay === undefined) return viewContexts(model);
  return takesText(model) ? [overlay.kind, 'line'] : [overlay.kind];
}

/** Returns the contexts that would receive keys without an overlay. */
export function viewContexts(model: Model): readonly Context[] {
  const view: Context = `view:${model.view}`;
  if (model.stacked === null) return ['global'];
  return model.view === 'layers' ? [`pane:${model.focus}`, view, 'global'] : [view, 'global'];
}

/** Reports whether letters are typed into a line rather than being keys. */
export function takesText(model: Model): boolean {
  const kind = model.overlays.at(-1)?.kind;
  return kind === 'palette' || kind === 'images' || kind === 'jump' || kind === 'prompt';
}

const TITLES: Readonly<Partial<Record<Context, string>>> = {
  'pane:layers': 'In the layers pane',
  'pane:tree': 'In the tree',
  'pane:track': 'In the path history',
  'view:layers': 'In the Layers view',
  'view:findings': 'In the Findings view',
  'view:history': 'In the History view',
  global: 'Everywhere',
};

/** Returns the title of a context in the help. */
export function contextTitle(context: Context): string {
  return TITLES[context] ?? 'In this view';
}
