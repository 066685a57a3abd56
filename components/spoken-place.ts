import { escapeText } from '../src/text/escape.ts';
import { saidOf } from '../src/tui/columns/column.ts';
import { layerColumns } from '../src/tui/panes/layer-columns.ts';
import { treeLine, treeLook, treePaneColumns } from '../src/tui/panes/tree-pane-columns.ts';
import type { Model } from '../src/tui/model.ts';
import { layerRows } from '../src/tui/selectors/layer-rows.ts';
import { listTable, selectedRow } from '../src/tui/selectors/list-table.ts';
import { lettersOf } from '../src/tui/selectors/marks.ts';
import { selectedBead, selectedLine } from '../src/tui/selectors/path-line.ts';
import { tabSpans } from '../src/tui/selectors/tabs.ts';
import { readingOf, treeOf } from '../src/tui/selectors/tree-of.ts';
import { VIEWS } from '../src/tui/views.ts';
import { overlayPlace, type SpokenPlace } from './spoken-overlay.ts';
import { emptyWords, readingTitle } from './tree-words.ts';

/** Describes where the user is, and the selected row there. */
export function spokenPlace(model: Model): SpokenPlace {
  const overlay = model.overlays.at(-1);
  if (overlay !== undefined) return overlayPlace(model, overlay);
  if (model.stacked === null) return { head: 'Opening', row: '' };
  if (model.view !== 'layers') return listPlace(model, model.view);
  switch (model.focus) {
    case 'layers':
      return layersPlace(model);
    case 'tree':
      return treePlace(model);
    case 'track':
      return trackPlace(model);
  }
}

function listPlace(model: Model, view: Exclude<Model['view'], 'layers'>): SpokenPlace {
  const table = listTable(model, view);
  const { title } = VIEWS.find(({ id }) => id === view)!;
  const count = table?.rows.length ?? 0;
  const row = selectedRow(model);
  const parts =
    row === null || table === null
      ? []
      : [saidOf(table.columns, row), ...row.detail.map((line) => line.trim())];
  const isSearching = view === 'findings' && model.findings.search === 'running';
  return {
    head: `${title} view. ${isSearching ? 'Still scanning.' : (table?.summary ?? '')}`.trim(),
    row:
      row === null
        ? 'no rows'
        : `${parts
            .filter((part) => part !== '')
            .join(', ')
            .replace(/\.$/, '')}. ${model.lists[view].row + 1} of ${count}.`,
  };
}

function layersPlace(model: Model): SpokenPlace {
  // Without the counts, which change while the image is read.
  const tabs = tabSpans(model).map(({ text }) => /\d [A-Z][a-z]+/.exec(text)?.[0] ?? text);
  const rows = layerRows(model);
  const row = rows[model.layers.row];
  return {
    head: `Layers view, the layers. Views by number: ${tabs.join(', ')}.`,
    row:
      row === undefined
        ? 'no layers'
        : `${saidOf(layerColumns(model), row)}. ${model.layers.row + 1} of ${rows.length}.`,
  };
}

function treePlace(model: Model): SpokenPlace {
  const reading = readingOf(model);
  const tree = treeOf(model);
  const filter = model.tree.filter === null ? '' : `, only ${escapeText(model.tree.filter.text)}`;
  const head = `Tree: ${reading === null ? 'no layer selected' : readingTitle(reading)}${filter}.`;
  if (tree === null || tree.rowCount === 0) return { head, row: emptyWords(model, tree) };
  const at = tree.rowOf(model.tree.cursor);
  const row = tree.rows(at, at + 1)[0];
  if (row === undefined) return { head, row: '' };
  const columns = treePaneColumns(treeLook(model));
  const line = treeLine(tree.shown.columns.ledger, row, lettersOf(model).get(row.path) ?? null);
  return { head, row: `${saidOf(columns, line)}. ${at + 1} of ${tree.rowCount}.` };
}

function trackPlace(model: Model): SpokenPlace {
  const line = selectedLine(model);
  if (line === null) return { head: 'Path history: no path selected.', row: '' };
  const chosenBead = selectedBead(model, line);
  const bead = line.beads[chosenBead];
  return {
    head: `History of ${line.name}: ${line.fate}. Enter goes to the layer.`,
    row:
      bead === undefined
        ? ''
        : `Layer ${bead.layer}: ${bead.words}. ${chosenBead + 1} of ${line.beads.length}.`,
  };
}
