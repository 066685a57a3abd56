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
const NEWLINE = 0x0a;
const VISIBLE = ['live', 'shadowed', 'deleted'];

/** A path with what stands in it. */
interface NamedEvent {
  readonly event: number;
  readonly name: Buffer;
  readonly start: number;
}

/** Paths one behind the other, each with a line feed after it. */
interface Batch {
  readonly bytes: Buffer;
  readonly events: readonly number[];
  readonly starts: readonly number[];
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
    for (const hit of matcher.matchWhole(batch.bytes)) {
      const named = namedAt(batch, hit.start);
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

/** The path in which an offset of a batch lies. */
function namedAt({ bytes, events, starts }: Batch, offset: number): NamedEvent {
  const index = starts.findLastIndex((start) => start <= offset);
  const start = starts[index]!;
  const end = (starts[index + 1] ?? bytes.length) - 1;
  return { event: events[index]!, name: bytes.subarray(start, end), start };
}

/** A batch is valid until the next one is asked for. */
function* batches(ledger: Ledger): Generator<Batch, void> {
  let bytes = Buffer.allocUnsafe(AT_ONCE + (AT_ONCE >> 2));
  let events: number[] = [];
  let starts: number[] = [];
  let size = 0;
  for (let event = 0; event < ledger.eventCount; event++) {
    if (ledger.isDeletion(event)) continue;
    const name = ledger.paths.path(ledger.pathOf(event));
    const end = size + name.length;
    if (end >= bytes.length) bytes = Buffer.concat([bytes], 2 * (end + 1));
    events.push(event);
    starts.push(size);
    bytes.set(name, size);
    bytes[end] = NEWLINE;
    size = end + 1;
    if (size < AT_ONCE) continue;
    yield { bytes: bytes.subarray(0, size), events, starts };
    events = [];
    starts = [];
    size = 0;
  }
  if (events.length > 0) yield { bytes: bytes.subarray(0, size), events, starts };
}
