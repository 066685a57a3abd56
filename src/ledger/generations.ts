import { EntryType } from '../tar/member.ts';
import { fileOf, keepsContent } from './content.ts';
import { type Ending, fateBy } from './fate.ts';
import type { FilePlace, Ledger, State } from './ledger.ts';

/** One content that a path has had. */
export interface ContentGeneration {
  /** From 1, the oldest. */
  readonly number: number;
  /** Where its bytes can be read, oldest copy first: a later layer may have stored them again. */
  readonly places: readonly FilePlace[];
  /** The layer that brought it, and the last that stored it again. */
  readonly born: number;
  readonly renewed: number;
  readonly size: number;
  /** Of the content, where it was computed. */
  readonly sha256: Uint8Array | null;
  readonly state: State;
  /** What ended it; null while it is live. */
  readonly end: { readonly layer: number; readonly how: Ending | 'duplicate'; readonly via: number } | null;
}

type Growing = { -readonly [K in keyof ContentGeneration]: ContentGeneration[K] } & { places: FilePlace[] };

/**
 * The contents that a path has had as a file, from the oldest to the newest. A change of metadata
 * alone, or the same content written again, begins no new one; a deletion ends one, so the same
 * content added again counts anew. A hard link counts as the file that it names.
 */
export function contentGenerations(ledger: Ledger, path: number): ContentGeneration[] {
  const generations: Growing[] = [];
  let current: Growing | null = null;
  for (const event of ledger.line(path)) {
    const layer = ledger.layerOf(event);
    if (current !== null && !keepsContent(ledger, event)) {
      const { how, via } = fateBy(ledger, event);
      current.end = { layer, how, via };
      current = null;
    }
    if (!ledger.isDeletion(event)) generations.push(...duplicates(ledger, path, layer));
    const place = fileOf(ledger, event);
    if (place === null) continue;
    if (current === null) {
      current = begin(ledger, place, layer);
      generations.push(current);
    } else {
      current.places.push(place);
      current.renewed = layer;
      current.sha256 ??= ledger.entriesOf(place.layer).sha256(place.entry);
    }
    current.state = ledger.state(event);
  }
  for (const [i, generation] of generations.entries()) generation.number = i + 1;
  return generations;
}

function begin(ledger: Ledger, place: FilePlace, layer: number): Growing {
  const holder = ledger.entriesOf(place.layer);
  return {
    number: 0,
    places: [place],
    born: layer,
    renewed: layer,
    size: holder.size(place.entry),
    sha256: holder.sha256(place.entry),
    state: 'shadowed',
    end: null,
  };
}

/** Members of the path that a later one of the same tar superseded. */
function duplicates(ledger: Ledger, path: number, layer: number): Growing[] {
  const gone = ledger.isDeletion(ledger.lastEvent(path));
  const found: Growing[] = [];
  for (const { entry, path: named, layer: holder } of ledger.superseded) {
    if (named !== path || holder !== layer || ledger.entriesOf(layer).type(entry) !== EntryType.file)
      continue;
    const generation = begin(ledger, { layer, entry }, layer);
    generation.state = gone ? 'deleted' : 'shadowed';
    generation.end = { layer, how: 'duplicate', via: path };
    found.push(generation);
  }
  return found;
}
