import type { Model } from '../model.ts';
import { configTable } from '../tables/config-table.ts';
import { findingsTable } from '../tables/findings-table.ts';
import { ghostsTable } from '../tables/ghosts-table.ts';
import { historyTable } from '../tables/history-table.ts';
import { retestTable } from '../tables/retest-table.ts';
import { setuidTable } from '../tables/setuid-table.ts';
import type { TableRow, ViewTable } from '../tables/table.ts';
import type { ListViewId } from '../views.ts';
import { foldedEntries } from './history-rows.ts';
import { layoutOf } from './layout.ts';
import { historyHalves } from './dockerfile-view.ts';
import { marksOf } from './marks.ts';
import { memoized } from './memo.ts';

const ghosts = memoized(ghostsTable);
const setuid = memoized(setuidTable);
const history = memoized(historyTable);
const config = memoized(configTable);
const retest = memoized(retestTable);

const findings = memoized(findingsTable);

/** The list of a view; null until the image is open. */
export function listTable(model: Model, view: ListViewId): ViewTable | null {
  if (model.stacked === null || model.history === null) return null;
  switch (view) {
    case 'ghosts':
      return ownRows(ghosts(model.stacked.ledger, model.history, model.masker), hiddenLayers(model));
    case 'setuid':
      return ownRows(setuid(model.stacked.ledger, model.history, model.masker), hiddenLayers(model));
    case 'findings':
      return findings(model.stacked.ledger, model.findings, model.held, model.marked);
    case 'history':
      return history(
        model.stacked,
        model.history,
        marksOf(model),
        isNarrowHistory(model),
        foldedEntries(model),
        model.masker,
      );
    case 'retest':
      return model.retest === null ? null : retest(model.stacked.ledger, model.retest);
    case 'config':
      return config(model.stacked, model.masker);
  }
}

/** How many layers at the bottom are hidden. */
function hiddenLayers({ baseLayers, tree }: Model): number {
  return tree.show.base ? 0 : baseLayers;
}

const ownRows = memoized((table: ViewTable, hidden: number): ViewTable => {
  if (hidden === 0) return table;
  const rows = table.rows.filter(({ target }) => target === null || target.layer >= hidden);
  const left = table.rows.length - rows.length;
  return { ...table, rows, summary: `${left} of the base hidden  |  ${table.summary}` };
}, 2);

/** Whether the entries share their row with the Dockerfile. */
function isNarrowHistory(model: Model): boolean {
  const { dockerfile, entries } = historyHalves(model);
  return dockerfile > 0 && entries > 0;
}

/** The list that is shown, or null in the layers view. */
export function shownTable(model: Model): ViewTable | null {
  return model.view === 'layers' ? null : listTable(model, model.view);
}

/** The row under the cursor of the list that is shown, or null. */
export function selectedRow(model: Model): TableRow | null {
  if (model.view === 'layers') return null;
  return shownTable(model)?.rows[model.lists[model.view].row] ?? null;
}

/** Rows below the list that tell more of the selected one, the rule above them included. */
export function listDetailRows(model: Model): number {
  return model.size.rows < 30 ? 4 : 6;
}

/** Rows of the list that are seen at once: the body without summary, titles and detail. */
export function listPage(model: Model): number {
  return Math.max(1, layoutOf(model).body.height - 2 - listDetailRows(model));
}
