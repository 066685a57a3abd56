import { go } from 'fuzzysort';
import { lineText } from '../line-edit.ts';
import type { ArchiveImage, Model } from '../model.ts';
import type { Overlay } from '../overlay.ts';

/** An image in the switcher. */
export interface ImageEntry {
  readonly image: ArchiveImage;
  readonly name: string;
  /** Indexes of the matching letters of the name. */
  readonly letters: readonly number[];
}

/** Returns the images of the archive in their order, or those that match the query, best first. */
export function imageEntries(
  { images }: Model,
  { line }: Extract<Overlay, { kind: 'images' }>,
): readonly ImageEntry[] {
  const entries = images.list.map((image): ImageEntry & { readonly more: string } => ({
    image,
    name: image.names === '' ? '(no name)' : image.names,
    more: `${image.index + 1} ${image.platform} ${image.digest}`,
    letters: [],
  }));
  const query = lineText(line);
  if (query.trim() === '') return entries;
  return go(query, entries, { keys: ['name', 'more'], threshold: 0.2 }).map((result) => ({
    ...result.obj,
    letters: result[0]!.score > 0 ? result[0]!.indexes : [],
  }));
}
