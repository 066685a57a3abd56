import { incompleteLayers, incompleteOf } from '../ledger/incomplete.ts';
import type { LayerReading } from '../ledger/stacked-image.ts';
import type { Source } from './check.ts';
import type { Subject } from './subject.ts';

/**
 * Returns why a check without findings does not count as passed; null if all its sources are complete.
 * For example, an image without a history does not show whether it was built with sudo.
 */
export function gapIn(subject: Subject, sources: readonly Source[]): string | null {
  const { history, stacked } = subject;
  if (sources.includes('files')) {
    const unread = unreadLayers({ stacked });
    if (unread !== null) return unread;
  }
  if (!sources.includes('history')) return null;
  if (history.entries.length === 0) return 'the image has no history';
  if (history.instructions.every(({ keyword }) => keyword === null)) {
    return 'the history has no Dockerfile instructions';
  }
  return layersWithoutInstruction(subject);
}

/** Returns a reason if layers above the base have no instruction, as with jib, ko, rules_oci and `docker commit`. */
function layersWithoutInstruction({ history, origins }: Subject): string | null {
  const explained = new Set(
    history.entries.flatMap(({ layer }, entry) =>
      layer === null || history.instructions[entry]!.keyword === null ? [] : [layer],
    ),
  );
  const missing = origins.flatMap((origin, layer) =>
    origin === 'base' || explained.has(layer) ? [] : [layer],
  );
  if (missing.length === 0) return null;
  return `no instruction is recorded for ${missing.length === 1 ? 'layer' : 'layers'} ${missing.join(', ')}`;
}

/** Returns which layers could not be read completely, as a reason; null if all were read. */
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
