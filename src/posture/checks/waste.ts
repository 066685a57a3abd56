import { diveFigures } from '../../ledger/dive.ts';
import { findWaste } from '../../ledger/waste.ts';
import { exactSize } from '../../text/size.ts';
import type { Check, Failure, Observation } from '../check.ts';
import type { Subject } from '../subject.ts';

/** Less wasted space, in bytes, is not reported. */
const MIN_BYTES = 10 << 20;
/** A smaller fraction of the layer bytes is not reported. */
const MIN_FRACTION = 0.1;

export const waste: Check = {
  id: 'waste',
  title: 'Wasted space',
  severities: ['info'],
  sources: ['files'],
  references: ['dive'],
  advice: [
    'Delete a file in the RUN that creates it. Set owner and mode with COPY --chown and --chmod: a later chown or chmod stores the file again. exhume waste <IMAGE> gives advice for each path.',
  ],
  run(subject) {
    return [...wasted(subject), ...emptyLayers(subject)];
  },
};

function wasted({ ledger }: Subject): Failure[] {
  const { byPath, bytes, total } = findWaste(ledger);
  if (bytes < MIN_BYTES || bytes < total * MIN_FRACTION) return [];
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
      reason: `${exactSize(bytes)} of ${exactSize(total)} bytes wasted; efficiency as in dive: ${efficiency.toFixed(4)}`,
      at: worst.map((event) => ({ kind: 'file', event })),
    },
  ];
}

/** Reports layers without entries and whiteouts, as from a RUN that changed nothing. */
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
      title: 'Empty layer',
      reason: `${empty.length === 1 ? 'layer' : 'layers'} ${empty.join(', ')}`,
      at: places,
      advice: ['Merge the instruction with another one, or remove it.'],
    },
  ];
}
