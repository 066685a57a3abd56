import { BLOCK, endOf, FILE, flag, gid, mode, mtime, NONE, padded, readHeader, size, uid } from './header.as';
import { FLAG, GID, HEADER, MODE, MOST, MTIME, OWN_HEADER, PATH, SIZE, UID } from './memory.as';
import { pathRecord, valueOf } from './path-record.as';
import { pathOf, tableHas } from './paths.as';

/**
 * The index's inner loop, in AssemblyScript (a TypeScript that becomes WebAssembly): reads the headers of a
 * tar's members one behind the other and puts their paths into the image's table. It takes two fifths of
 * the time that the same takes in JavaScript, a part of which passes before V8 has compiled it.
 *
 * It knows members of the form that nearly all have, and leaves at the first of any other: TarParser, DirectoryStack
 * and PathTable do the same for all of them, and say what is right. `run` is called again behind that one.
 */
export {
  FLAG,
  FREE,
  GID,
  HEADER,
  MODE,
  MOST,
  MTIME,
  OWN_HEADER,
  PATH,
  SIZE,
  UID,
  WINDOW,
  WINDOW_SIZE,
} from './memory.as';
export { columnsAt, forgetFolder, namesAt, namesUsed, paths, slotsAt } from './paths.as';

/** The type flag of an extended header (POSIX.1-2001, pax). */
const EXTENDED: u32 = 0x78;

/** Where the next header begins, and the end of the last member's bytes: addresses, far behind the window too. */
export let next: f64 = 0;
export let dataEnd: f64 = 0;

/**
 * Takes as many members of the usual form as stand from `first` on, one behind the other.
 * @param first where the first header begins, on a block of the tar
 * @param stop where the bytes of the tar end
 * @param pathCount how many paths the table has
 * @param used bytes of names that it has
 * @param leave files at paths below this one are left, since somebody wants their contents
 * @returns how many members there are in the columns; `next` is where the one begins that was left
 */
export function run(first: u32, stop: u32, pathCount: u32, used: u32, leave: u32): u32 {
  tableHas(pathCount, used);
  let count: u32 = 0;
  let at = first;
  next = <f64>at;
  while (count < MOST && at + BLOCK <= stop) {
    let header = at;
    let name = at;
    let nameEnd: u32 = 0;
    if (load<u8>(at, 156) == EXTENDED) {
      const length = pathRecord(at, stop);
      if (length == 0) break;
      nameEnd = at + BLOCK + length - 1;
      name = valueOf(at + BLOCK);
      header = at + BLOCK + padded(length);
      if (header + BLOCK > stop) break;
    }
    if (!readHeader(header)) break;
    if (nameEnd == 0) nameEnd = endOf(name, name + 100);
    const path = pathOf(name, nameEnd);
    if (path == NONE || (path < leave && flag == FILE)) break;
    store<u32>(PATH + (count << 2), path);
    store<u32>(UID + (count << 2), uid);
    store<u32>(GID + (count << 2), gid);
    store<u32>(HEADER + (count << 2), at);
    store<u32>(OWN_HEADER + (count << 2), header);
    store<f64>(SIZE + (count << 3), <f64>size);
    store<f64>(MTIME + (count << 3), <f64>mtime);
    store<u16>(MODE + (count << 1), <u16>(mode & 0o7777));
    store<u8>(FLAG + count, <u8>flag);
    count++;
    const bytes = <f64>(header + BLOCK);
    dataEnd = bytes + <f64>size;
    next = bytes + <f64>((size + BLOCK - 1) & ~(<u64>BLOCK - 1));
    if (next >= <f64>stop) break;
    at = <u32>next;
  }
  return count;
}
