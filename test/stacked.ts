import { existsSync } from 'node:fs';
import path from 'node:path';
import { openPath } from '../src/image/open.ts';
import { LayerPool } from '../src/layer/pool.ts';
import { stackImage } from '../src/ledger/stack.ts';
import type { StackedImage } from '../src/ledger/stacked-image.ts';

const IMAGES = path.join(import.meta.dirname, '../../shared/images');

if (!existsSync(IMAGES)) console.log('../shared/images is not there: skipping the tests on images in it');

/**
 * The file of an image made by another project, where they lie beside the checkout; skips the test
 * where it does not.
 * @param skip the test context's own
 */
export function sharedImage(name: string, skip: (note: string) => never): string {
  const file = path.join(IMAGES, name);
  if (!existsSync(file)) skip(`../shared/images/${name} is not there`);
  return file;
}

/** Opens the first image of an archive, reads its layers on this thread and stacks them. */
export async function stackedImage(file: string): Promise<StackedImage> {
  const archive = await openPath(file);
  const pool = new LayerPool(0);
  try {
    return await stackImage(archive.choices[0]!.open(), { pool, verify: 'never' });
  } finally {
    pool.close();
  }
}
