import type { Ledger } from '../ledger/ledger.ts';
import { decodeName } from '../text/escape.ts';
import type { FilePlace, FilePlaces } from './file-places.ts';
import { maskSecrets } from './mask.ts';
import { Matcher } from './matcher.ts';
import { demotionOf, type FoundSecret, placeOn } from './occurrence.ts';
import type { RawHit } from './raw-hit.ts';
import type { Rule } from './rule.ts';

/** Bytes of names that are looked through at once: whole names, some more than this. */
const AT_ONCE = 1024 * 1024;
const NEWLINE = Buffer.from('\n');
const VISIBLE = ['live', 'shadowed', 'deleted'];

/** A name with what stands in it. */
interface NamedEvent {
  readonly event: number;
  readonly name: Buffer;
  readonly start: number;
}

/**
 * Looks through the names of all files and folders of every layer. Only forms of their own count there:
 * a name such as `password-reset.js` says nothing.
 * @returns one for each layer and each part of a path that holds a credential
 */
export function scanNames(ledger: Ledger, places: FilePlaces, rules: readonly Rule[]): FoundSecret[] {
  const strong = rules.filter((rule) => rule.strong && rule.family !== 'assignments');
  const matcher = new Matcher(strong);
  const found = new Map<string, FoundSecret>();
  for (const batch of batches(ledger)) {
    const bytes = Buffer.concat(batch.flatMap(({ name }) => [name, NEWLINE]));
    for (const hit of matcher.matchWhole(bytes)) {
      const named = batch.findLast(({ start }) => start <= hit.start)!;
      if (hit.end > named.start + named.name.length) continue;
      add(found, hit, named, places.at(named.event));
    }
  }
  return [...found.values()];
}

/** A folder's name stands in the path of everything below it, and is told once. */
function add(found: Map<string, FoundSecret>, hit: RawHit, named: NamedEvent, facts: FilePlace): void {
  const slash = named.name.indexOf('/', hit.end - named.start);
  const part = slash < 0 ? named.name : named.name.subarray(0, slash);
  const { layer, path, ...rest } = facts;
  const place = slash < 0 ? path : decodeName(part).text;
  const key = `${layer}\0${place}\0${hit.start - named.start}`;
  const before = found.get(key);
  if (before !== undefined && VISIBLE.indexOf(before.occurrence.state) <= VISIBLE.indexOf(facts.state))
    return;
  const where = placeOn({ surface: 'file', layer, path: maskSecrets(place), key: 'name' });
  found.set(key, { hit, occurrence: { where, ...rest }, demoted: demotionOf(hit) });
}

function* batches(ledger: Ledger): Generator<NamedEvent[], void> {
  let batch: NamedEvent[] = [];
  let size = 0;
  for (let event = 0; event < ledger.eventCount; event++) {
    if (ledger.isDeletion(event)) continue;
    const name = Buffer.from(ledger.paths.path(ledger.pathOf(event)));
    batch.push({ event, name, start: size });
    size += name.length + 1;
    if (size < AT_ONCE) continue;
    yield batch;
    batch = [];
    size = 0;
  }
  if (batch.length > 0) yield batch;
}
