import type { Package } from '../package.ts';

/** A file that an apk package ships. */
export interface ApkFile {
  readonly package: Package;
  /** From the root, with a leading slash. */
  readonly path: string;
  /** sha1 in hex. */
  readonly sha1: string;
}

/** Parses the apk database of installed packages: one-letter fields, with an empty line between packages. */
export function readApk(text: string): Package[] {
  return [...records(text)].map(({ pkg }) => pkg);
}

/** Returns the files with a checksum: `F:` names a directory, `R:` a file in it, `Z:Q1…` its sha1 in base64. */
export function* readApkFiles(text: string): Generator<ApkFile> {
  for (const { lines, pkg } of records(text)) {
    let directory = '';
    let name = '';
    for (const line of lines) {
      const value = line.slice(2);
      if (line.startsWith('F:')) directory = value;
      else if (line.startsWith('R:')) name = value;
      else if (line.startsWith('Z:Q1') && name !== '') {
        const path = directory === '' ? `/${name}` : `/${directory}/${name}`;
        yield { package: pkg, path, sha1: Buffer.from(value.slice(2), 'base64').toString('hex') };
      }
    }
  }
}

function* records(text: string): Generator<{ pkg: Package; lines: readonly string[] }> {
  for (const block of text.split(/\n\s*\n/)) {
    const lines = block.split('\n');
    const of = (letter: string): string | null =>
      lines.find((line) => line.startsWith(`${letter}:`))?.slice(2) ?? null;
    const [name, version] = [of('P'), of('V')];
    if (name === null || version === null) continue;
    const source = of('o');
    const pkg: Package = {
      ecosystem: 'apk',
      name,
      version,
      architecture: of('A'),
      source: source === name ? null : source,
    };
    yield { pkg, lines };
  }
}
