import { BLOCK, endOf, FILE, flag, gid, mode, mtime, NONE, padded, readHeader, size, uid } from './header.as';
import { FLAG, GID, HEADER, MODE, MAX_MEMBERS, MTIME, OWN_HEADER, PATH, SIZE, UID } from './memory.as';
import { pathRecord, valueOf } from './path-record.as';
import { pathOf, tableHas } from './paths.as';

/**
 * The index's inner loop, in AssemblyScript (a TypeScript that compiles to WebAssembly): reads the headers of
 * consecutive members of a tar and adds their paths to the image's table. It takes two fifths of the time of
 * the same loop in JavaScript, partly because V8 needs time to compile that.
 *
 * It reads members of the plain form, which nearly all have, and stops at the first other one. TarParser,
 * DirectoryStack and PathTable read every form and are the reference. `run` is called again after that member.
 */
export {
  FLAG,
  FREE,
  GID,
  HEADER,
  MODE,
  MAX_MEMBERS,
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

/** Addresses of the next header, and of the end of the last member's content; both may be far after the window. */
export let next: f64 = 0;
export let dataEnd: f64 = 0;

/**
 * Reads consecutive members of the plain form from `first` on.
 * @param first address of the first header, at a block of the tar
 * @param stop end address of the bytes of the tar
 * @param pathCount number of paths in the table
 * @param used bytes of names in the table
 * @param leave stops at a file whose path number is below this one, because its content is needed
 * @returns the number of members in the columns; `next` is the address of the first member not read
 */
export function run(first: u32, stop: u32, pathCount: u32, used: u32, leave: u32): u32 {
  tableHas(pathCount, used);
  let count: u32 = 0;
  let at = first;
  next = <f64>at;
  while (count < MAX_MEMBERS && at + BLOCK <= stop) {
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
