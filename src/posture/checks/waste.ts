import { diveFigures } from '../../ledger/dive.ts';
import { findWaste } from '../../ledger/waste.ts';
import type { Check } from '../check.ts';

/** Less of it is not worth a rebuild. */
const LEAST = 10 << 20;
const SHARE = 0.1;

export const waste: Check = {
  id: 'waste',
  title: 'Bytes that no container sees',
  looksAt: ['files'],
  references: ['dive'],
  advice: ['Create and delete in the same RUN; exhume waste <IMAGE> lists them by layer and path'],
  run({ ledger }) {
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
  },
};
