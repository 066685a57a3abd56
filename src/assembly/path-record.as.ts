import { BLOCK, endOf, fourDigits, NONE, sevenDigits, sumHolds } from './header.as';

/** Extended headers that give a path and nothing else: what those of long names are. */

/** Bytes of the longest record that is read here. */
const LONGEST: u32 = 1000;

/**
 * The length of an extended header's records, where they are one that gives the path: "29 path=...\n".
 * @returns 0 for any other, and where not all of it is there
 */
export function pathRecord(at: u32, stop: u32): u32 {
  if (!sumHolds(at) || fourDigits(at + 124) != 0) return 0;
  const length = sevenDigits(at + 128);
  if (length == NONE || length > LONGEST || at + BLOCK + length > stop) return 0;
  const value = valueOf(at + BLOCK);
  const end = at + BLOCK + length - 1;
  if (value == 0 || value >= end || load<u8>(end) != 0x0a) return 0;
  // The number in front is the record's own length.
  let told: u32 = 0;
  for (let i = at + BLOCK; i < value - 6; i++) told = told * 10 + (<u32>load<u8>(i) - 0x30);
  if (told != length || endOf(value, end) != end) return 0;
  return length;
}

/** Where the value begins of a record that gives a path; 0 for any other. */
export function valueOf(record: u32): u32 {
  let at = record;
  while (at < record + 4 && <u32>load<u8>(at) - 0x30 < 10) at++;
  // " pat" and "h=", behind a number that does not begin with a zero.
  if (at == record || load<u8>(record) == 0x30) return 0;
  return load<u32>(at) == 0x74617020 && load<u16>(at, 4) == 0x3d68 ? at + 6 : 0;
}
