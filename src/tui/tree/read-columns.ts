import { Change } from '../../ledger/change.ts';
import { changeBetween } from '../../ledger/change-between.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { ROOT } from '../../layer/path-table.ts';
import { EntryType } from '../../tar/member.ts';
import { Mark, MARK_OF_CHANGE } from './mark.ts';
import type { Reading } from './reading.ts';
import { countLinksOnce } from './seen.ts';
import type { TreeColumns } from './tree-columns.ts';

/**
 * Builds the columns of a reading. One pass over the events of the layers, and one over the paths in reverse order:
 * directories come before their contents, so sums propagate upwards.
 */
export function readColumns(ledger: Ledger, reading: Reading): TreeColumns {
  const columns = emptyColumns(ledger, reading);
  switch (reading.kind) {
    case 'changes':
      markLayer(columns, reading.layer);
      break;
    case 'after':
      replay(columns, reading.layer, (layer) => layer === reading.layer);
      break;
    case 'final':
      replay(columns, ledger.layers.length - 1, () => false, true);
      break;
    case 'between':
      markBetween(columns, reading.from, reading.to);
      break;
  }
  countLinksOnce(columns);
  sumFolders(columns);
  return columns;
}

function emptyColumns(ledger: Ledger, reading: Reading): TreeColumns {
  const count = ledger.columns.last.length;
  return {
    ledger,
    reading,
    count,
    mark: new Uint8Array(count),
    event: new Uint32Array(count),
    holder: new Uint16Array(count),
    size: new Float64Array(count),
    gone: new Float64Array(count),
    lost: new Float64Array(count),
  };
}

function markLayer(columns: TreeColumns, layer: number): void {
  const { ledger } = columns;
  const { path, change } = ledger.columns;
  const [start, end] = ledger.eventsOf(layer);
  for (let event = start; event < end; event++) {
    const id = path[event]!;
    if (change[event] === Change.deleted) markDeleted(columns, id, event);
    else place(columns, id, event, layer, MARK_OF_CHANGE[change[event] as Change]);
  }
}

/**
 * Builds the tree after layer `top`, from there down: the first event of a path is its current state. Changes by
 * layers for which `marks` holds are marked; all else is unchanged.
 */
function replay(
  columns: TreeColumns,
  top: number,
  marks: (layer: number) => boolean,
  keepDeleted = false,
): void {
  const { ledger } = columns;
  const { path, change } = ledger.columns;
  const seen = new Uint8Array(columns.count);
  for (let layer = top; layer >= 0; layer--) {
    const [start, end] = ledger.eventsOf(layer);
    const marked = marks(layer);
    for (let event = start; event < end; event++) {
      const id = path[event]!;
      if (seen[id] === 1) continue;
      seen[id] = 1;
      if (change[event] !== Change.deleted) {
        place(columns, id, event, layer, marked ? MARK_OF_CHANGE[change[event] as Change] : Mark.unchanged);
      } else if (marked || keepDeleted) {
        markDeleted(columns, id, event);
      }
    }
  }
}

function markBetween(columns: TreeColumns, from: number, to: number): void {
  const { ledger, mark, event } = columns;
  replay(columns, from, () => false);
  const before = event.slice();
  const { path, change } = ledger.columns;
  const touched = new Set<number>();
  for (let layer = from + 1; layer <= to; layer++) {
    const [start, end] = ledger.eventsOf(layer);
    for (let at = start; at < end; at++) {
      const id = path[at]!;
      touched.add(id);
      if (change[at] === Change.deleted) remove(columns, id);
      else place(columns, id, at, layer, Mark.unchanged);
    }
  }
  for (const id of touched) {
    const old = before[id]! - 1;
    const now = event[id]! - 1;
    if (old < 0 && now >= 0) mark[id] = Mark.added;
    else if (old >= 0 && now < 0) showRemoved(columns, id, old);
    else if (old >= 0) mark[id] = MARK_OF_CHANGE[changeBetween(ledger, old, now)];
  }
}

function place(columns: TreeColumns, id: number, event: number, layer: number, mark: Mark): void {
  const { ledger } = columns;
  const entries = ledger.entriesOf(layer);
  const entry = ledger.entryOf(event);
  columns.mark[id] = mark;
  columns.event[id] = event + 1;
  columns.holder[id] = layer;
  const bytes = entries.type(entry) === EntryType.file ? entries.size(entry) : 0;
  columns.size[id] = bytes;
  columns.gone[id] = 0;
  columns.lost[id] = ledger.columns.last[id]! - 1 === event ? 0 : bytes;
}

function remove(columns: TreeColumns, id: number): void {
  columns.mark[id] = Mark.none;
  columns.event[id] = 0;
  columns.size[id] = 0;
  columns.gone[id] = 0;
  columns.lost[id] = 0;
}

function markDeleted(columns: TreeColumns, id: number, deletion: number): void {
  showRemoved(columns, id, columns.ledger.previousEvent(deletion));
}

/** Shows the entry of an event as deleted. */
function showRemoved(columns: TreeColumns, id: number, event: number): void {
  place(columns, id, event, columns.ledger.layerOf(event), Mark.deleted);
  columns.gone[id] = columns.size[id]!;
  columns.size[id] = 0;
  columns.lost[id] = 0;
}

function sumFolders({ ledger, count, mark, size, gone, lost }: TreeColumns): void {
  const { parents } = ledger.paths;
  for (let id = count - 1; id > ROOT; id--) {
    if (mark[id] === Mark.none) continue;
    const parent = parents[id]!;
    if (mark[parent] === Mark.none) mark[parent] = Mark.leads;
    size[parent]! += size[id]!;
    gone[parent]! += gone[id]!;
    lost[parent]! += lost[id]!;
  }
}
