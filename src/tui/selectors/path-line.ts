import { Change, Changed, changedNames } from '../../ledger/change.ts';
import { CHANGE_LETTERS, type ChangeLetter } from '../../ledger/change-letters.ts';
import { fileOf } from '../../ledger/content.ts';
import { DeletedBy, type Ledger } from '../../ledger/ledger.ts';
import { otherLiveNames } from '../../ledger/link-groups.ts';
import { EntryType } from '../../tar/member.ts';
import { octalMode } from '../../tar/mode-text.ts';
import { escapeBytes } from '../../text/escape.ts';
import type { Model } from '../model.ts';
import { selectedLayer } from './layer-rows.ts';
import { treeOf } from './tree-of.ts';

/** One change of a path, by one layer. */
export interface Bead {
  readonly event: number;
  readonly layer: number;
  readonly change: Change;
  readonly letter: ChangeLetter;
  /** The change in words, for use before `by` and the instruction: `added`, `mode 0644 to 0600`. Escaped. */
  readonly words: string;
}

/** The history of a path across all layers. */
export interface PathLine {
  readonly path: number;
  /** Escaped. */
  readonly name: string;
  readonly beads: readonly Bead[];
  /** The final state of the path, in words. */
  readonly fate: string;
  readonly isLive: boolean;
}

/** Returns the history of a path. */
export function pathLine(ledger: Ledger, path: number): PathLine {
  const beads = ledger.line(path).map((event): Bead => {
    const change = ledger.change(event);
    return {
      event,
      layer: ledger.layerOf(event),
      change,
      letter: CHANGE_LETTERS[change],
      words: wordsOf(ledger, event),
    };
  });
  const last = beads.at(-1);
  return {
    path,
    name: escapeBytes(ledger.paths.path(path)),
    beads,
    fate: fateOf(ledger, beads),
    isLive: last !== undefined && last.change !== Change.deleted,
  };
}

function wordsOf(ledger: Ledger, event: number): string {
  switch (ledger.change(event)) {
    case Change.added:
      return 'added';
    case Change.readded:
      return 'added again';
    case Change.unchanged:
      return 'rewritten unchanged';
    case Change.replaced:
      return `replaced: ${typeName(ledger, ledger.previousEvent(event))} to ${typeName(ledger, event)},`;
    case Change.deleted:
      return deletionWords(ledger, event);
    case Change.modified:
    case Change.metadata: {
      const changes = changeWords(ledger, event);
      return changes === '' ? 'changed' : `${changes},`;
    }
  }
}

function deletionWords(ledger: Ledger, event: number): string {
  const { via, by } = ledger.deletion(event);
  const name = escapeBytes(ledger.paths.path(via));
  if (by === DeletedBy.opaque) return `removed (${name} made opaque)`;
  if (by === DeletedBy.replacement) return `removed (${name} replaced by another type)`;
  return via === ledger.pathOf(event) ? 'removed' : `removed with ${name}`;
}

function changeWords(ledger: Ledger, event: number): string {
  const before = entryOf(ledger, ledger.entryEvent(ledger.previousEvent(event)));
  const after = entryOf(ledger, event);
  const changed = ledger.changed(event);
  const words: string[] = [];
  if (changed & Changed.content) {
    const unsure = changed & Changed.unverified ? ' (not compared yet)' : '';
    words.push(before.size === after.size ? `content${unsure}` : `content ${before.size} to ${after.size} B`);
  }
  if (changed & Changed.target) words.push('link target');
  if (changed & Changed.device) words.push('device number');
  if (changed & Changed.mode) words.push(`mode ${before.mode} to ${after.mode}`);
  if (changed & Changed.owner) words.push(`owner ${before.owner} to ${after.owner}`);
  if (changed & Changed.xattrs) words.push('extended attributes');
  return words.length > 0 ? words.join(', ') : changedNames(changed).join(', ');
}

function entryOf(ledger: Ledger, event: number): { size: number; mode: string; owner: string } {
  const { entry, layer } = ledger.placeOf(event);
  const holder = ledger.entriesOf(layer);
  return {
    size: holder.size(entry),
    mode: octalMode(holder.mode(entry)),
    owner: `${holder.uid(entry)}:${holder.gid(entry)}`,
  };
}

/** The names of entry types. */
export const TYPE_NAMES: Readonly<Record<EntryType, string>> = {
  [EntryType.file]: 'file',
  [EntryType.directory]: 'directory',
  [EntryType.symlink]: 'symbolic link',
  [EntryType.hardlink]: 'hard link',
  [EntryType.character]: 'character device',
  [EntryType.block]: 'block device',
  [EntryType.fifo]: 'named pipe',
};

/** Returns the type of the entry of an event, or of the entry that it deleted. Hard links have the type of their target. */
function typeName(ledger: Ledger, event: number): string {
  const { entry, layer } = ledger.placeOf(ledger.entryEvent(event));
  return TYPE_NAMES[ledger.entriesOf(layer).type(entry)];
}

function fateOf(ledger: Ledger, beads: readonly Bead[]): string {
  const last = beads.at(-1);
  if (last === undefined) return 'no entry in any layer; implied by the paths below it';
  const older = beads.filter(
    ({ change, event }) =>
      event !== last.event && change !== Change.deleted && fileOf(ledger, event) !== null,
  );
  const from = older.length === 0 ? '' : layersText(older.map(({ layer }) => layer));
  const names = namesText(ledger, last.event);
  if (last.change !== Change.deleted) {
    return `exists${names === '' ? '' : `, also as ${names}`}${from === '' ? '' : `, older version in ${from}`}`;
  }
  if (names !== '') return `deleted, still exists as ${names}`;
  return from === '' ? 'deleted' : `deleted, recoverable from ${from}`;
}

/** Returns one other live name of the same file, and how many more there are. */
function namesText(ledger: Ledger, event: number): string {
  const [name, ...more] = otherLiveNames(ledger, ledger.entryEvent(event));
  if (name === undefined) return '';
  const text = escapeBytes(ledger.paths.path(name));
  return more.length === 0 ? text : `${text} and ${more.length} more`;
}

function layersText(layers: readonly number[]): string {
  if (layers.length === 1) return `layer ${layers[0]}`;
  return `layers ${layers.slice(0, -1).join(', ')} and ${layers.at(-1)}`;
}

/** Returns the history of the selected path; null if no path is selected. */
export function selectedLine(model: Model): PathLine | null {
  const tree = treeOf(model);
  if (tree === null || model.stacked === null || model.tree.cursor < 0) return null;
  if (model.tree.cursor >= tree.shown.columns.count) return null;
  return pathLine(model.stacked.ledger, model.tree.cursor);
}

/** Returns the index of the selected bead: the chosen one, else the newest in or below the selected layer. */
export function selectedBead(model: Model, line: PathLine): number {
  if (line.beads.length === 0) return -1;
  if (model.bead !== null) return Math.min(model.bead, line.beads.length - 1);
  const layer = selectedLayer(model);
  if (layer === null || model.tree.reading === 'final') return line.beads.length - 1;
  const at = line.beads.findLastIndex((bead) => bead.layer <= layer);
  return at < 0 ? 0 : at;
}
