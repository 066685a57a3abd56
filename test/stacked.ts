import { existsSync } from 'node:fs';
import path from 'node:path';
import { openPath } from '../src/image/open.ts';
import { LayerPool } from '../src/layer/pool.ts';
import { stackImage } from '../src/ledger/stack.ts';
import type { StackedImage } from '../src/ledger/stacked-image.ts';

const IMAGES = path.join(import.meta.dirname, '../../shared/images');

/** Images made by other projects, where they lie beside the checkout. */
export function sharedImage(name: string): { readonly file: string; readonly missing: string | null } {
  const file = path.join(IMAGES, name);
  const missing = existsSync(file) ? null : `skipped: ../shared/images/${name} is not there`;
  return { file, missing };
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
