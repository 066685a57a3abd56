import type { Model } from '../model.ts';
import { withLayer, withPath } from './go.ts';

/** Restores the saved position once all layers have been read. */
export function withKeptPlace(model: Model): Model {
  const { kept, stacked } = model;
  if (kept === null || stacked === null || !stacked.complete) return model;
  const { layer, path } = kept;
  const there = layer === null ? model : withLayer(model, layer);
  const id = path === null ? -1 : stacked.ledger.paths.lookup(Buffer.from(path, 'base64'));
  const placed = id > 0 ? withPath(there, id, null) : there;
  return { ...placed, view: kept.view, focus: kept.focus, message: model.message, kept: null };
}
