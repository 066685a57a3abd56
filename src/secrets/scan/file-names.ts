import type { FilePlace, FilePlaces } from '../../finding/file-places.ts';
import { compareStates } from '../../finding/state.ts';
import { placeOn } from '../../finding/where.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { decodeName } from '../../text/escape.ts';
import type { Masker } from '../mask/masker.ts';
import type { ContentMatcher } from '../match/matcher.ts';
import type { RawHit } from '../raw-hit.ts';
import { suppressionOf, type FoundSecret } from './found-secret.ts';
import { type BatchedText, type PlacedText, textBatches } from './text-batches.ts';

/**
 * Scans the names of all files and directories of every layer. Only rules with a distinctive format apply: a
 * name such as `password-reset.js` is not a secret.
 * @returns one hit for each layer and path segment that contains a credential
 */
export function scanNames(
  ledger: Ledger,
  places: FilePlaces,
  matcher: ContentMatcher,
  masker: Masker,
): FoundSecret[] {
  const found = new Map<string, FoundSecret>();
  for (const batch of textBatches(paths(ledger))) {
    for (const hit of matcher.matchWhole(batch.bytes, 'strong')) {
      const named = batch.at(hit.start);
      if (hit.end > named.start + named.text.length) continue;
      add(found, hit, named, places.at(named.owner), masker);
    }
  }
  return [...found.values()];
}

/** Yields the path of each event that is not a deletion. */
function* paths(ledger: Ledger): Generator<BatchedText<number>, undefined> {
  for (let event = 0; event < ledger.eventCount; event++) {
    if (!ledger.isDeletion(event)) yield { owner: event, text: ledger.paths.path(ledger.pathOf(event)) };
  }
}

/** A directory's name is part of the path of everything below it, but is reported once. */
function add(
  found: Map<string, FoundSecret>,
  hit: RawHit,
  named: PlacedText<number>,
  facts: FilePlace,
  masker: Masker,
): void {
  const slash = named.text.indexOf('/', hit.end - named.start);
  const part = slash < 0 ? named.text : named.text.subarray(0, slash);
  const { layer, path, ...rest } = facts;
  const place = slash < 0 ? path : decodeName(part).text;
  const key = `${layer}\0${place}\0${hit.start - named.start}`;
  const before = found.get(key);
  if (before !== undefined && compareStates(before.occurrence.state, facts.state) <= 0) return;
  const where = placeOn({ surface: 'file', layer, path: masker.mask(place), key: 'name' });
  found.set(key, { hit, occurrence: { where, ...rest }, suppressed: suppressionOf(hit) });
}
