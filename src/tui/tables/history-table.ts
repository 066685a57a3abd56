import type { HistoryAlignment } from '../../history/align.ts';
import { maskSecrets } from '../../secrets/mask.ts';
import { layerCounts } from '../../ledger/diff.ts';
import type { StackedImage } from '../../ledger/stacked-image.ts';
import { escapeText } from '../../text/escape.ts';
import { humanSize } from '../../text/size.ts';
import { column, type TableRow, type ViewTable } from './table.ts';

/** Every history entry, with the layer that it made. */
export function historyTable(stacked: StackedImage, history: HistoryAlignment): ViewTable {
  return {
    columns: [
      column('#', 3, 'right'),
      column('layer', 5, 'right'),
      column('created', 19),
      column('size', 6, 'right'),
      column('instruction', null),
    ],
    rows: history.entries.map((entry): TableRow => {
      const reading = entry.layer === null ? null : stacked.layers[entry.layer];
      const counts = entry.layer === null ? null : layerCounts(stacked.ledger, entry.layer);
      return {
        cells: [
          String(entry.index),
          entry.layer === null ? '.' : String(entry.layer),
          escapeText(entry.created?.slice(0, 19).replace('T', ' ') ?? '-'),
          reading?.tarSize == null ? '' : humanSize(reading.tarSize),
          escapeText(maskSecrets(entry.instruction)),
        ],
        token: entry.layer === null ? 'dim' : 'text',
        target: entry.layer === null ? null : { path: 0, layer: entry.layer },
        detail: [
          escapeText(maskSecrets(entry.instruction)),
          ...(counts === null
            ? ['made no layer']
            : [
                `layer ${entry.layer}: ${counts.added} added, ${counts.modified} modified, ${counts.deleted} deleted`,
              ]),
          ...(entry.comment === null || entry.comment === ''
            ? []
            : [`comment: ${escapeText(entry.comment)}`]),
          ...(entry.author === null || entry.author === '' ? [] : [`author: ${escapeText(entry.author)}`]),
        ],
      };
    }),
    summary: history.reason === null ? `${history.entries.length} entries` : escapeText(history.reason),
  };
}
