/** The supported values of a header's type flag. */
export const Flag = {
  oldRegular: 0,
  regular: 0x30,
  hardlink: 0x31,
  symlink: 0x32,
  character: 0x33,
  block: 0x34,
  directory: 0x35,
  fifo: 0x36,
  contiguous: 0x37,
  paxGlobal: 0x67,
  pax: 0x78,
  solarisPax: 0x58,
  gnuLongName: 0x4c,
  gnuLongLink: 0x4b,
  gnuSparse: 0x53,
  gnuDumpDir: 0x44,
  gnuVolume: 0x56,
  gnuContinued: 0x4d,
  gnuOldNames: 0x4e,
} as const;

/** Reports whether members of this type have content. Links, directories, devices and FIFOs do not, whatever their size field says (as in Go). */
export function hasData(flag: number): boolean {
  return flag < Flag.hardlink || flag > Flag.fifo;
}
