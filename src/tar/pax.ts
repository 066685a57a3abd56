import { copyOf } from './copy.ts';

/** Records that override a field of the member's header, the most frequent first. */
export const PaxField = { path: 0, mtime: 1, linkpath: 2, size: 3, uid: 4, gid: 5 } as const;
export type PaxField = (typeof PaxField)[keyof typeof PaxField];

const COMMA = Uint8Array.of(0x2c);
const NOTHING = new Uint8Array(0);
const NONE: ReadonlyMap<string, Uint8Array> = new Map();
const EQUALS = 0x3d;
const SPACE = 0x20;
const LINE_FEED = 0x0a;
const POINT = 0x2e;
const ZERO = 0x30;
/** So many decimal digits fit a double exactly. */
const MANY_DIGITS = 15;

const XATTR = 'SCHILY.xattr.';
/** Times that no layer is unpacked with: they would be most of what is kept. */
const UNUSED = ['atime', 'ctime'];
const FIELD_NAMES = Object.keys(PaxField);
/** What writers put before every member is known by its bytes: fields, then what is passed over. */
const USUAL = [...FIELD_NAMES, ...UNUSED].map((key) => Uint8Array.from(Buffer.from(key)));
const ABSENT = -1;

/**
 * Records of a PAX extended header (POSIX.1-2001, pax, "pax Extended Header"). Values stay bytes: xattrs are
 * binary, and names have no encoding. Most members of a layer may have such a header, so one object reads one
 * after the other, and of the usual records nothing is made but where they stand.
 */
export class PaxRecords {
  /** The body of the header that was read last, and whatever stood there before behind it. */
  bytes: Uint8Array = NOTHING;
  readonly #starts = new Int32Array(FIELD_NAMES.length).fill(ABSENT);
  readonly #ends = new Int32Array(FIELD_NAMES.length);
  #others: Map<string, Uint8Array> | null = null;

  /** Whether there is such a record. */
  has(field: PaxField): boolean {
    return this.#starts[field] !== ABSENT;
  }

  /** Where the value of a record that is there begins in {@link bytes}. */
  start(field: PaxField): number {
    return this.#starts[field]!;
  }

  end(field: PaxField): number {
    return this.#ends[field]!;
  }

  /** A decimal value, fractions kept; null where it is not a number. */
  number(field: PaxField): number | null {
    return decimal(this.bytes, this.#starts[field]!, this.#ends[field]!);
  }

  /** All other records, as views of the body: extended attributes, what is told of sparse files, comments. */
  get others(): ReadonlyMap<string, Uint8Array> {
    return this.#others ?? NONE;
  }

  /** Names of all records. */
  keys(): string[] {
    const fields = FIELD_NAMES.filter((_, field) => this.#starts[field] !== ABSENT);
    return [...fields, ...this.others.keys()];
  }

  /**
   * Reads `LENGTH KEY=VALUE\n` records; later ones win, and an empty value leaves the header's own field in
   * force. Times of access and of change are passed over.
   * @param source is copied from, at [at, at + length)
   * @returns null, or what is wrong with the first record that does not parse
   */
  read(source: Uint8Array, at: number, length: number): string | null {
    if (this.bytes.length < length) this.bytes = new Uint8Array(Math.max(4096, length * 2));
    const { bytes } = this;
    // They are short: a view of them would take longer than their bytes.
    for (let i = 0; i < length; i++) bytes[i] = source[at + i]!;
    this.#starts.fill(ABSENT);
    this.#others = null;
    const sparseMap: Uint8Array[] = [];
    const problem = this.#parse(length, sparseMap);
    // Version 0.0 of GNU sparse repeats its keys, in order; joined they are the map of version 0.1.
    if (sparseMap.length > 0) this.#keep('GNU.sparse.map', Buffer.concat(sparseMap));
    return problem;
  }

  #parse(length: number, sparseMap: Uint8Array[]): string | null {
    const { bytes } = this;
    let problem: string | null = null;
    for (let at = 0; at < length;) {
      if (bytes[at] === 0)
        return onlyZeros(bytes, at, length) ? problem : 'a NUL where a record should begin';
      let size = 0;
      let i = at;
      for (; i < length && bytes[i] !== SPACE; i++) {
        const digit = bytes[i]! - ZERO;
        if (digit < 0 || digit > 9 || i - at === 9) return 'a record without a decimal length';
        size = size * 10 + digit;
      }
      const end = at + size;
      if (i === at || end > length || end <= i + 1 || bytes[end - 1] !== LINE_FEED) {
        return 'a record whose length does not fit';
      }
      let equals = i + 1;
      while (equals < end && bytes[equals] !== EQUALS) equals++;
      if (equals === end) return 'a record without "="';
      const usual = usualKey(bytes, i + 1, equals);
      if (usual >= 0) this.#setField(usual, equals + 1, end - 1);
      else if (!this.#setOther(i + 1, equals, end - 1, sparseMap)) {
        problem = 'a record whose name holds a NUL';
      }
      at = end;
    }
    return problem;
  }

  #setField(field: number, start: number, end: number): void {
    if (field >= FIELD_NAMES.length) return;
    this.#starts[field] = start < end ? start : ABSENT;
    this.#ends[field] = end;
  }

  /** @returns false where the name holds a NUL */
  #setOther(start: number, equals: number, end: number, sparseMap: Uint8Array[]): boolean {
    const key = text(this.bytes.subarray(start, equals));
    const value = end > equals + 1 ? this.bytes.subarray(equals + 1, end) : NOTHING;
    if (key.includes('\0')) return false;
    if (key === 'GNU.sparse.offset' || key === 'GNU.sparse.numbytes') {
      if (sparseMap.length > 0) sparseMap.push(COMMA);
      sparseMap.push(value);
    } else if (value.length === 0 && !key.startsWith(XATTR)) this.#others?.delete(key);
    else this.#keep(key, value);
    return true;
  }

  #keep(key: string, value: Uint8Array): void {
    this.#others ??= new Map();
    this.#others.set(key, value);
  }
}

/** Which of the usual keys stands there: a field, or a larger number for what is passed over; -1 for none of them. */
function usualKey(bytes: Uint8Array, start: number, end: number): number {
  for (let index = 0; index < USUAL.length; index++) {
    const key = USUAL[index]!;
    if (key.length !== end - start) continue;
    let same = 0;
    while (same < key.length && bytes[start + same] === key[same]) same++;
    if (same === key.length) return index;
  }
  return -1;
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
}

function onlyZeros(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (bytes[i] !== 0) return false;
  return true;
}

/** One of the other records as text; null where there is none. */
export function paxText({ others }: PaxRecords, key: string): string | null {
  const raw = others.get(key);
  return raw === undefined ? null : text(raw);
}

/** A decimal value of one of the other records; null where there is none or it is not a number. */
export function paxNumber({ others }: PaxRecords, key: string): number | null {
  const raw = others.get(key);
  return raw === undefined ? null : decimal(raw, 0, raw.length);
}

/** The bytes [start, end) as a decimal number, fractions kept; null where they are none. */
export function decimal(bytes: Uint8Array, start: number, end: number): number | null {
  const short = shortNumber(bytes, start, end);
  if (short !== null) return short;
  const value = text(bytes.subarray(start, end));
  const number = /^[+-]?\d+(\.\d*)?$/.test(value) ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : null;
}

/** A number of few digits, read byte by byte: every member's time may be one. Null for all others. */
function shortNumber(bytes: Uint8Array, start: number, end: number): number | null {
  const length = end - start;
  let number = 0;
  let fraction = 0;
  let scale = 0;
  if (length === 0 || length > MANY_DIGITS * 2 || !isDigit(bytes[start]!)) return null;
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    if (byte === POINT && scale === 0 && i - start <= MANY_DIGITS) scale = 1;
    else if (!isDigit(byte)) return null;
    else if (scale === 0) number = number * 10 + byte - ZERO;
    else {
      fraction = fraction * 10 + byte - ZERO;
      scale *= 10;
    }
  }
  if (scale === 0) return length <= MANY_DIGITS ? number : null;
  return scale <= 10 ** MANY_DIGITS ? number + fraction / scale : null;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= ZERO + 9;
}

/** What a global header would have changed that is passed over; null where nothing that is read of a member. */
export function passedOver(records: PaxRecords): string | null {
  const keys = records.keys().filter(isSignificant);
  if (keys.length === 0) return null;
  const named = keys.slice(0, 3).join(', ') + (keys.length > 3 ? ', …' : '');
  return `a global header sets ${named} for all members after it; it is passed over, as engines do`;
}

/** Names of owners and comments are not read. */
function isSignificant(key: string): boolean {
  return FIELD_NAMES.includes(key) || key.startsWith(XATTR) || key.startsWith('GNU.sparse.');
}

/** Copies of the extended attributes carried by the records, by their own names (`security.capability`). */
export function paxXattrs({ others }: PaxRecords): Map<string, Uint8Array> | null {
  let xattrs: Map<string, Uint8Array> | null = null;
  for (const [key, value] of others) {
    if (!key.startsWith(XATTR)) continue;
    xattrs ??= new Map();
    xattrs.set(key.slice(XATTR.length), copyOf(value));
  }
  return xattrs;
}
