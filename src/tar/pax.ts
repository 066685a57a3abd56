/** Records of a PAX extended header (POSIX.1-2001): values stay bytes, since xattrs are binary. */
export type PaxRecords = Map<string, Uint8Array>;

const COMMA = Uint8Array.of(0x2c);

const decoder = new TextDecoder('utf-8', { fatal: false });

/**
 * Parses `LENGTH KEY=VALUE\n` records. An empty value deletes the key (POSIX.1-2001, pax,
 * "pax Extended Header").
 * @param into receives the records; later ones win
 * @returns null, or what is wrong with the first record that does not parse
 */
export function parsePax(body: Uint8Array, into: PaxRecords): string | null {
  let at = 0;
  while (at < body.length) {
    if (body[at] === 0) return onlyZeros(body, at) ? null : 'a NUL where a record should begin';
    let length = 0;
    let digits = 0;
    let i = at;
    for (; i < body.length && body[i] !== 0x20; i++) {
      const digit = body[i]! - 0x30;
      if (digit < 0 || digit > 9 || digits === 9) return 'a record without a decimal length';
      length = length * 10 + digit;
      digits++;
    }
    const end = at + length;
    if (digits === 0 || end > body.length || end <= i + 1 || body[end - 1] !== 0x0a) {
      return 'a record whose length does not fit';
    }
    const equals = body.indexOf(0x3d, i + 1);
    if (equals < 0 || equals >= end) return 'a record without "="';
    const key = decoder.decode(body.subarray(i + 1, equals));
    const value = body.slice(equals + 1, end - 1);
    if (key === 'GNU.sparse.offset' || key === 'GNU.sparse.numbytes') appendToMap(into, value);
    else if (value.length === 0 && !key.startsWith('SCHILY.xattr.')) into.delete(key);
    else into.set(key, value);
    at = end;
  }
  return null;
}

/** Version 0.0 of GNU sparse repeats its keys, in order; joined they are the map of version 0.1. */
function appendToMap(into: PaxRecords, value: Uint8Array): void {
  const before = into.get('GNU.sparse.map');
  into.set('GNU.sparse.map', before === undefined ? value : Buffer.concat([before, COMMA, value]));
}

function onlyZeros(body: Uint8Array, from: number): boolean {
  for (let i = from; i < body.length; i++) if (body[i] !== 0) return false;
  return true;
}

/** A decimal value of a record, fractions kept; null where there is none or it is not a number. */
export function paxNumber(records: PaxRecords, key: string): number | null {
  const raw = records.get(key);
  if (raw === undefined) return null;
  const text = decoder.decode(raw);
  return /^-?\d+(\.\d*)?$/.test(text) ? Number(text) : null;
}

const XATTR = 'SCHILY.xattr.';

/** Extended attributes carried by the records, by their own names (`security.capability`). */
export function paxXattrs(records: PaxRecords): Map<string, Uint8Array> | null {
  let xattrs: Map<string, Uint8Array> | null = null;
  for (const [key, value] of records) {
    if (!key.startsWith(XATTR)) continue;
    xattrs ??= new Map();
    xattrs.set(key.slice(XATTR.length), value);
  }
  return xattrs;
}
