import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { ArrivalProgress } from './arriving.ts';

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
  onProgress: ((progress: ArrivalProgress) => void) | undefined,
): FolderWatch {
  const timer = onProgress === undefined ? null : setInterval(() => onProgress(measure(folder)), INTERVAL);
  return {
    stop: () => {
      if (timer !== null) clearInterval(timer);
      return measure(folder).bytes;
    },
  };
}

function measure(folder: string): ArrivalProgress {
  let bytes = 0;
  let layers = 0;
  for (const file of listFiles(folder)) {
    const size = sizeOf(file);
    bytes += size;
    if (size >= SMALL_BLOB && /^[0-9a-f]{64}$/.test(path.basename(file))) layers++;
  }
  return { bytes, layers };
}

/** The folder may not be there yet, and its files come and go. */
function listFiles(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => path.join(folder, name));
  } catch {
    return [];
  }
}

function sizeOf(file: string): number {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat?.isFile() ? stat.size : 0;
}
