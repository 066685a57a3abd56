import { EntryType } from '../tar/member.ts';
import type { Ledger } from './ledger.ts';

/** A file's bytes: in which layer, and which entry of it. */
interface ContentPlace {
  readonly layer: number;
  readonly entry: number;
  /** The path where the file was found: a hard link is the file itself, so its own path. */
  readonly path: number;
}

export type Resolution =
  | { readonly kind: 'file'; readonly place: ContentPlace }
  | { readonly kind: 'directory'; readonly path: number }
  | { readonly kind: 'special'; readonly path: number; readonly type: EntryType }
  | { readonly kind: 'dangling'; readonly target: Uint8Array }
  | { readonly kind: 'absent' };

/** As many links as Linux follows before it says ELOOP. */
const MAX_LINKS = 40;

/**
 * Finds the file behind a path, hard links and symbolic links followed inside the image.
 * @param event the event of that path to start from
 */
export function resolveContent(ledger: Ledger, event: number): Resolution {
  let at = event;
  for (let step = 0; step < MAX_LINKS; step++) {
    const { layer, entry } = ledger.placeOf(at);
    const holder = ledger.entriesOf(layer);
    const path = ledger.pathOf(at);
    const type = holder.type(entry);
    switch (type) {
      case EntryType.file:
        return { kind: 'file', place: { layer, entry, path } };
      case EntryType.directory:
        return { kind: 'directory', path };
      // A hard link that comes here names nothing by itself: its target may lie behind a symbolic link.
      case EntryType.hardlink:
      case EntryType.symlink: {
        const link = holder.link(entry);
        const base = type === EntryType.symlink && link[0] !== 0x2f ? ledger.paths.parent(path) : 0;
        const from = ledger.layerOf(at);
        const next = walk(ledger, base, link, from);
        if (next < 0) return { kind: 'dangling', target: link };
        const before = newestEntry(ledger, next, from);
        if (before < 0) return { kind: 'dangling', target: link };
        at = before;
        break;
      }
      default:
        return { kind: 'special', path, type };
    }
  }
  return { kind: 'dangling', target: ledger.paths.path(ledger.pathOf(event)) };
}

/** The newest event of a path that has an entry, in a layer or below it, else in any layer; or -1. */
export function newestEntry(ledger: Ledger, path: number, layer: number): number {
  const event = ledger.eventAt(path, layer);
  if (event >= 0) return ledger.entryEvent(event);
  const last = ledger.lastEvent(path);
  return last < 0 ? -1 : ledger.entryEvent(last);
}

/** Follows a link target from a folder, links to folders on the way included; -1 where a step is missing. */
function walk(ledger: Ledger, from: number, target: Uint8Array, layer: number): number {
  let id = from;
  let steps = 0;
  const pending = segments(target);
  while (pending.length > 0) {
    if (++steps > 4 * MAX_LINKS) return -1;
    const segment = pending.shift()!;
    if (segment.length === 2 && segment[0] === 0x2e && segment[1] === 0x2e) {
      id = ledger.paths.parent(id);
      continue;
    }
    const child = ledger.paths.find(id, segment);
    if (child < 0) return -1;
    const event = newestEntry(ledger, child, layer);
    const holder = event < 0 ? null : ledger.entriesOf(ledger.layerOf(event));
    if (pending.length > 0 && holder !== null && holder.type(ledger.entryOf(event)) === EntryType.symlink) {
      const link = holder.link(ledger.entryOf(event));
      if (link[0] === 0x2f) id = 0;
      pending.unshift(...segments(link));
      continue;
    }
    id = child;
  }
  return id;
}

function segments(path: Uint8Array): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let start = 0; start < path.length;) {
    let end = path.indexOf(0x2f, start);
    if (end < 0) end = path.length;
    const dot = end - start === 1 && path[start] === 0x2e;
    if (end > start && !dot) parts.push(path.subarray(start, end));
    start = end + 1;
  }
  return parts;
}
