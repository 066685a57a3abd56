/** The type of a file, detected from its first bytes. */
export interface FileKind {
  /** Keyword for programs; it selects the viewer. */
  readonly kind:
    | 'empty'
    | 'text'
    | 'script'
    | 'pem'
    | 'elf'
    | 'program'
    | 'image'
    | 'database'
    | 'archive'
    | 'compressed'
    | 'keystore'
    | 'document'
    | 'bytecode'
    | 'binary';
  /** Description for people. */
  readonly title: string;
}

interface Signature {
  readonly offset?: number;
  /** Bytes as Latin-1 text. */
  readonly magic: string;
  readonly kind: FileKind['kind'];
  readonly title: string;
}

/** From the specifications of the formats. Longer and rarer signatures come first. */
const SIGNATURES: readonly Signature[] = [
  { magic: 'SQLite format 3\0', kind: 'database', title: 'SQLite database' },
  { magic: '\x89PNG\r\n\x1a\n', kind: 'image', title: 'PNG image' },
  { magic: 'GIF87a', kind: 'image', title: 'GIF image' },
  { magic: 'GIF89a', kind: 'image', title: 'GIF image' },
  { magic: '\xff\xd8\xff', kind: 'image', title: 'JPEG image' },
  { offset: 8, magic: 'WEBP', kind: 'image', title: 'WebP image' },
  { magic: '\0\0\x01\0', kind: 'image', title: 'Windows icon' },
  { magic: '%PDF-', kind: 'document', title: 'PDF document' },
  { magic: '\xfe\xed\xfe\xed', kind: 'keystore', title: 'Java keystore' },
  { magic: '\xce\xce\xce\xce', kind: 'keystore', title: 'Java JCEKS keystore' },
  { magic: '\x03\xd9\xa2\x9a\x67\xfb\x4b\xb5', kind: 'keystore', title: 'KeePass database' },
  { magic: '\x03\xd9\xa2\x9a\x65\xfb\x4b\xb5', kind: 'keystore', title: 'KeePass 1 database' },
  { magic: 'PuTTY-User-Key-File-', kind: 'pem', title: 'PuTTY private key' },
  { magic: 'PK\x03\x04', kind: 'archive', title: 'zip archive (or jar, wheel, office document)' },
  { magic: 'PK\x05\x06', kind: 'archive', title: 'empty zip archive' },
  { offset: 257, magic: 'ustar', kind: 'archive', title: 'tar archive' },
  { magic: '!<arch>\n', kind: 'archive', title: 'ar archive (static library or Debian package)' },
  { magic: '\xed\xab\xee\xdb', kind: 'archive', title: 'RPM package' },
  { magic: '7z\xbc\xaf\x27\x1c', kind: 'archive', title: '7-Zip archive' },
  { magic: 'Rar!\x1a\x07', kind: 'archive', title: 'RAR archive' },
  { magic: 'PACK\0\0\0\x02', kind: 'archive', title: 'git pack' },
  { magic: '\x1f\x8b', kind: 'compressed', title: 'gzip stream' },
  { magic: '\x28\xb5\x2f\xfd', kind: 'compressed', title: 'zstd stream' },
  { magic: '\xfd7zXZ\0', kind: 'compressed', title: 'xz stream' },
  { magic: 'BZh', kind: 'compressed', title: 'bzip2 stream' },
  { magic: '\xca\xfe\xba\xbe', kind: 'bytecode', title: 'Java class or Mach-O universal binary' },
  { magic: 'MZ', kind: 'program', title: 'Windows program' },
  { magic: '\xcf\xfa\xed\xfe', kind: 'program', title: 'Mach-O program, 64-bit' },
  { magic: '\0asm', kind: 'bytecode', title: 'WebAssembly module' },
  { magic: 'hsqs', kind: 'archive', title: 'squashfs file system' },
  { magic: 'LUKS\xba\xbe', kind: 'binary', title: 'LUKS volume' },
  { magic: '\xde\x12\x04\x95', kind: 'binary', title: 'gettext catalogue' },
  { magic: 'TZif', kind: 'binary', title: 'time zone data' },
];

/** Superblock magic of ext2, ext3 and ext4, 1080 bytes into the file system. */
const EXT_MAGIC = Buffer.from([0x53, 0xef]);

/** Number of leading bytes that {@link fileKind} reads. */
export const KIND_HEAD = 4096;

/** Detects the type of a file from its first bytes. */
export function fileKind(head: Uint8Array): FileKind {
  if (head.length === 0) return { kind: 'empty', title: 'empty file' };
  const latin1 = Buffer.from(head.subarray(0, KIND_HEAD)).toString('latin1');
  if (latin1.startsWith('\x7fELF')) return { kind: 'elf', title: elfTitle(head) };
  for (const { offset = 0, magic, kind, title } of SIGNATURES) {
    if (latin1.startsWith(magic, offset)) return { kind, title };
  }
  const label = /^-----BEGIN ([A-Z0-9 ]{1,60})-----/m.exec(latin1)?.[1];
  if (label !== undefined) return { kind: 'pem', title: `PEM: ${label.toLowerCase()}` };
  if (latin1.startsWith('#!')) {
    const interpreter = /^#!\s*([\x21-\x7e]+)(?: +([\x21-\x7e]+))?/.exec(latin1);
    const name = interpreter?.[1]?.endsWith('/env') ? interpreter[2] : interpreter?.[1];
    return { kind: 'script', title: `script for ${name ?? 'an unknown interpreter'}` };
  }
  return isText(head) ? { kind: 'text', title: 'text' } : { kind: 'binary', title: 'binary data' };
}

/** Describes content that should be a tar archive but is not, for a message. */
export function foreignKind(head: Uint8Array): string {
  if (Buffer.from(head.subarray(1080, 1082)).equals(EXT_MAGIC)) return 'an ext file system';
  const { title } = fileKind(head);
  return title === 'binary data' ? 'unknown data: encrypted, or compressed in an unknown way' : title;
}

const ELF_MACHINES: Readonly<Record<number, string>> = {
  3: 'i386',
  8: 'MIPS',
  21: 'PowerPC 64',
  22: 'S/390',
  40: 'ARM',
  62: 'x86-64',
  183: 'AArch64',
  243: 'RISC-V',
  258: 'LoongArch',
};
const ELF_TYPES: Readonly<Record<number, string>> = {
  1: 'object file',
  2: 'program',
  3: 'program or shared library',
  4: 'core dump',
};

function elfTitle(head: Uint8Array): string {
  if (head.length < 20) return 'truncated ELF file';
  const big = head[5] === 2;
  const half = (at: number): number =>
    big ? (head[at]! << 8) | head[at + 1]! : (head[at + 1]! << 8) | head[at]!;
  const machine = ELF_MACHINES[half(18)] ?? `machine ${half(18)}`;
  return `ELF ${head[4] === 2 ? '64' : '32'}-bit ${ELF_TYPES[half(16)] ?? 'file'}, ${machine}`;
}

/**
 * Reports whether it is text: UTF-8, or UTF-16 with a byte order mark, and hardly any control characters. A
 * truncated last character is accepted.
 */
function isText(head: Uint8Array): boolean {
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) return true;
  let controls = 0;
  for (const byte of head) {
    if (byte === 0) return false;
    if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d && byte !== 0x0c && byte !== 0x1b)
      controls++;
  }
  if (controls * 100 > head.length) return false;
  const decoded = new TextDecoder('utf-8').decode(head.subarray(0, Math.max(1, head.length - 3)));
  const broken = decoded.split('\ufffd').length - 1;
  return broken * 20 <= decoded.length;
}
