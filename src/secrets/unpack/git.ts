import { createHash } from 'node:crypto';
import type { Budget } from './budget.ts';
import type { Coverage } from './coverage.ts';
import type { InnerContent } from './inner-content.ts';
import type { WholeInflater } from './whole-inflater.ts';
import { inflateZlib } from './zlib-stream.ts';

/** Object types in a pack (gitformat-pack(5)). */
const KINDS: Readonly<Record<number, string>> = { 1: 'commit', 2: 'tree', 3: 'blob', 4: 'tag' };
const OFFSET_DELTA = 6;
const REFERENCE_DELTA = 7;
const ID_LENGTH = 20;
const PACK_HEADER = 12;
/** Memory limit for objects while deltas are resolved. The rest of the pack is not unpacked. */
const MAX_KEPT = 256 * 1024 * 1024;

interface GitObject {
  readonly kind: string;
  readonly bytes: Uint8Array;
}

/** The unpacked data of an entry. */
interface Part {
  /** Offset of the entry in the pack. */
  readonly at: number;
  readonly bytes: Uint8Array;
}

interface Delta extends Part {
  readonly base: number | string;
}

/**
 * Reads a loose object: a zlib stream of `blob LENGTH\0` and the content.
 * @param coverage receives the stream if it is complete
 * @returns null if it is not a loose object; valid until the inflater is used again
 */
export function looseObject(
  bytes: Uint8Array,
  path: string | null,
  budget: Budget,
  inflater: WholeInflater,
  coverage: Coverage,
): InnerContent | null {
  const made = inflateZlib(bytes, inflater, budget, 0);
  if (made === null) return null;
  const start = Buffer.from(made.bytes.buffer, made.bytes.byteOffset, made.bytes.length).toString(
    'latin1',
    0,
    40,
  );
  const head = /^(?:blob|commit|tag|tree) \d+\0/.exec(start);
  if (head === null) return null;
  budget.take(made.bytes.length);
  if (made.ended) coverage.add(0, made.stored);
  const id = (path ?? '').split('/').slice(-2).join('');
  return { step: `git:${id}`, path: null, bytes: made.bytes.subarray(head[0].length) };
}

/**
 * Returns the objects of a pack with deltas resolved. A blob gets its path from a tree in the same pack. A
 * delta that cannot be resolved is returned as it is: it contains the text that it adds.
 * @param coverage receives the entries that were read
 * @returns null if it is not a readable pack
 */
export function packObjects(
  bytes: Uint8Array,
  budget: Budget,
  inflater: WholeInflater,
  coverage: Coverage,
): InnerContent[] | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < PACK_HEADER || view.getUint32(4) < 2 || view.getUint32(4) > 3) return null;
  const pack = new Pack(bytes, view.getUint32(8), budget, inflater, coverage);
  const objects = pack.read();
  const names = new Map<string, string>();
  for (const { kind, bytes: content } of objects.values()) if (kind === 'tree') namesOf(content, names);
  const found: InnerContent[] = [];
  for (const [id, { bytes: content }] of objects) {
    const name = names.get(id);
    found.push({ step: `git:${id}`, path: name === undefined ? null : `/${name}`, bytes: content });
  }
  for (const { at, bytes: content } of pack.parts) {
    found.push({ step: `git:a part at ${at}`, path: null, bytes: content });
  }
  return found;
}

/** Reads a pack from its start: the end of each entry is the start of the next. */
class Pack {
  readonly #bytes: Uint8Array;
  readonly #count: number;
  readonly #budget: Budget;
  readonly #inflater: WholeInflater;
  readonly #coverage: Coverage;
  readonly #byId = new Map<string, GitObject>();
  readonly #byOffset = new Map<number, GitObject>();
  readonly #deltas: Delta[] = [];
  #kept = 0;
  /** Data that was unpacked but is not an object: deltas without a base, and the part before damage. */
  readonly parts: Part[] = [];

  constructor(bytes: Uint8Array, count: number, budget: Budget, inflater: WholeInflater, coverage: Coverage) {
    this.#bytes = bytes;
    this.#count = count;
    this.#budget = budget;
    this.#inflater = inflater;
    this.#coverage = coverage;
  }

  read(): ReadonlyMap<string, GitObject> {
    let at = PACK_HEADER;
    let left = this.#count;
    for (; left > 0 && at < this.#bytes.length; left--) {
      const next = this.#entry(at);
      if (next === null || this.#kept > MAX_KEPT || this.#budget.allowed === 0) break;
      at = next;
    }
    // The checksum of the pack ends here; trailing bytes may follow.
    if (left === 0) this.#coverage.cut(at + ID_LENGTH);
    // A base that is referenced by id may come later. Stop when a round resolves none.
    for (let open = this.#deltas; ;) {
      const rest = open.filter((delta) => !this.#resolve(delta));
      if (rest.length === open.length || rest.length === 0) {
        this.parts.push(...rest);
        return this.#byId;
      }
      open = rest;
    }
  }

  /** @returns the offset of the next entry; null if this one cannot be read */
  #entry(at: number): number | null {
    const bytes = this.#bytes;
    let position = at;
    let byte = bytes[position++]!;
    const kind = (byte >> 4) & 7;
    let size = byte & 15;
    for (let shift = 4; (byte & 0x80) !== 0 && shift < 50; shift += 7) {
      byte = bytes[position++] ?? 0;
      size += (byte & 0x7f) * 2 ** shift;
    }
    let base: number | string = 0;
    if (kind === OFFSET_DELTA) {
      byte = bytes[position++] ?? 0;
      let back = byte & 0x7f;
      while ((byte & 0x80) !== 0 && position < bytes.length) {
        byte = bytes[position++]!;
        back = (back + 1) * 128 + (byte & 0x7f);
      }
      base = at - back;
    } else if (kind === REFERENCE_DELTA) {
      base = Buffer.from(bytes.subarray(position, position + ID_LENGTH)).toString('hex');
      position += ID_LENGTH;
    }
    const made = inflateZlib(bytes.subarray(position), this.#inflater, this.#budget, size);
    if (made === null) return null;
    this.#budget.take(made.bytes.length);
    this.#kept += made.bytes.length;
    const content = new Uint8Array(made.bytes);
    const end = position + made.stored;
    if (made.ended) this.#coverage.add(at, end);
    const name = KINDS[kind];
    const isDelta = kind === OFFSET_DELTA || kind === REFERENCE_DELTA;
    if (!made.ended || content.length !== size || (name === undefined && !isDelta)) {
      this.parts.push({ at, bytes: content });
      return null;
    }
    if (name !== undefined) this.#add(at, { kind: name, bytes: content });
    else {
      const delta = { at, base, bytes: content };
      if (!this.#resolve(delta)) this.#deltas.push(delta);
    }
    return end;
  }

  #resolve({ at, base, bytes }: Delta): boolean {
    const object = typeof base === 'number' ? this.#byOffset.get(base) : this.#byId.get(base);
    if (object === undefined) return false;
    const made = applyDelta(object.bytes, bytes, Math.min(MAX_KEPT - this.#kept, this.#budget.allowed));
    if (made === null) {
      this.parts.push({ at, bytes });
      return true;
    }
    this.#budget.take(made.length);
    this.#kept += made.length;
    this.#add(at, { kind: object.kind, bytes: made });
    return true;
  }

  #add(at: number, object: GitObject): void {
    this.#byOffset.set(at, object);
    const head = `${object.kind} ${object.bytes.length}\0`;
    this.#byId.set(createHash('sha1').update(head).update(object.bytes).digest('hex'), object);
  }
}

/**
 * Applies a delta: copies from the base and inserts new data (gitformat-pack(5), "Deltified representation").
 * Returns null if the delta is malformed or the result exceeds `allowed` bytes.
 */
function applyDelta(base: Uint8Array, delta: Uint8Array, allowed: number): Uint8Array | null {
  let at = 0;
  const length = (): number => {
    let value = 0;
    for (let shift = 0; shift < 50; shift += 7) {
      const byte = delta[at++] ?? 0;
      value += (byte & 0x7f) * 2 ** shift;
      if ((byte & 0x80) === 0) break;
    }
    return value;
  };
  if (length() !== base.length) return null;
  const size = length();
  if (size > allowed) return null;
  const out = new Uint8Array(size);
  let filled = 0;
  while (at < delta.length) {
    const order = delta[at++]!;
    let from = delta;
    let start = at;
    let count = order & 0x7f;
    if ((order & 0x80) !== 0) {
      start = 0;
      count = 0;
      for (let i = 0; i < 4; i++) if ((order & (1 << i)) !== 0) start += delta[at++]! * 2 ** (8 * i);
      for (let i = 0; i < 3; i++) if ((order & (16 << i)) !== 0) count += delta[at++]! * 2 ** (8 * i);
      if (count === 0) count = 0x10000;
      from = base;
    } else {
      at += count;
    }
    if (count === 0 || filled + count > size || start + count > from.length) return null;
    out.set(from.subarray(start, start + count), filled);
    filled += count;
  }
  return filled === size ? out : null;
}

/** Collects the file names in a tree by object id. A tree is a list of `MODE NAME\0` and a 20-byte id. */
function namesOf(tree: Uint8Array, names: Map<string, string>): void {
  const bytes = Buffer.from(tree.buffer, tree.byteOffset, tree.byteLength);
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(0, at);
    if (end < 0) return;
    const [mode = '', ...name] = bytes.toString('utf8', at, end).split(' ');
    const id = bytes.toString('hex', end + 1, end + 1 + ID_LENGTH);
    if (mode.startsWith('100')) names.set(id, name.join(' '));
    at = end + 1 + ID_LENGTH;
  }
}
