/** A value of a row: NULL, a number (large integers lose precision, as doubles), text or bytes. */
export type SqliteValue = null | number | string | Uint8Array;

const MAGIC = 'SQLite format 3\0';
const INTERIOR = 0x05;
const LEAF = 0x0d;
/** Maximum depth of a B-tree; even a table that fills a disk is shallower. */
const MAX_DEPTH = 16;

/** A database file with the settings of its header. */
interface Database {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly pageSize: number;
  /** Bytes per page available for content. */
  readonly usable: number;
}

/**
 * Reads the rows of a table, in row id order (SQLite database file format, "B-tree Pages" and "Record
 * Format"). Supports rowid tables in UTF-8 databases, which rpm writes; a write-ahead log is ignored. The
 * file is not trusted: no page is read twice, and all rows together are not larger than the file.
 * @returns null if the file is not such a database, has no such table, or is damaged
 */
export function readSqliteTable(bytes: Uint8Array, name: string): SqliteValue[][] | null {
  const database = openDatabase(bytes);
  if (database === null) return null;
  try {
    const table = rowsOf(database, 1).find(([type, , owner]) => type === 'table' && owner === name);
    const root = table?.[3];
    return typeof root === 'number' ? rowsOf(database, root) : null;
  } catch (error) {
    // An offset outside the file or the record.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function openDatabase(bytes: Uint8Array): Database | null {
  if (bytes.length < 512 || Buffer.from(bytes.subarray(0, 16)).toString('latin1') !== MAGIC) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const stored = view.getUint16(16);
  const pageSize = stored === 1 ? 65_536 : stored;
  const usable = pageSize - bytes[20]!;
  const encoding = view.getUint32(56);
  if (pageSize < 512 || (pageSize & (pageSize - 1)) !== 0 || usable < 480 || encoding !== 1) return null;
  return { bytes, view, pageSize, usable };
}

function rowsOf(database: Database, root: number): SqliteValue[][] {
  const rows: SqliteValue[][] = [];
  const seen = new Set<number>();
  let left = database.bytes.length;
  const walk = (page: number, depth: number): void => {
    const start = (page - 1) * database.pageSize;
    if (seen.has(page) || depth > MAX_DEPTH || page < 1) throw new RangeError('invalid B-tree');
    seen.add(page);
    const { view } = database;
    const head = page === 1 ? 100 : start;
    const type = view.getUint8(head);
    const count = view.getUint16(head + 3);
    if (type !== INTERIOR && type !== LEAF) throw new RangeError('not a table page');
    const pointers = head + (type === INTERIOR ? 12 : 8);
    for (let cell = 0; cell < count; cell++) {
      const at = start + view.getUint16(pointers + 2 * cell);
      if (type === INTERIOR) walk(view.getUint32(at), depth + 1);
      else {
        const payload = payloadAt(database, at, seen);
        left -= payload.length;
        if (left < 0) throw new RangeError('overlapping rows');
        rows.push(recordOf(payload));
      }
    }
    if (type === INTERIOR) walk(view.getUint32(head + 8), depth + 1);
  };
  walk(root, 0);
  return rows;
}

/** Returns the payload of a leaf cell, including its overflow pages. */
function payloadAt(database: Database, at: number, seen: Set<number>): Uint8Array {
  const { bytes, pageSize, usable, view } = database;
  const [length, afterLength] = varint(bytes, at);
  const [, start] = varint(bytes, afterLength);
  if (length > bytes.length) throw new RangeError('payload longer than the file');
  const most = usable - 35;
  if (length <= most) return part(bytes, start, length);
  const least = Math.floor(((usable - 12) * 32) / 255) - 23;
  const fitting = least + ((length - least) % (usable - 4));
  const local = fitting <= most ? fitting : least;
  const payload = new Uint8Array(length);
  payload.set(part(bytes, start, local));
  let page = view.getUint32(start + local);
  for (let filled = local; filled < length;) {
    if (page < 1 || seen.has(page)) throw new RangeError('invalid overflow chain');
    seen.add(page);
    const from = (page - 1) * pageSize;
    const size = Math.min(usable - 4, length - filled);
    payload.set(part(bytes, from + 4, size), filled);
    filled += size;
    page = view.getUint32(from);
  }
  return payload;
}

function recordOf(payload: Uint8Array): SqliteValue[] {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const [headerLength, first] = varint(payload, 0);
  const values: SqliteValue[] = [];
  let body = headerLength;
  for (let at = first; at < headerLength;) {
    const [serial, next] = varint(payload, at);
    const size = sizeOf(serial);
    values.push(valueOf(part(payload, body, size), view, body, serial));
    body += size;
    at = next;
  }
  return values;
}

/** Returns the size in bytes of a value of a serial type. */
function sizeOf(serial: number): number {
  if (serial >= 12) return Math.floor((serial - 12) / 2);
  return [0, 1, 2, 3, 4, 6, 8, 8, 0, 0][serial] ?? 0;
}

function valueOf(bytes: Uint8Array, view: DataView, at: number, serial: number): SqliteValue {
  if (serial >= 12) return serial % 2 === 0 ? bytes : Buffer.from(bytes).toString('utf8');
  if (serial === 0) return null;
  if (serial === 7) return view.getFloat64(at);
  if (serial >= 8) return serial - 8;
  let value = (bytes[0]! << 24) >> 24;
  for (const byte of bytes.subarray(1)) value = value * 256 + byte;
  return value;
}

/** Reads a varint of 1 to 9 bytes; returns its value and the offset after it. */
function varint(bytes: Uint8Array, at: number): [value: number, next: number] {
  let value = 0;
  for (let i = 0; i < 9; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) throw new RangeError('truncated varint');
    if (i === 8) return [value * 256 + byte, at + 9];
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return [value, at + i + 1];
  }
  return [value, at + 9];
}

function part(bytes: Uint8Array, start: number, length: number): Uint8Array {
  if (start + length > bytes.length) throw new RangeError('truncated value');
  return bytes.subarray(start, start + length);
}
