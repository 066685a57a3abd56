import { EMPTY_LINE } from '../line-edit.ts';
import type { ThemeName } from '../../text/theme.ts';
import type { Model } from '../model.ts';
import type { Overlay } from '../overlay.ts';
import { VIEWS } from '../views.ts';
import { withAllFindings } from './findings-view.ts';
import { withoutFilter } from './go.ts';
import { withBaseHidden } from './hide-base.ts';
import { withReading } from './layers-view.ts';
import { type Handler, type Handlers, step, told } from './step.ts';

const THEMES: readonly ThemeName[] = ['dark', 'light', 'high-contrast', 'colour-blind', 'none'];

/** Commands that work everywhere except in an overlay. */
export const program: Handlers = {
  help: opens({ kind: 'help', top: 0 }),
  palette: opens({ kind: 'palette', line: EMPTY_LINE, cursor: 0 }),
  'ask-path': {
    ...opens({
      kind: 'jump',
      line: EMPTY_LINE,
      cursor: 0,
      found: [],
      searched: 0,
      total: 0,
      matches: 0,
    }),
    when: (model) => (model.stacked?.ledger.paths.count ?? 0) > 1,
  },
  'ask-image': {
    run: (model) => {
      const cursor = model.images.list.findIndex(({ index }) => index === model.images.current);
      return opens({ kind: 'images', line: EMPTY_LINE, cursor: Math.max(0, cursor) }).run(model);
    },
    when: ({ images }) => images.list.length > 1,
  },
  'view-1': view(0),
  'view-2': view(1),
  'view-3': view(2),
  'view-4': view(3),
  'view-5': view(4),
  'view-6': view(5),
  'view-7': { ...view(6), when: (model) => model.retest !== null },
  'exact-sizes': { run: (model) => step({ ...model, exactSizes: !model.exactSizes }) },
  'hide-base': { run: withBaseHidden },
  'next-theme': { run: (model) => step(withNextTheme(model)) },
  mouse: {
    run: (model) => {
      const on = !model.mouse;
      const next = told({ ...model, mouse: on }, on ? 'mouse on' : 'mouse off: the terminal selects text');
      return [next, [{ type: 'mouse', on }]];
    },
  },
  back: { run: (model) => step(steppedBack(model)), when: (model) => steppedBack(model) !== model },
  suspend: { run: (model) => [model, [{ type: 'suspend' }]] },
  quit: { run: (model) => [model, [{ type: 'quit' }]] },
};

function opens(overlay: Overlay): Handler {
  return { run: (model) => step({ ...model, overlays: [...model.overlays, overlay] }) };
}

function view(index: number): Handler {
  return { run: (model) => step({ ...model, view: VIEWS[index]!.id }) };
}

function withNextTheme(model: Model): Model {
  const theme = THEMES[(THEMES.indexOf(model.look.theme) + 1) % THEMES.length]!;
  return told({ ...model, look: { ...model.look, theme } }, `theme: ${theme}`);
}

/** Goes back one step: clears the filter of findings, then leaves the view, zoom, filter, comparison or pane. */
function steppedBack(model: Model): Model {
  const wide = model.view === 'findings' ? withAllFindings(model) : model;
  if (wide !== model) return told(wide, 'filters cleared: all findings shown');
  if (model.view !== 'layers') return { ...model, view: 'layers' };
  if (model.panes.zoom !== null) return { ...model, panes: { ...model.panes, zoom: null } };
  if (model.tree.filter !== null) return withoutFilter(model);
  if (model.tree.reading === 'between') return withReading(model, model.tree.readingBefore);
  if (model.focus === 'track') return { ...model, focus: 'tree' };
  if (model.focus === 'tree') return { ...model, focus: 'layers' };
  return model;
}
