/** Batch size in bytes. Texts are not split, so a batch may be larger. */
const BATCH_SIZE = 1024 * 1024;
const NEWLINE = 0x0a;

/** A short text and its owner. */
export interface BatchedText<Owner> {
  readonly owner: Owner;
  readonly text: Uint8Array;
}

/** A text in a batch and its offset there. */
export interface PlacedText<Owner> {
  readonly owner: Owner;
  readonly text: Buffer;
  readonly start: number;
}

/** Concatenated texts, each followed by a line feed. Valid until the next batch is requested. */
export class TextBatch<Owner> {
  readonly bytes: Buffer;
  readonly #owners: readonly Owner[];
  readonly #starts: readonly number[];

  constructor(bytes: Buffer, owners: readonly Owner[], starts: readonly number[]) {
    this.bytes = bytes;
    this.#owners = owners;
    this.#starts = starts;
  }

  /** Returns the text that contains an offset. */
  at(offset: number): PlacedText<Owner> {
    const index = this.#starts.findLastIndex((start) => start <= offset);
    const start = this.#starts[index]!;
    const end = (this.#starts[index + 1] ?? this.bytes.length) - 1;
    return { owner: this.#owners[index]!, text: this.bytes.subarray(start, end), start };
  }
}

/**
 * Combines texts into batches: starting a scan for each of many short texts takes longer than the scan
 * itself.
 */
export function* textBatches<Owner>(
  texts: Iterable<BatchedText<Owner>>,
): Generator<TextBatch<Owner>, undefined> {
  let bytes = Buffer.allocUnsafe(BATCH_SIZE + (BATCH_SIZE >> 2));
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
    if (size < BATCH_SIZE) continue;
    yield new TextBatch(bytes.subarray(0, size), owners, starts);
    owners = [];
    starts = [];
    size = 0;
  }
  if (owners.length > 0) yield new TextBatch(bytes.subarray(0, size), owners, starts);
}
