import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { isSystemError } from '../../bytes/system-error.ts';
import type { ArrivalOptions } from './arriving.ts';

/** A look at the folder this often, in milliseconds, is enough for a line of progress. */
const INTERVAL = 250;

/** A blob smaller than this is a manifest or a config more often than a layer. */
const SMALL_BLOB = 16 << 10;

export interface FolderWatch {
  /** Stops looking; gives the bytes that are there. */
  stop(): number;
}

/**
 * Tells how much another program has written into a layout folder. Only its bytes are certain before
 * the manifest is there; blobs of some size are counted as layers.
 */
export function watchLayout(
  folder: string,
  { onProgress, onLayer }: Pick<ArrivalOptions, 'onProgress' | 'onLayer'>,
): FolderWatch {
  const told = new Set<string>();
  const look = (): number => {
    const { bytes, blobs } = measure(folder);
    onProgress?.({ bytes, layers: blobs.length });
    for (const { file, size } of blobs) {
      if (told.has(file)) continue;
      told.add(file);
      onLayer?.({
        name: path.basename(file),
        extent: { source: { kind: 'file', path: file }, offset: 0, size },
      });
    }
    return bytes;
  };
  const timer = setInterval(look, INTERVAL);
  return {
    stop: () => {
      clearInterval(timer);
      return measure(folder).bytes;
    },
  };
}

/** A blob has its name, the digest, only once it is whole: skopeo and crane write it under another first. */
function measure(folder: string): { bytes: number; blobs: { file: string; size: number }[] } {
  let bytes = 0;
  const blobs: { file: string; size: number }[] = [];
  for (const file of listFiles(folder)) {
    const size = sizeOf(file);
    bytes += size;
    if (size >= SMALL_BLOB && /^[0-9a-f]{64}$/.test(path.basename(file))) blobs.push({ file, size });
  }
  return { bytes, blobs };
}

/** The directory may not exist yet, and its files come and go: progress then shows what can be listed. */
function listFiles(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => path.join(folder, name));
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return [];
  }
}

function sizeOf(file: string): number {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat?.isFile() ? stat.size : 0;
}
