import type { Model } from '../model.ts';
import { rowOfEntry, selectedEntry } from '../selectors/history-rows.ts';
import { layerRows, rowLike } from '../selectors/layer-rows.ts';
import { type Step, step, told } from './step.ts';

/**
 * Hides what the base brought, in every view, or shows it again: its layers and its history entries
 * become one row each, its files, ghosts and findings are left out.
 */
export function withBaseHidden(model: Model): Step {
  if (model.baseLayers === 0) {
    return step(told(model, 'which layers are the base is not known; start with --base IMAGE to tell'));
  }
  const isHidden = model.tree.show.base;
  const entry = selectedEntry(model);
  const selected = layerRows(model)[model.layers.row];
  const { filter } = model.findings;
  const turned: Model = {
    ...model,
    tree: { ...model.tree, show: { ...model.tree.show, base: !isHidden } },
    layers: { ...model.layers, baseOpen: isHidden ? false : model.layers.baseOpen },
    findings: { ...model.findings, filter: { ...filter, origin: isHidden ? 'application' : null } },
  };
  const row = rowOfEntry(turned, entry);
  const placed: Model = {
    ...turned,
    layers: { ...turned.layers, row: rowLike(turned, selected) },
    lists: { ...turned.lists, history: { ...turned.lists.history, row } },
  };
  return step(told(placed, isHidden ? 'the base is hidden; B shows it again' : 'the base is shown'));
}
