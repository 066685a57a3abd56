import { go } from 'fuzzysort';
import { lineText } from '../line-edit.ts';
import type { ArchiveImage, Model } from '../model.ts';
import type { Overlay } from '../overlay.ts';

/** An image that the switcher offers. */
export interface ImageEntry {
  readonly image: ArchiveImage;
  readonly name: string;
  /** Places of the letters of the name that match. */
  readonly letters: readonly number[];
}

/** What the switcher offers: all images of the archive in its order, or those that match, the best first. */
export function imageEntries(
  { images }: Model,
  { line }: Extract<Overlay, { kind: 'images' }>,
): readonly ImageEntry[] {
  const entries = images.list.map((image): ImageEntry & { readonly more: string } => ({
    image,
    name: image.names === '' ? 'without a name' : image.names,
    more: `${image.index} ${image.platform} ${image.digest}`,
    letters: [],
  }));
  const query = lineText(line);
  if (query.trim() === '') return entries;
  return go(query, entries, { keys: ['name', 'more'], threshold: 0.2 }).map((result) => ({
    ...result.obj,
    letters: result[0]!.score > 0 ? result[0]!.indexes : [],
  }));
}
