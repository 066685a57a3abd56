import { BLOCK, endOf, fourDigits, NONE, sevenDigits, sumHolds } from './header.as';

/** Reads extended headers whose only record is a path, as written for long names. */

/** Maximum length of a record in bytes; longer ones are left to PaxRecords. */
const MAX_RECORD: u32 = 1000;

/**
 * Returns the length of an extended header's only record, if it is a path: "29 path=...\n".
 * @returns 0 for any other header, and if it is not complete
 */
export function pathRecord(at: u32, stop: u32): u32 {
  if (!sumHolds(at) || fourDigits(at + 124) != 0) return 0;
  const length = sevenDigits(at + 128);
  if (length == NONE || length > MAX_RECORD || at + BLOCK + length > stop) return 0;
  const value = valueOf(at + BLOCK);
  const end = at + BLOCK + length - 1;
  if (value == 0 || value >= end || load<u8>(end) != 0x0a) return 0;
  // The number at the start is the length of the record.
  let declared: u32 = 0;
  for (let i = at + BLOCK; i < value - 6; i++) declared = declared * 10 + (<u32>load<u8>(i) - 0x30);
  if (declared != length || endOf(value, end) != end) return 0;
  return length;
}

/** Returns the address of a path record's value; 0 for any other record. */
export function valueOf(record: u32): u32 {
  let at = record;
  while (at < record + 4 && <u32>load<u8>(at) - 0x30 < 10) at++;
  // " pat" and "h=", after a number without a leading zero.
  if (at == record || load<u8>(record) == 0x30) return 0;
  return load<u32>(at) == 0x74617020 && load<u16>(at, 4) == 0x3d68 ? at + 6 : 0;
}
