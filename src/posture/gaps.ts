import { incompleteLayers, incompleteOf } from '../ledger/incomplete.ts';
import type { LayerReading } from '../ledger/stacked-image.ts';
import type { Source } from './check.ts';
import type { Subject } from './subject.ts';

/**
 * Why looking there and finding nothing proves nothing; null where all of it is there to be looked at.
 * An image without a history has not been built without sudo: it does not tell.
 */
export function gapIn(subject: Subject, sources: readonly Source[]): string | null {
  const { history, stacked } = subject;
  if (sources.includes('files')) {
    const unread = unreadLayers({ stacked });
    if (unread !== null) return unread;
  }
  if (!sources.includes('history')) return null;
  if (history.entries.length === 0) return 'the image records no history';
  if (history.instructions.every(({ keyword }) => keyword === null)) {
    return 'the history holds no instructions of a Dockerfile';
  }
  return silentLayers(subject);
}

/** Layers above the base of which no instruction tells: of jib and ko, of a committed container, of rules_oci. */
function silentLayers({ history, origins }: Subject): string | null {
  const told = new Set(
    history.entries.flatMap(({ layer }, entry) =>
      layer === null || history.instructions[entry]!.keyword === null ? [] : [layer],
    ),
  );
  const silent = origins.flatMap((origin, layer) => (origin === 'base' || told.has(layer) ? [] : [layer]));
  if (silent.length === 0) return null;
  return `no instruction tells what made ${silent.length === 1 ? 'layer' : 'layers'} ${silent.join(', ')}`;
}

/** Which layers could not be read, or not to their ends, as a reason; null if all could be. */
export function unreadLayers({ stacked }: Pick<Subject, 'stacked'>): string | null {
  const incomplete = incompleteLayers(stacked);
  const isUnread = ({ status }: LayerReading, layer: number): boolean =>
    status === 'waiting' || status === 'reading' || incomplete.includes(layer);
  const unread = stacked.layers.flatMap((reading, layer) => (isUnread(reading, layer) ? [layer] : []));
  if (unread.length === 0) {
    return (
      incompleteOf(stacked).find(({ layer, what }) => layer === null && what === 'layer')?.reason ?? null
    );
  }
  const which = unread.length === 1 ? `layer ${unread[0]}` : `layers ${unread.join(', ')}`;
  return `${which} could not be read`;
}
