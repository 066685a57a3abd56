import { diveFigures } from '../../ledger/dive.ts';
import { findWaste } from '../../ledger/waste.ts';
import type { Check, Failure, Observation } from '../check.ts';
import type { Subject } from '../subject.ts';

/** Less of it is not worth a rebuild. */
const LEAST = 10 << 20;
const SHARE = 0.1;

export const waste: Check = {
  id: 'waste',
  title: 'Bytes that no container sees',
  severities: ['info'],
  sources: ['files'],
  references: ['dive'],
  advice: [
    'Delete a file in the RUN that creates it. Set owner and mode with COPY --chown and --chmod: a later chown or chmod stores the file again. exhume waste <IMAGE> gives advice for each path',
  ],
  run(subject) {
    return [...wasted(subject), ...emptyLayers(subject)];
  },
};

function wasted({ ledger }: Subject): Failure[] {
  const { byPath, bytes, total } = findWaste(ledger);
  if (bytes < LEAST || bytes < total * SHARE) return [];
  const { efficiency } = diveFigures(ledger);
  const worst = byPath.slice(0, 20).flatMap(({ path }) =>
    ledger
      .line(path)
      .filter((event) => !ledger.isDeletion(event))
      .slice(0, 1),
  );
  return [
    {
      key: 'waste',
      severity: 'info',
      reason: `${bytes} of ${total} bytes; dive's efficiency ${efficiency.toFixed(4)}`,
      at: worst.map((event) => ({ kind: 'file', event })),
    },
  ];
}

/** Layers without a single entry or whiteout: a RUN that changed nothing, a folder that was there. */
function emptyLayers({ history, ledger }: Subject): Failure[] {
  const empty = ledger.layers.flatMap((layer, at) => {
    if (layer === null) return [];
    const { count, whiteoutPath } = layer.columns;
    return count === 0 && whiteoutPath.length === 0 ? [at] : [];
  });
  if (empty.length === 0) return [];
  const places = empty.map((layer): Observation => {
    const entry = history.entries.findIndex((each) => each.layer === layer);
    return entry < 0
      ? { kind: 'config', surface: 'config', key: `rootfs.diff_ids[${layer}]` }
      : { kind: 'history', entry };
  });
  return [
    {
      key: 'empty',
      severity: 'info',
      title: 'Layers that hold nothing',
      reason: `${empty.length === 1 ? 'layer' : 'layers'} ${empty.join(', ')}`,
      at: places,
      advice: ['Merge the instruction with another, or leave it out.'],
    },
  ];
}
