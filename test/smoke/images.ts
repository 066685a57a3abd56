import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { FixtureCompression } from '../../fixtures/compress.ts';
import { demoArchive } from '../../fixtures/demo.ts';
import { dockerArchive, ociArchive } from '../../fixtures/forms.ts';
import { buildImage, type FixtureImage } from '../../fixtures/image.ts';
import { writeDir, writeOciLayout } from '../../fixtures/on-disk.ts';
import { dir, file, whiteout } from '../../fixtures/tar.ts';

/** A file that is in layer 0 of the small image but not in the final tree. */
export const DELETED = { path: '/app/notes.txt', content: 'written, then deleted\n' };

/** An image with three layers: a directory of files, one deleted, one changed. */
function smallImage(compression: FixtureCompression): Promise<FixtureImage> {
  return buildImage({
    names: ['shop/app:2'],
    steps: [
      {
        compression,
        createdBy: 'COPY app/ /app/ # buildkit',
        entries: [
          dir('app/'),
          file('app/main.js', `${'console.log(1);\n'.repeat(40_000)}`),
          file('app/notes.txt', DELETED.content),
          file('app/tool', 'program', { mode: 0o4755 }),
        ],
      },
      { empty: true, createdBy: 'ENV A=1' },
      { compression, createdBy: 'RUN rm /app/notes.txt # buildkit', entries: [whiteout('app/notes.txt')] },
      { compression, createdBy: 'RUN edit # buildkit', entries: [file('app/main.js', 'changed\n')] },
    ],
  });
}

/**
 * Writes the small image in every format, and the demonstration image, to a directory.
 * @returns the paths by name
 */
export async function writeImages(folder: string): Promise<ReadonlyMap<string, string>> {
  const plain = await smallImage('none');
  const members = await smallImage('gzip-members');
  const archives: [string, Uint8Array][] = [
    ['demo', (await demoArchive()).bytes],
    ['docker-archive', await dockerArchive([plain], { form: 'legacy' })],
    ['docker 25', await dockerArchive([plain], { form: 'hybrid' })],
    ['oci gzip, many members', await ociArchive([members])],
    ['oci zstd', await ociArchive([await smallImage('zstd')])],
    ['oci zstd, many frames', await ociArchive([await smallImage('zstd-frames')])],
    ['oci zstd, skippable frames', await ociArchive([await smallImage('zstd-skippable')])],
  ];
  const paths = new Map<string, string>();
  for (const [name, bytes] of archives) {
    const target = path.join(folder, `${name.replaceAll(/\W+/g, '-')}.tar`);
    await writeFile(target, bytes);
    paths.set(name, target);
  }
  paths.set('oci layout', path.join(folder, 'layout'));
  await writeOciLayout([members], path.join(folder, 'layout'));
  paths.set('dir', path.join(folder, 'dir'));
  await writeDir(members, path.join(folder, 'dir'));
  return paths;
}
