import type { HistoryAlignment } from '../../history/align.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { privilegeOf, privilegeWords } from '../../ledger/privileges.ts';
import { type PrivilegedPath, setuidTimeline } from '../../ledger/setuid.ts';
import type { Masker } from '../../secrets/mask/masker.ts';
import { octalMode } from '../../tar/mode-text.ts';
import { escapeBytes } from '../../text/escape.ts';
import { column } from '../columns/column.ts';
import { layerWords } from './layer-words.ts';
import { type TableRow, type ViewTable, viewTable } from './table.ts';

/** Returns the Setuid view: files that are or were setuid, setgid or have capabilities, and how each layer changed that. */
export function setuidTable(ledger: Ledger, history: HistoryAlignment, masker: Masker): ViewTable {
  const timeline = setuidTimeline(ledger);
  return viewTable<PrivilegedPath>(
    [
      column({ title: 'now', width: 12, cell: ({ events }) => privilege(ledger, events.at(-1)!) }),
      column({
        title: 'path',
        width: null,
        cut: 'start',
        cell: ({ path }) => escapeBytes(ledger.paths.path(path)),
      }),
      column({
        title: 'history',
        width: 44,
        least: 30,
        most: 90,
        cell: ({ events }) =>
          events.map((event) => `${ledger.layerOf(event)} ${privilege(ledger, event)}`).join(' > '),
      }),
    ],
    timeline.paths,
    (path) => setuidRow(ledger, history, path, masker),
    timeline.paths.length === 0
      ? 'No layer has a file that is setuid or setgid or has capabilities.'
      : `${timeline.ever} setuid or setgid in some layer, ${timeline.final} in the final tree; ${timeline.paths.filter((path) => path.capabilitiesEver).length} with capabilities`,
  );
}

function setuidRow(
  ledger: Ledger,
  history: HistoryAlignment,
  { events, path, setuidFinal }: PrivilegedPath,
  masker: Masker,
): Omit<TableRow, 'cells'> {
  return {
    token: setuidFinal ? 'setuid' : 'gone',
    target: { path, layer: ledger.layerOf(events.at(-1)!) },
    detail: events.map(
      (event) =>
        `layer ${ledger.layerOf(event)}: ${privilege(ledger, event)}  ${layerWords(history, ledger.layerOf(event), masker)}`,
    ),
  };
}

/** `4755 setuid`, `0755 cap_net_raw+ep`, `0755`, `deleted`. */
function privilege(ledger: Ledger, event: number): string {
  if (ledger.isDeletion(event)) return 'deleted';
  const { entry, layer } = ledger.placeOf(event);
  const mode = octalMode(ledger.entriesOf(layer).mode(entry));
  const found = privilegeOf(ledger, event);
  return [mode, ...(found === null ? [] : privilegeWords(found.privilege))].join(' ');
}
