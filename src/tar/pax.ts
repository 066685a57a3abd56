import { copyOf } from './copy.ts';

/** Records that override a field of the member's header, most frequent first. */
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
/** Decimal digits that a double can represent exactly. */
const MAX_DIGITS = 15;

const XATTR = 'SCHILY.xattr.';
/** Times that unpacking ignores; storing them would take most of the memory. */
const UNUSED = ['atime', 'ctime'];
const FIELD_NAMES = Object.keys(PaxField);
/** Frequent keys as bytes, for comparison without decoding: the fields, then the ignored times. */
const FREQUENT = [...FIELD_NAMES, ...UNUSED].map((key) => Uint8Array.from(Buffer.from(key)));
const ABSENT = -1;

/**
 * Records of a PAX extended header (POSIX.1-2001, pax, "pax Extended Header"). Values stay bytes: xattrs are
 * binary, and names have no encoding. Most members of a layer may have such a header, so one object is reused
 * for all of them, and it stores only the offsets of the frequent records.
 */
export class PaxRecords {
  /** The body of the last header read; bytes after it are left over from earlier headers. */
  bytes: Uint8Array = NOTHING;
  readonly #starts = new Int32Array(FIELD_NAMES.length).fill(ABSENT);
  readonly #ends = new Int32Array(FIELD_NAMES.length);
  #others: Map<string, Uint8Array> | null = null;

  /** Reports whether a record exists. */
  has(field: PaxField): boolean {
    return this.#starts[field] !== ABSENT;
  }

  /** Returns the start of an existing record's value in {@link bytes}. */
  start(field: PaxField): number {
    return this.#starts[field]!;
  }

  end(field: PaxField): number {
    return this.#ends[field]!;
  }

  /** Returns a decimal value, with its fraction; null if it is not a number. */
  number(field: PaxField): number | null {
    return decimal(this.bytes, this.#starts[field]!, this.#ends[field]!);
  }

  /** All other records, as views of the body: extended attributes, sparse file records, comments. */
  get others(): ReadonlyMap<string, Uint8Array> {
    return this.#others ?? NONE;
  }

  /** Returns the names of all records. */
  keys(): string[] {
    const fields = FIELD_NAMES.filter((_, field) => this.#starts[field] !== ABSENT);
    return [...fields, ...this.others.keys()];
  }

  /**
   * Reads `LENGTH KEY=VALUE\n` records. Later records win, and an empty value keeps the header's own field.
   * Access and change times are skipped.
   * @param source the bytes [at, at + length) are copied
   * @returns null, or the problem of the first invalid record
   */
  read(source: Uint8Array, at: number, length: number): string | null {
    if (this.bytes.length < length) this.bytes = new Uint8Array(Math.max(4096, length * 2));
    const { bytes } = this;
    // Records are short: creating a view takes longer than copying the bytes.
    for (let i = 0; i < length; i++) bytes[i] = source[at + i]!;
    this.#starts.fill(ABSENT);
    this.#others = null;
    const sparseMap: Uint8Array[] = [];
    const problem = this.#parse(length, sparseMap);
    // GNU sparse version 0.0 repeats its keys in order; joined, they are the map of version 0.1.
    if (sparseMap.length > 0) this.#keep('GNU.sparse.map', Buffer.concat(sparseMap));
    return problem;
  }

  #parse(length: number, sparseMap: Uint8Array[]): string | null {
    const { bytes } = this;
    let problem: string | null = null;
    for (let at = 0; at < length;) {
      if (bytes[at] === 0) return onlyZeros(bytes, at, length) ? problem : 'NUL at the start of a record';
      let size = 0;
      let i = at;
      for (; i < length && bytes[i] !== SPACE; i++) {
        const digit = bytes[i]! - ZERO;
        if (digit < 0 || digit > 9 || i - at === 9) return 'record without a decimal length';
        size = size * 10 + digit;
      }
      const end = at + size;
      if (i === at || end > length || end <= i + 1 || bytes[end - 1] !== LINE_FEED) {
        return 'record with a wrong length';
      }
      let equals = i + 1;
      while (equals < end && bytes[equals] !== EQUALS) equals++;
      if (equals === end) return 'record without "="';
      const frequent = frequentKey(bytes, i + 1, equals);
      if (frequent >= 0) this.#setField(frequent, equals + 1, end - 1);
      else if (!this.#setOther(i + 1, equals, end - 1, sparseMap)) {
        problem = 'record name with a NUL';
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

  /** @returns false if the name contains a NUL */
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

/** Returns the index of a key in FREQUENT: a PaxField, or a larger number for an ignored time; -1 for other keys. */
function frequentKey(bytes: Uint8Array, start: number, end: number): number {
  for (let index = 0; index < FREQUENT.length; index++) {
    const key = FREQUENT[index]!;
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

/** Returns one of the other records as text; null if it does not exist. */
export function paxText({ others }: PaxRecords, key: string): string | null {
  const raw = others.get(key);
  return raw === undefined ? null : text(raw);
}

/** Returns a decimal value of one of the other records; null if it does not exist or is not a number. */
export function paxNumber({ others }: PaxRecords, key: string): number | null {
  const raw = others.get(key);
  return raw === undefined ? null : decimal(raw, 0, raw.length);
}

/** Parses the bytes [start, end) as a decimal number, with its fraction; null if they are not a number. */
export function decimal(bytes: Uint8Array, start: number, end: number): number | null {
  const short = shortNumber(bytes, start, end);
  if (short !== null) return short;
  const value = text(bytes.subarray(start, end));
  const number = /^[+-]?\d+(\.\d*)?$/.test(value) ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : null;
}

/** Parses a number with few digits byte by byte, because every member may have a time. Null for all others. */
function shortNumber(bytes: Uint8Array, start: number, end: number): number | null {
  const length = end - start;
  let number = 0;
  let fraction = 0;
  let scale = 0;
  if (length === 0 || length > MAX_DIGITS * 2 || !isDigit(bytes[start]!)) return null;
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    if (byte === POINT && scale === 0 && i - start <= MAX_DIGITS) scale = 1;
    else if (!isDigit(byte)) return null;
    else if (scale === 0) number = number * 10 + byte - ZERO;
    else {
      fraction = fraction * 10 + byte - ZERO;
      scale *= 10;
    }
  }
  if (scale === 0) return length <= MAX_DIGITS ? number : null;
  return scale <= 10 ** MAX_DIGITS ? number + fraction / scale : null;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= ZERO + 9;
}

/** Returns a message about the fields that a skipped global header would have set; null if none is significant. */
export function passedOver(records: PaxRecords): string | null {
  const keys = records.keys().filter(isSignificant);
  if (keys.length === 0) return null;
  const named = keys.slice(0, 3).join(', ') + (keys.length > 3 ? ', …' : '');
  return `a global header sets ${named} for all later members; ignored, as engines do`;
}

/** Reports whether a record affects unpacking; owner names and comments do not. */
function isSignificant(key: string): boolean {
  return FIELD_NAMES.includes(key) || key.startsWith(XATTR) || key.startsWith('GNU.sparse.');
}

/** Returns copies of the extended attributes in the records, by name (`security.capability`); null if there are none. */
export function paxXattrs({ others }: PaxRecords): Map<string, Uint8Array> | null {
  let xattrs: Map<string, Uint8Array> | null = null;
  for (const [key, value] of others) {
    if (!key.startsWith(XATTR)) continue;
    xattrs ??= new Map();
    xattrs.set(key.slice(XATTR.length), copyOf(value));
  }
  return xattrs;
}
