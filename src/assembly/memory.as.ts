import { BLOCK } from './header.as';

/** The memory layout: the results of a run, then the bytes of the tar, then free memory. */

/** Maximum number of members per run: as many blocks as fit into the window. */
export const MAX_MEMBERS: u32 = 256;

// The results of a run, one column each. Address 0 is not used, because people read it as null.
export const PATH: u32 = 1024;
export const UID: u32 = PATH + 4 * MAX_MEMBERS;
export const GID: u32 = UID + 4 * MAX_MEMBERS;
/** Address of the member's first header. */
export const HEADER: u32 = GID + 4 * MAX_MEMBERS;
/** Address of the member's own header, with its type and link target. */
export const OWN_HEADER: u32 = HEADER + 4 * MAX_MEMBERS;
export const SIZE: u32 = OWN_HEADER + 4 * MAX_MEMBERS;
export const MTIME: u32 = SIZE + 8 * MAX_MEMBERS;
export const MODE: u32 = MTIME + 8 * MAX_MEMBERS;
export const FLAG: u32 = MODE + 2 * MAX_MEMBERS;
/** The directory part of the last member's name. */
export const LAST_FOLDER: u32 = FLAG + MAX_MEMBERS;
/** The bytes of the tar; the caller writes them here. */
export const WINDOW: u32 = 16384;
export const WINDOW_SIZE: u32 = MAX_MEMBERS * BLOCK;
/** Start of the free memory. */
export const FREE: u32 = WINDOW + WINDOW_SIZE;
