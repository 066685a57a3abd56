import type { Package } from '../package.ts';

/** The magic at the start of the build information in a Go program (Go, debug/buildinfo). */
export const GO_MAGIC = Buffer.from('\xff Go buildinf:', 'latin1');
/** Flag in byte 15: version and modules follow as strings. Set since Go 1.18. */
const INLINE = 2;
const HEADER = 32;
/** Length of the random bytes in front of and after the module lines. */
const SENTINEL = 16;

/** Build information of a Go program. */
export interface GoBuildInfo {
  /** `go1.22.1` */
  readonly goVersion: string;
  /** The main module first, if it has a version. A replaced module is listed as its replacement. */
  readonly modules: readonly Package[];
}

/**
 * Parses build information.
 * @param bytes the bytes from {@link GO_MAGIC} on; trailing bytes are ignored
 * @returns null if it is truncated, or in the format before Go 1.18, which uses pointers
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

/** Reads a string with a varint length prefix (encoding/binary, Uvarint); null if it is truncated. */
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

/** Parses lines of `mod`, `dep` and `=>` with path, version and sum, separated by tabs (runtime/debug, ParseBuildInfo). */
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
