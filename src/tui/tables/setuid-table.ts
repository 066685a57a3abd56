import type { HistoryAlignment } from '../../history/align.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { privilegeOf, privilegeWords } from '../../ledger/privileges.ts';
import { type PrivilegedPath, setuidTimeline } from '../../ledger/setuid.ts';
import type { Masker } from '../../secrets/mask/masker.ts';
import { escapeBytes } from '../../text/escape.ts';
import { layerWords } from './layer-words.ts';
import { column, type TableRow, type ViewTable, yielding } from './table.ts';

/** Files that are or were setuid, setgid or given capabilities, with what each layer did to that. */
export function setuidTable(ledger: Ledger, history: HistoryAlignment, masker: Masker): ViewTable {
  const timeline = setuidTimeline(ledger);
  return {
    columns: [
      column('now', 12),
      column('path', null, 'left', 'start'),
      yielding('through the layers', 44, 30, 90),
    ],
    rows: timeline.paths.map((path) => setuidRow(ledger, history, path, masker)),
    summary:
      timeline.paths.length === 0
        ? 'No layer has a file that is setuid, setgid or given capabilities.'
        : `${timeline.ever} setuid or setgid in some layer, ${timeline.final} in the final tree; ${timeline.paths.filter((path) => path.capabilitiesEver).length} with capabilities`,
  };
}

function setuidRow(
  ledger: Ledger,
  history: HistoryAlignment,
  privileged: PrivilegedPath,
  masker: Masker,
): TableRow {
  const steps = privileged.events.map((event) => `${ledger.layerOf(event)} ${privilege(ledger, event)}`);
  const last = privileged.events.at(-1)!;
  const now = privilege(ledger, last);
  return {
    cells: [now, escapeBytes(ledger.paths.path(privileged.path)), steps.join(' > ')],
    token: privileged.setuidFinal ? 'setuid' : 'ghost',
    target: { path: privileged.path, layer: ledger.layerOf(last) },
    detail: privileged.events.map(
      (event) =>
        `layer ${ledger.layerOf(event)}: ${privilege(ledger, event)}  ${layerWords(history, ledger.layerOf(event), masker)}`,
    ),
  };
}

/** `4755 setuid`, `0755 cap_net_raw+ep`, `0755`, `deleted`. */
function privilege(ledger: Ledger, event: number): string {
  if (ledger.isDeletion(event)) return 'deleted';
  const { entry, layer } = ledger.placeOf(event);
  const mode = ledger.entriesOf(layer).mode(entry).toString(8).padStart(4, '0');
  const found = privilegeOf(ledger, event);
  return [mode, ...(found === null ? [] : privilegeWords(found.privilege))].join(' ');
}
