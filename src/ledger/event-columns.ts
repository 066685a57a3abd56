import { NumberList } from '../layer/number-list.ts';
import type { Change } from './change.ts';
import type { DeletedBy, LedgerColumns } from './ledger.ts';

/** The arrays of a ledger under construction; events are only appended. */
export class EventColumns {
  count = 0;
  /** The newest event of each path, plus one. */
  readonly last: Uint32Array;
  readonly layerStart: Uint32Array;
  #path: Uint32Array;
  #ref: Uint32Array;
  #change: Uint8Array;
  #changed: Uint16Array;
  #previous: Uint32Array;
  readonly #via = new NumberList();
  readonly #deletedBy = new NumberList();

  /** @param capacity number of events to make room for at first */
  constructor(paths: number, layers: number, capacity: number) {
    this.last = new Uint32Array(paths);
    this.layerStart = new Uint32Array(layers + 1);
    this.#path = new Uint32Array(capacity);
    this.#ref = new Uint32Array(capacity);
    this.#change = new Uint8Array(capacity);
    this.#changed = new Uint16Array(capacity);
    this.#previous = new Uint32Array(capacity);
  }

  change(event: number): Change {
    return this.#change[event] as Change;
  }

  /** Entry number of an event that is not a deletion. */
  ref(event: number): number {
    return this.#ref[event]!;
  }

  push(path: number, ref: number, change: Change, changed: number): void {
    const event = this.count++;
    if (event === this.#path.length) this.#grow();
    this.#path[event] = path;
    this.#ref[event] = ref;
    this.#change[event] = change;
    this.#changed[event] = changed;
    this.#previous[event] = this.last[path]!;
    this.last[path] = event + 1;
  }

  /** Records the cause of a deletion. Returns the number to push it under. */
  deletion(via: number, by: DeletedBy): number {
    this.#via.push(via);
    this.#deletedBy.push(by);
    return this.#via.length - 1;
  }

  /** Returns the columns as views: pages that were never written to cost nothing, but copying them would. */
  finish(): LedgerColumns {
    const n = this.count;
    return {
      layerStart: this.layerStart,
      path: this.#path.subarray(0, n),
      ref: this.#ref.subarray(0, n),
      change: this.#change.subarray(0, n),
      changed: this.#changed.subarray(0, n),
      previous: this.#previous.subarray(0, n),
      last: this.last,
      via: this.#via.finish(),
      deletedBy: Uint8Array.from(this.#deletedBy.finish()),
    };
  }

  #grow(): void {
    const size = Math.ceil(this.#path.length * 1.5) + 64;
    const grow = <T extends { set(from: T): void }>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    this.#path = grow(this.#path, new Uint32Array(size));
    this.#ref = grow(this.#ref, new Uint32Array(size));
    this.#change = grow(this.#change, new Uint8Array(size));
    this.#changed = grow(this.#changed, new Uint16Array(size));
    this.#previous = grow(this.#previous, new Uint32Array(size));
  }
}
