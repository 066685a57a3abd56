/** A value of a row: SQLite's NULL, a number (long ones lose what a double has no place for), text or bytes. */
export type SqliteValue = null | number | string | Uint8Array;

const MAGIC = 'SQLite format 3\0';
const INTERIOR = 0x05;
const LEAF = 0x0d;
/** A table of a whole disk is not as deep. */
const DEEPEST = 16;

/** A database as a file holds it, with what its first page says. */
interface Database {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly pageSize: number;
  /** Bytes of a page that hold content. */
  readonly usable: number;
}

/**
 * The rows of a table, in the order of their ids (SQLite database file format, "B-tree Pages" and "Record
 * Format"). Reads rowid tables of databases in UTF-8, which is what rpm writes; a write-ahead log beside
 * the file is not looked at. Nothing of the file is trusted: no page is read twice, and rows hold no more
 * bytes together than the file.
 * @returns null where it is no such database, has no such table, or breaks off
 */
export function readSqliteTable(bytes: Uint8Array, name: string): SqliteValue[][] | null {
  const database = openDatabase(bytes);
  if (database === null) return null;
  try {
    const table = rowsOf(database, 1).find(([type, , owner]) => type === 'table' && owner === name);
    const root = table?.[3];
    return typeof root === 'number' ? rowsOf(database, root) : null;
  } catch (error) {
    // A place outside of the file, or outside of a record.
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
    if (seen.has(page) || depth > DEEPEST || page < 1) throw new RangeError('a tree that is none');
    seen.add(page);
    const { view } = database;
    const head = page === 1 ? 100 : start;
    const type = view.getUint8(head);
    const count = view.getUint16(head + 3);
    if (type !== INTERIOR && type !== LEAF) throw new RangeError('no page of a table');
    const pointers = head + (type === INTERIOR ? 12 : 8);
    for (let cell = 0; cell < count; cell++) {
      const at = start + view.getUint16(pointers + 2 * cell);
      if (type === INTERIOR) walk(view.getUint32(at), depth + 1);
      else {
        const payload = payloadAt(database, at, seen);
        left -= payload.length;
        if (left < 0) throw new RangeError('rows that lie over each other');
        rows.push(recordOf(payload));
      }
    }
    if (type === INTERIOR) walk(view.getUint32(head + 8), depth + 1);
  };
  walk(root, 0);
  return rows;
}

/** The payload of a leaf's cell, with what lies on overflow pages. */
function payloadAt(database: Database, at: number, seen: Set<number>): Uint8Array {
  const { bytes, pageSize, usable, view } = database;
  const [length, afterLength] = varint(bytes, at);
  const [, start] = varint(bytes, afterLength);
  if (length > bytes.length) throw new RangeError('longer than the file');
  const most = usable - 35;
  if (length <= most) return part(bytes, start, length);
  const least = Math.floor(((usable - 12) * 32) / 255) - 23;
  const fitting = least + ((length - least) % (usable - 4));
  const local = fitting <= most ? fitting : least;
  const payload = new Uint8Array(length);
  payload.set(part(bytes, start, local));
  let page = view.getUint32(start + local);
  for (let filled = local; filled < length;) {
    if (page < 1 || seen.has(page)) throw new RangeError('a chain that is none');
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

/** Bytes of a value, by its serial type. */
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

/** A number of 1 to 9 bytes, and where the next begins. */
function varint(bytes: Uint8Array, at: number): [value: number, next: number] {
  let value = 0;
  for (let i = 0; i < 9; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) throw new RangeError('a number breaks off');
    if (i === 8) return [value * 256 + byte, at + 9];
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return [value, at + i + 1];
  }
  return [value, at + 9];
}

function part(bytes: Uint8Array, start: number, length: number): Uint8Array {
  if (start + length > bytes.length) throw new RangeError('a value breaks off');
  return bytes.subarray(start, start + length);
}
