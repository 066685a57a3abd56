import type { Package } from '../package.ts';

/** What begins the build information of a Go program (Go, debug/buildinfo). */
export const GO_MAGIC = Buffer.from('\xff Go buildinf:', 'latin1');
/** Flag in byte 15: version and modules follow as strings, as Go has written them since 1.18. */
const INLINE = 2;
const HEADER = 32;
/** The lines of modules lie between 16 bytes that no program has by chance. */
const SENTINEL = 16;

/** What a Go program says about how it was built. */
export interface GoBuildInfo {
  /** `go1.22.1` */
  readonly goVersion: string;
  /** The main module first, where it has a version; replaced modules by what replaces them. */
  readonly modules: readonly Package[];
}

/**
 * Reads build information.
 * @param bytes from {@link GO_MAGIC} on, as much as there is
 * @returns null where it is of Go before 1.18, which keeps it behind pointers, or cut short
 */
export function readGoBuildInfo(bytes: Uint8Array): GoBuildInfo | null {
  if (bytes.length < HEADER || (bytes[15]! & INLINE) === 0) return null;
  const version = stringAt(bytes, HEADER);
  if (version === null) return null;
  const modules = stringAt(bytes, version.end);
  if (modules === null) return null;
  const text = modules.text.length > 2 * SENTINEL ? modules.text.slice(SENTINEL, -SENTINEL) : '';
  return { goVersion: version.text, modules: readModules(Buffer.from(text, 'latin1').toString('utf8')) };
}

/** A string behind its length, which is a varint (encoding/binary, Uvarint). */
function stringAt(bytes: Uint8Array, start: number): { text: string; end: number } | null {
  let length = 0;
  let at = start;
  for (let shift = 0; ; shift += 7, at++) {
    const byte = bytes[at];
    if (byte === undefined || shift > 28) return null;
    length += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) break;
  }
  at++;
  if (at + length > bytes.length) return null;
  return { text: Buffer.from(bytes.subarray(at, at + length)).toString('latin1'), end: at + length };
}

/** Lines of `mod`, `dep` and `=>` with path, version and sum, parted by tabs (runtime/debug, ParseBuildInfo). */
function readModules(text: string): Package[] {
  const modules: Package[] = [];
  for (const line of text.split('\n')) {
    const [kind = '', name = '', version = ''] = line.split('\t');
    if (kind === '=>' && modules.length > 0) modules.pop();
    else if (kind !== 'mod' && kind !== 'dep') continue;
    if (name !== '') modules.push({ ecosystem: 'golang', name, version, architecture: null, source: null });
  }
  return modules.filter(({ version }) => version !== '' && version !== '(devel)');
}
