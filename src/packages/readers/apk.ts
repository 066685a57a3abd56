import type { Package } from '../package.ts';

/** A file that an apk package ships. */
export interface ApkFile {
  readonly package: Package;
  /** From the root, with a leading slash. */
  readonly path: string;
  /** sha1 in hex. */
  readonly sha1: string;
}

/** Packages of apk's database of installed packages: fields of one letter, packages parted by empty lines. */
export function readApk(text: string): Package[] {
  return [...records(text)].map(({ made }) => made);
}

/** Files with a checksum: `F:` names a folder, `R:` a file in it, `Z:Q1…` its sha1 in base64. */
export function* readApkFiles(text: string): Generator<ApkFile> {
  for (const { made, lines } of records(text)) {
    let folder = '';
    let name = '';
    for (const line of lines) {
      const value = line.slice(2);
      if (line.startsWith('F:')) folder = value;
      else if (line.startsWith('R:')) name = value;
      else if (line.startsWith('Z:Q1') && name !== '') {
        const path = folder === '' ? `/${name}` : `/${folder}/${name}`;
        yield { package: made, path, sha1: Buffer.from(value.slice(2), 'base64').toString('hex') };
      }
    }
  }
}

function* records(text: string): Generator<{ made: Package; lines: readonly string[] }> {
  for (const block of text.split(/\n\s*\n/)) {
    const lines = block.split('\n');
    const of = (letter: string): string | null =>
      lines.find((line) => line.startsWith(`${letter}:`))?.slice(2) ?? null;
    const [name, version] = [of('P'), of('V')];
    if (name === null || version === null) continue;
    const source = of('o');
    const made: Package = {
      ecosystem: 'apk',
      name,
      version,
      architecture: of('A'),
      source: source === name ? null : source,
    };
    yield { made, lines };
  }
}
