import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ArrivalProgress, ArrivedLayer } from '../../src/image/engines/arriving.ts';
import { watchLayout } from '../../src/image/engines/layout-watch.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'layout-watch-test-'));
  mkdirSync(path.join(folder, 'blobs/sha256'), { recursive: true });
  vi.useFakeTimers();
});

afterEach(async () => {
  vi.useRealTimers();
  await rm(folder, { recursive: true, force: true });
});

function write(name: string, size: number): void {
  writeFileSync(path.join(folder, 'blobs/sha256', name), new Uint8Array(size));
}

it('reports the bytes written, and each complete blob once', () => {
  const layers: ArrivedLayer[] = [];
  const progress: ArrivalProgress[] = [];
  const watch = watchLayout(folder, {
    onLayer: (layer) => layers.push(layer),
    onProgress: (each) => progress.push(each),
  });
  const name = 'ab'.repeat(32);
  // A blob has another name while it is written, and a config is not a layer.
  write('oci-put-blob12345', 50_000);
  write('cd'.repeat(32), 900);
  vi.advanceTimersByTime(300);
  expect(layers).toEqual([]);
  write(name, 70_000);
  vi.advanceTimersByTime(900);
  const extent = {
    source: { kind: 'file', path: path.join(folder, 'blobs/sha256', name) },
    offset: 0,
    size: 70_000,
  };
  expect(layers).toEqual([{ name, extent }]);
  expect(progress.at(0)).toEqual({ bytes: 50_900, layers: 0 });
  expect(progress.at(-1)).toEqual({ bytes: 120_900, layers: 1 });
  expect(watch.stop()).toBe(120_900);
  vi.advanceTimersByTime(900);
  expect(progress).toHaveLength(4);
});
