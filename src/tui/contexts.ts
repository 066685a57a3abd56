import type { Context } from './keymap.ts';
import type { Model } from './model.ts';

/** Where keys go, from the innermost context out. */
export function contextsOf(model: Model): readonly Context[] {
  const overlay = model.overlays.at(-1);
  if (overlay === undefined) return viewContexts(model);
  return takesText(model) ? [overlay.kind, 'line'] : [overlay.kind];
}

/** Where keys would go if nothing lay over the view. */
export function viewContexts(model: Model): readonly Context[] {
  const view: Context = `view:${model.view}`;
  if (model.stacked === null) return ['global'];
  return model.view === 'layers' ? [`pane:${model.focus}`, view, 'global'] : [view, 'global'];
}

/** Whether letters are text and not keys. */
export function takesText(model: Model): boolean {
  const kind = model.overlays.at(-1)?.kind;
  return kind === 'palette' || kind === 'images' || kind === 'jump' || kind === 'prompt';
}

const TITLES: Readonly<Partial<Record<Context, string>>> = {
  'pane:layers': 'In the layers',
  'pane:tree': 'In the tree',
  'pane:track': 'On the line of a path',
  'view:layers': 'In the Layers view',
  'view:findings': 'In the Findings view',
  'view:history': 'In the History view',
  global: 'Everywhere',
};

/** What the help calls a context. */
export function contextTitle(context: Context): string {
  return TITLES[context] ?? 'Here';
}
