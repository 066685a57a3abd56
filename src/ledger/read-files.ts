import { readContents } from '../layer/content.ts';
import { Problem } from '../problem.ts';
import { fileOf } from './content.ts';
import type { Ledger } from './ledger.ts';
import type { StackedImage } from './stacked-image.ts';

export interface ReadFilesOptions {
  /** Contents longer than this many bytes are left out. */
  readonly largest: number;
  readonly signal?: AbortSignal;
}

/**
 * Reads the files that events put at their paths, hard links followed: each layer once, those side by
 * side, a content that several events name once.
 * @param events of any layers, in any order; those that put no regular file are left out of the answer
 * @param stacked told, in `unread`, of what cannot be read
 * @returns content by event; a file that is too long, or whose layer ends before it does, is not in it
 * @throws Problem `cancelled` when the signal fires
 */
export async function readFiles(
  { image, ledger, unread }: Pick<StackedImage, 'image' | 'ledger' | 'unread'>,
  events: Iterable<number>,
  options: ReadFilesOptions,
): Promise<Map<number, Uint8Array>> {
  const contents = new Map<number, Uint8Array>();
  const unknown: number[] = [];
  for (const event of events) {
    const place = fileOf(ledger, event);
    if (place === null) continue;
    const holder = ledger.entriesOf(place.layer);
    if (holder.size(place.entry) > options.largest) continue;
    const kept = holder.content(place.entry);
    if (kept === null) unknown.push(event);
    else contents.set(event, kept);
  }
  await Promise.all(
    [...placesByLayer(ledger, unknown)].map(async ([layer, places]) => {
      const blob = image.layers[layer]?.blob;
      if (blob === null || blob === undefined) return;
      const ordered = [...places].toSorted(([a], [b]) => a - b);
      let chunks: Uint8Array[] = [];
      const sink = {
        chunk(bytes: Uint8Array) {
          chunks.push(bytes.slice());
        },
        end(index: number, complete: boolean) {
          const content = Buffer.concat(chunks);
          chunks = [];
          if (complete) for (const event of ordered[index]![1]) contents.set(event, content);
        },
      };
      try {
        const offsets = ordered.map(([block]) => block * 512);
        const damage = await readContents(blob, offsets, sink, options.signal);
        if (damage?.code === 'unreadable') unread.note(layer, blob, [damage]);
      } catch (error) {
        if (!(error instanceof Problem) || error.code === 'cancelled') throw error;
        unread.note(layer, blob, error);
      }
    }),
  );
  return contents;
}

/** By layer: the events that want a member, by the first block of its header. */
function placesByLayer(ledger: Ledger, events: Iterable<number>): Map<number, Map<number, number[]>> {
  const layers = new Map<number, Map<number, number[]>>();
  for (const event of events) {
    const place = ledger.placeOf(event);
    const places = layers.get(place.layer) ?? new Map<number, number[]>();
    const block = ledger.entriesOf(place.layer).headerBlock(place.entry);
    const wanting = places.get(block);
    if (wanting === undefined) places.set(block, [event]);
    else wanting.push(event);
    layers.set(place.layer, places);
  }
  return layers;
}
