import type { Finding } from '../../finding/finding.ts';
import { encodeName } from '../../text/escape.ts';
import type { ExtractPlace } from '../effects.ts';
import type { Model } from '../model.ts';

/** Returns the versions of files that contain the findings, each once, in the order of the findings. */
export function filePlaces({ stacked }: Model, findings: readonly Finding[]): ExtractPlace[] {
  if (stacked === null) return [];
  const { paths } = stacked.ledger;
  const places = new Map<string, ExtractPlace>();
  for (const { occurrences, where } of findings) {
    for (const { layer, path } of [where, ...occurrences.map((each) => each.where)]) {
      if (layer === null || path === null) continue;
      const id = paths.lookup(encodeName(path));
      // An id of 0 is the root: the path is not in any layer.
      if (id > 0) places.set(`${layer}:${id}`, { path: id, layer });
    }
  }
  return [...places.values()];
}
