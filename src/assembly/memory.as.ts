import { BLOCK } from './header.as';

/** How the memory is laid out that the loop works in: what a run found, the bytes of the tar, and then free room. */

/** Members that one run gives at most: so many blocks fit into the window. */
export const MOST: u32 = 256;

// What a run found, a column each; the first byte is not used, since an address of 0 means none to people.
export const PATH: u32 = 1024;
export const UID: u32 = PATH + 4 * MOST;
export const GID: u32 = UID + 4 * MOST;
/** Where the member's first header begins in memory. */
export const HEADER: u32 = GID + 4 * MOST;
/** Where the header begins that tells its type, and the target of a link. */
export const OWN_HEADER: u32 = HEADER + 4 * MOST;
export const SIZE: u32 = OWN_HEADER + 4 * MOST;
export const MTIME: u32 = SIZE + 8 * MOST;
export const MODE: u32 = MTIME + 8 * MOST;
export const FLAG: u32 = MODE + 2 * MOST;
/** The folder of the last member, as its name begins. */
export const LAST_FOLDER: u32 = FLAG + MOST;
/** The bytes of the tar, which whoever calls reads to here. */
export const WINDOW: u32 = 16384;
export const WINDOW_SIZE: u32 = MOST * BLOCK;
/** Free memory begins here. */
export const FREE: u32 = WINDOW + WINDOW_SIZE;
