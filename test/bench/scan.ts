import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { alternate } from './measure.ts';
import { largeImage } from './large-image.ts';

/**
 * `node test/bench/scan.ts`: the whole of `exhume scan` on a large image with gzip layers: CPU seconds against
 * `gzip -dc` of the same layers, and the clock on all cores against one. Options: `--node PATH` for another
 * Node than the pinned one, `--folder DIR` to keep the large image and use it again, `--runs N`.
 */

const top = path.join(import.meta.dirname, '../..');
const { values } = parseArgs({
  options: {
    node: { type: 'string', default: process.execPath },
    folder: { type: 'string' },
    runs: { type: 'string', default: '3' },
  },
});
const folder = values.folder ?? mkdtempSync(path.join(tmpdir(), 'exhume-bench-'));

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

try {
  const { ociGzip, gzipLayers } = await largeImage(path.join(folder, 'large'), top);
  const scan = `'${values.node}' '${path.join(top, 'bin/exhume.js')}' scan '${ociGzip}'`;
  const contenders = [
    { name: '`gzip -dc`', command: gzipLayers.map((layer) => `gzip -dc '${layer}'`).join(' && ') },
    { name: '`exhume scan`', command: scan },
    { name: '`exhume scan --no-unpack`', command: `${scan} --no-unpack` },
    { name: '`exhume scan`, one core', command: `taskset -c 0 ${scan}` },
  ];
  print(`Node ${process.version}, ${cpus().length} cores; load before: ${loadavg()[0]!.toFixed(2)}`);
  const timings = await alternate(contenders, Number(values.runs));
  const [gzip, whole] = timings;
  print('\n| what | CPU, s | against `gzip -dc` | clock, s |');
  print('| --- | --- | --- | --- |');
  for (const [index, { name }] of contenders.entries()) {
    const { cpu, wall } = timings[index]!;
    print(`| ${name} | ${cpu.toFixed(1)} | ${(cpu / gzip!.cpu).toFixed(2)} | ${wall.toFixed(1)} |`);
  }
  print(`\nclock on all cores against one: ${(whole!.wall / timings.at(-1)!.wall).toFixed(2)}`);
} finally {
  if (values.folder === undefined) rmSync(folder, { recursive: true, force: true });
}
