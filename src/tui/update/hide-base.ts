import type { Model } from '../model.ts';
import { rowOfEntry, selectedEntry } from '../selectors/history-rows.ts';
import { layerRows, rowLike } from '../selectors/layer-rows.ts';
import { type Step, step, told } from './step.ts';

/**
 * Hides or shows what the base image added, in every view. Hidden, its layers and its history entries are
 * one row each; its files, deleted files and findings are left out.
 */
export function withBaseHidden(model: Model): Step {
  if (model.baseLayers === 0) {
    return step(told(model, 'the base image is unknown; start with --base IMAGE'));
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
  return step(told(placed, isHidden ? 'base hidden; B shows it' : 'base shown'));
}
