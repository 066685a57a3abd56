import type { FlagPlace } from '../../case/case.ts';
import { decodeName } from '../../text/escape.ts';
import type { Model } from '../model.ts';
import { selectedRow } from './list-table.ts';
import { treeOf } from './tree-of.ts';

const NOWHERE = { layer: null, path: null, key: null, historyIndex: null, start: null, end: null };

/** Returns the place that a flag would mark: the selected file version, entry or variable; null for none. */
export function flagPlace(model: Model): FlagPlace | null {
  const overlay = model.overlays.at(-1);
  if (overlay?.kind === 'preview') {
    const content = overlay.preview?.content;
    return content === undefined ? null : filePlace(model, content.path, content.layer);
  }
  if (model.view === 'layers') {
    const shown = treeOf(model)?.shown;
    const path = model.tree.cursor;
    if (shown === undefined || path <= 0 || shown.columns.event[path] === 0) return null;
    return filePlace(model, path, shown.columns.holder[path]!);
  }
  const row = selectedRow(model);
  if (row?.flag !== undefined) return { ...NOWHERE, ...row.flag };
  return row?.target == null || row.target.path <= 0
    ? null
    : filePlace(model, row.target.path, row.target.layer);
}

function filePlace({ stacked }: Model, path: number, layer: number): FlagPlace | null {
  if (stacked === null) return null;
  return { ...NOWHERE, surface: 'file', path: decodeName(stacked.ledger.paths.path(path)).text, layer };
}
