import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { isSystemError } from '../../bytes/system-error.ts';
import type { ArrivalOptions } from './arriving.ts';

/** Interval between two checks of the directory for the progress line, in milliseconds. */
const INTERVAL = 250;

/** Smaller blobs are usually manifests or configs, not layers. */
const SMALL_BLOB = 16 << 10;

export interface FolderWatch {
  /** Stops watching and returns the bytes in the directory. */
  stop(): number;
}

/**
 * Watches how much another program has written to a layout directory. Until the manifest exists only the
 * number of bytes is exact; large blobs are counted as layers.
 */
export function watchLayout(
  folder: string,
  { onProgress, onLayer }: Pick<ArrivalOptions, 'onProgress' | 'onLayer'>,
): FolderWatch {
  const reported = new Set<string>();
  const look = (): number => {
    const { bytes, blobs } = measure(folder);
    onProgress?.({ bytes, layers: blobs.length });
    for (const { file, size } of blobs) {
      if (reported.has(file)) continue;
      reported.add(file);
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

/** Measures the files. skopeo and crane rename a blob to its digest only when it is complete. */
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

/** Lists the files. The directory may not exist yet and may change meanwhile, so errors are ignored. */
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
