import { copyOf } from './copy.ts';

/** Records of a PAX extended header (POSIX.1-2001): values stay bytes, since xattrs are binary. */
export type PaxRecords = Map<string, Uint8Array>;

const COMMA = Uint8Array.of(0x2c);
const NOTHING = new Uint8Array(0);
const POINT = 0x2e;
const ZERO = 0x30;
/** So many decimal digits fit a double exactly. */
const MANY_DIGITS = 15;

const XATTR = 'SCHILY.xattr.';
/** What writers put before every member, the most frequent first: known by its bytes. */
const USUAL_KEYS = ['path', 'mtime', 'atime', 'ctime', 'linkpath', 'size', 'uid', 'gid'].map((key) => ({
  key,
  bytes: Uint8Array.from(Buffer.from(key)),
}));
/** Times that no layer is unpacked with: they would be most of what is kept. */
const UNUSED: ReadonlySet<string> = new Set(['atime', 'ctime']);
const SIGNIFICANT: ReadonlySet<string> = new Set(['path', 'linkpath', 'size', 'uid', 'gid', 'mtime']);

/**
 * Parses `LENGTH KEY=VALUE\n` records (POSIX.1-2001, pax, "pax Extended Header"). An empty value
 * leaves the header's own field in force; times of access and of change are passed over.
 * @param into receives the records, as views of the body; later ones win
 * @returns null, or what is wrong with the first record that does not parse
 */
export function parsePax(body: Uint8Array, into: PaxRecords): string | null {
  const sparseMap: Uint8Array[] = [];
  const problem = parseRecords(body, into, sparseMap);
  // Version 0.0 of GNU sparse repeats its keys, in order; joined they are the map of version 0.1.
  if (sparseMap.length > 0) into.set('GNU.sparse.map', Buffer.concat(sparseMap));
  return problem;
}

function parseRecords(body: Uint8Array, into: PaxRecords, sparseMap: Uint8Array[]): string | null {
  let problem: string | null = null;
  let at = 0;
  while (at < body.length) {
    if (body[at] === 0) return onlyZeros(body, at) ? problem : 'a NUL where a record should begin';
    let length = 0;
    let i = at;
    for (; i < body.length && body[i] !== 0x20; i++) {
      const digit = body[i]! - 0x30;
      if (digit < 0 || digit > 9 || i - at === 9) return 'a record without a decimal length';
      length = length * 10 + digit;
    }
    const end = at + length;
    if (i === at || end > body.length || end <= i + 1 || body[end - 1] !== 0x0a) {
      return 'a record whose length does not fit';
    }
    const equals = body.indexOf(0x3d, i + 1);
    if (equals < 0 || equals >= end) return 'a record without "="';
    const key = keyAt(body, i + 1, equals);
    at = end;
    if (UNUSED.has(key)) continue;
    const value = end - 1 > equals + 1 ? body.subarray(equals + 1, end - 1) : NOTHING;
    if (key.includes('\0')) problem = 'a record whose name holds a NUL';
    else if (key === 'GNU.sparse.offset' || key === 'GNU.sparse.numbytes') {
      if (sparseMap.length > 0) sparseMap.push(COMMA);
      sparseMap.push(value);
    } else if (value.length === 0 && !key.startsWith(XATTR)) into.delete(key);
    else into.set(key, value);
  }
  return problem;
}

function keyAt(body: Uint8Array, start: number, end: number): string {
  for (const { key, bytes } of USUAL_KEYS) {
    if (bytes.length !== end - start) continue;
    let same = 0;
    while (same < bytes.length && body[start + same] === bytes[same]) same++;
    if (same === bytes.length) return key;
  }
  return text(body.subarray(start, end));
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
}

function onlyZeros(body: Uint8Array, from: number): boolean {
  for (let i = from; i < body.length; i++) if (body[i] !== 0) return false;
  return true;
}

/** A record as text; null where there is none. */
export function paxText(records: PaxRecords, key: string): string | null {
  const raw = records.get(key);
  return raw === undefined ? null : text(raw);
}

/** A decimal value of a record, fractions kept; null where there is none or it is not a number. */
export function paxNumber(records: PaxRecords, key: string): number | null {
  const raw = records.get(key);
  if (raw === undefined) return null;
  const short = shortNumber(raw);
  if (short !== null) return short;
  const value = text(raw);
  const number = /^[+-]?\d+(\.\d*)?$/.test(value) ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : null;
}

/** A number of few digits, read byte by byte: every member's time may be one. Null for all others. */
function shortNumber(bytes: Uint8Array): number | null {
  let number = 0;
  let fraction = 0;
  let scale = 0;
  if (bytes.length > MANY_DIGITS * 2 || !isDigit(bytes[0])) return null;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte === POINT && scale === 0 && i <= MANY_DIGITS) scale = 1;
    else if (!isDigit(byte)) return null;
    else if (scale === 0) number = number * 10 + byte - ZERO;
    else {
      fraction = fraction * 10 + byte - ZERO;
      scale *= 10;
    }
  }
  if (scale === 0) return bytes.length <= MANY_DIGITS ? number : null;
  return scale <= 10 ** MANY_DIGITS ? number + fraction / scale : null;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= ZERO + 9;
}

/** Whether a record changes what is read of a member; names of owners and comments do not. */
export function isPaxSignificant(key: string): boolean {
  return SIGNIFICANT.has(key) || key.startsWith(XATTR) || key.startsWith('GNU.sparse.');
}

/** Copies of the extended attributes carried by the records, by their own names (`security.capability`). */
export function paxXattrs(records: PaxRecords): Map<string, Uint8Array> | null {
  let xattrs: Map<string, Uint8Array> | null = null;
  for (const [key, value] of records) {
    if (!key.startsWith(XATTR)) continue;
    xattrs ??= new Map();
    xattrs.set(key.slice(XATTR.length), copyOf(value));
  }
  return xattrs;
}
