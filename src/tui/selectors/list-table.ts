import type { Model } from '../model.ts';
import { configTable } from '../tables/config-table.ts';
import { findingsTable } from '../tables/findings-table.ts';
import { deletedTable } from '../tables/deleted-table.ts';
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

const deletedFiles = memoized(deletedTable);
const setuid = memoized(setuidTable);
const history = memoized(historyTable);
const config = memoized(configTable);
const retest = memoized(retestTable);

const findings = memoized(findingsTable);

/** Returns the list of a view; null until the image is open. */
export function listTable(model: Model, view: ListViewId): ViewTable | null {
  if (model.stacked === null || model.history === null) return null;
  switch (view) {
    case 'deleted':
      return ownRows(deletedFiles(model.stacked.ledger, model.history, model.masker), hiddenLayers(model));
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

/** Returns how many of the lowest layers are hidden. */
function hiddenLayers({ baseLayers, tree }: Model): number {
  return tree.show.base ? 0 : baseLayers;
}

const ownRows = memoized((table: ViewTable, hidden: number): ViewTable => {
  if (hidden === 0) return table;
  const rows = table.rows.filter(({ target }) => target === null || target.layer >= hidden);
  const left = table.rows.length - rows.length;
  return {
    ...table,
    rows,
    summary: `${left} ${left === 1 ? 'row' : 'rows'} of the base hidden  |  ${table.summary}`,
  };
}, 2);

/** Reports whether the entries and the Dockerfile are side by side. */
function isNarrowHistory(model: Model): boolean {
  const { dockerfile, entries } = historyHalves(model);
  return dockerfile > 0 && entries > 0;
}

/** Returns the shown list; null in the layers view. */
export function shownTable(model: Model): ViewTable | null {
  return model.view === 'layers' ? null : listTable(model, model.view);
}

/** Returns the selected row of the shown list, or null. */
export function selectedRow(model: Model): TableRow | null {
  if (model.view === 'layers') return null;
  return shownTable(model)?.rows[model.lists[model.view].row] ?? null;
}

/** Returns the number of detail rows below the list, including the rule above them. */
export function listDetailRows(model: Model): number {
  return model.size.rows < 30 ? 4 : 6;
}

/** Returns the rows of the list on one page: the body without summary, titles and details. */
export function listPage(model: Model): number {
  return Math.max(1, layoutOf(model).body.height - 2 - listDetailRows(model));
}
