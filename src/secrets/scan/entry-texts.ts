import type { FilePlaces } from '../../finding/file-places.ts';
import { placeOn } from '../../finding/where.ts';
import { sparseGet } from '../../layer/sparse-bytes.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { EntryType } from '../../tar/member.ts';
import type { Masker } from '../mask/masker.ts';
import type { ContentMatcher } from '../match/matcher.ts';
import { suppressionOf, type FoundSecret } from './found-secret.ts';
import { type BatchedText, textBatches } from './text-batches.ts';

/** A text of a tar entry besides its name and content. */
interface EntryText {
  readonly layer: number;
  readonly entry: number;
  /** `link target`, or `xattr` and its name. */
  readonly key: string;
}

/**
 * Scans the targets of symbolic links and the extended attributes of all layers. Only rules with a
 * distinctive format apply there.
 */
export function scanEntryTexts(
  ledger: Ledger,
  places: FilePlaces,
  matcher: ContentMatcher,
  masker: Masker,
): FoundSecret[] {
  const found: FoundSecret[] = [];
  for (const batch of textBatches(entryTexts(ledger))) {
    for (const hit of matcher.matchWhole(batch.bytes, 'strong')) {
      const { owner, start, text } = batch.at(hit.start);
      if (hit.end > start + text.length) continue;
      const block = ledger.entriesOf(owner.layer).headerBlock(owner.entry);
      for (const { layer, path, ...facts } of places.of(owner.layer, block)) {
        const where = placeOn({ surface: 'file', layer, path, key: masker.mask(owner.key) });
        found.push({ hit, occurrence: { where, ...facts }, suppressed: suppressionOf(hit) });
      }
    }
  }
  return found;
}

function* entryTexts({ layers }: Ledger): Generator<BatchedText<EntryText>, undefined> {
  for (const [layer, entries] of layers.entries()) {
    if (entries === null) continue;
    const { extras, links, type } = entries.columns;
    for (const entry of links.keys) {
      if (type[entry] !== EntryType.symlink) continue;
      yield { owner: { layer, entry, key: 'link target' }, text: sparseGet(links, entry)! };
    }
    for (const [entry, { xattrs }] of extras) {
      for (const [name, text] of xattrs ?? []) yield { owner: { layer, entry, key: `xattr ${name}` }, text };
    }
  }
}
