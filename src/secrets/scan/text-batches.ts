/** Bytes of texts that are looked through at once: whole texts, some more than this. */
const AT_ONCE = 1024 * 1024;
const NEWLINE = 0x0a;

/** A short text, and what it belongs to. */
export interface BatchedText<Owner> {
  readonly owner: Owner;
  readonly text: Uint8Array;
}

/** A text in which an offset of a batch lies, and where it begins there. */
export interface PlacedText<Owner> {
  readonly owner: Owner;
  readonly text: Buffer;
  readonly start: number;
}

/** Texts one behind the other, each with a line feed after it. Valid until the next batch is asked for. */
export class TextBatch<Owner> {
  readonly bytes: Buffer;
  readonly #owners: readonly Owner[];
  readonly #starts: readonly number[];

  constructor(bytes: Buffer, owners: readonly Owner[], starts: readonly number[]) {
    this.bytes = bytes;
    this.#owners = owners;
    this.#starts = starts;
  }

  /** The text in which an offset lies. */
  at(offset: number): PlacedText<Owner> {
    const index = this.#starts.findLastIndex((start) => start <= offset);
    const start = this.#starts[index]!;
    const end = (this.#starts[index + 1] ?? this.bytes.length) - 1;
    return { owner: this.#owners[index]!, text: this.bytes.subarray(start, end), start };
  }
}

/** Puts texts together: to begin with each of many short ones would take longer than to look through it. */
export function* textBatches<Owner>(
  texts: Iterable<BatchedText<Owner>>,
): Generator<TextBatch<Owner>, undefined> {
  let bytes = Buffer.allocUnsafe(AT_ONCE + (AT_ONCE >> 2));
  let owners: Owner[] = [];
  let starts: number[] = [];
  let size = 0;
  for (const { owner, text } of texts) {
    const end = size + text.length;
    if (end >= bytes.length) bytes = Buffer.concat([bytes], 2 * (end + 1));
    owners.push(owner);
    starts.push(size);
    bytes.set(text, size);
    bytes[end] = NEWLINE;
    size = end + 1;
    if (size < AT_ONCE) continue;
    yield new TextBatch(bytes.subarray(0, size), owners, starts);
    owners = [];
    starts = [];
    size = 0;
  }
  if (owners.length > 0) yield new TextBatch(bytes.subarray(0, size), owners, starts);
}
