import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { dockerArchive } from '../../fixtures/forms.ts';
import { manyFiles } from '../../fixtures/many.ts';
import { largeImage, type LargeImage } from './large-image.ts';
import { alternate, type Contender, residentSet } from './measure.ts';

/**
 * `npm run bench` prints the figures of docs/performance.md. Options: `--node PATH` for a Node other than
 * the pinned one, `--folder DIR` to keep the large image and use it again, `--runs N`.
 */

interface Comparison {
  readonly name: string;
  /** The command of exhume; the whole process is measured. */
  readonly ours: string;
  readonly other: Contender;
  /** The goal for the ratio, if there is one. */
  readonly atMost: number | null;
}

const top = path.join(import.meta.dirname, '../..');
const { values } = parseArgs({
  options: {
    node: { type: 'string', default: process.execPath },
    folder: { type: 'string' },
    runs: { type: 'string', default: '5' },
  },
});
const folder = values.folder ?? mkdtempSync(path.join(tmpdir(), 'exhume-bench-'));
const exhume = `'${values.node}' '${path.join(top, 'bin/exhume.js')}'`;

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function each(files: readonly string[], command: (file: string) => string): string {
  return files.map((file) => command(`'${file}'`)).join(' && ');
}

function comparisons(image: LargeImage): Comparison[] {
  const summary = (file: string, options = '--no-verify'): string => `${exhume} summary '${file}' ${options}`;
  const history = (file: string): string => `${exhume} history '${file}'`;
  return [
    {
      name: 'docker-archive: tree and ledger ready',
      ours: summary(image.dockerArchive),
      other: { name: '`tar -tvf` of the layers', command: each(image.layers, (f) => `tar -tvf ${f}`) },
      atMost: 0.7,
    },
    {
      name: 'OCI gzip: the same',
      ours: summary(image.ociGzip),
      other: {
        name: '`gzip -dc \\| tar -t` of the layers in turn',
        command: each(image.gzipLayers, (f) => `gzip -dc ${f} | tar -t`),
      },
      atMost: 0.3,
    },
    {
      name: 'OCI zstd: the same',
      ours: summary(image.ociZstd),
      other: {
        name: '`zstd -dc \\| tar -t` of the layers in turn',
        command: each(image.zstdLayers, (f) => `zstd -dc ${f} | tar -t`),
      },
      atMost: 0.8,
    },
    {
      name: 'docker-archive: the same with all diffIDs',
      // Not `summary`: when it verifies digests, it also searches for findings.
      ours: history(image.dockerArchive),
      other: {
        name: '`openssl dgst -sha256` of the layers',
        command: each(image.layers, (f) => `openssl dgst -sha256 ${f}`),
      },
      atMost: 0.9,
    },
    {
      name: 'OCI gzip: the same with all digests and diffIDs',
      ours: history(image.ociGzip),
      other: {
        name: '`gzip -dc \\| openssl dgst -sha256`',
        command: each(image.gzipLayers, (f) => `gzip -dc ${f} | openssl dgst -sha256`),
      },
      atMost: null,
    },
    {
      name: 'start: `exhume --version`',
      ours: `${exhume} --version`,
      other: { name: '`node -e 0`', command: `'${values.node}' -e 0` },
      atMost: null,
    },
    {
      name: 'start: `exhume summary` of the demonstration image',
      ours: `${exhume} summary`,
      other: { name: '`node -e 0`', command: `'${values.node}' -e 0` },
      atMost: null,
    },
  ];
}

async function timings(image: LargeImage): Promise<void> {
  print('| case | against | exhume, s (CPU) | other, s (CPU) | ratio | at most |');
  print('| --- | --- | --- | --- | --- | --- |');
  for (const { name, ours, other, atMost } of comparisons(image)) {
    const pair = [{ name: 'exhume', command: ours }, other];
    const [mine, theirs] = (await alternate(pair, Number(values.runs))) as [Timing, Timing];
    const ratio = (mine.wall / theirs.wall).toFixed(2);
    const goal = atMost === null ? '' : String(atMost);
    print(`| ${name} | ${other.name} | ${seconds(mine)} | ${seconds(theirs)} | ${ratio} | ${goal} |`);
  }
}

type Timing = Awaited<ReturnType<typeof alternate>>[number];

function seconds({ wall, cpu }: Timing): string {
  return `${wall.toFixed(2)} (${cpu.toFixed(2)})`;
}

/** Prints the peak resident set by number of entries. The archives contain only headers. */
async function memory(image: LargeImage): Promise<void> {
  const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(0);
  const summary = (file: string): Promise<number> =>
    residentSet(values.node, [path.join(top, 'bin/exhume.js'), 'summary', file, '--no-verify']);
  print('| whole process, at its largest | MB resident |');
  print('| --- | --- |');
  print(`| \`node -e 0\` | ${megabytes(await residentSet(values.node, ['-e', '0']))} |`);
  const sizes = [1_000, 100_000, 500_000];
  const resident: number[] = [];
  for (const count of sizes) {
    const file = path.join(folder, `many-${count}.tar`);
    writeFileSync(file, await dockerArchive([await manyFiles(count, { layers: 4 })], { form: 'podman' }));
    resident.push(await summary(file));
    print(`| docker-archive, ${count.toLocaleString('en')} entries | ${megabytes(resident.at(-1)!)} |`);
    rmSync(file);
  }
  const slope = ((resident[2]! - resident[1]!) / (sizes[2]! - sizes[1]!)) * 1e5;
  print(`| each further 100,000 entries (goal: 10) | ${(slope / 1e6).toFixed(1)} |`);
  print(
    `| the large image as docker-archive (goal: 150) | ${megabytes(await summary(image.dockerArchive))} |`,
  );
  print(`| the large image as OCI gzip | ${megabytes(await summary(image.ociGzip))} |`);
  print(`| the large image as OCI zstd | ${megabytes(await summary(image.ociZstd))} |`);
}

async function bench(): Promise<void> {
  const { stdout: version } = await execa(values.node, ['--version']);
  const image = await largeImage(path.join(folder, 'large'), top);
  const { entries, size, gzipSize, zstdSize } = image.facts;
  const mega = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
  print(
    `Node ${version}, ${availableParallelism()} cores (${cpus()[0]?.model}), ${mega(totalmem())} of memory`,
  );
  print(
    `load before: ${loadavg()[0]!.toFixed(2)}; medians of ${values.runs} alternating runs, page cache warm`,
  );
  print(
    `image: ${image.layers.length} layers, ${entries.toLocaleString('en')} entries, ` +
      `${mega(size)}; gzip ${mega(gzipSize)}, zstd ${mega(zstdSize)}`,
  );
  print('');
  await timings(image);
  print('');
  await memory(image);
}

try {
  await bench();
} finally {
  if (values.folder === undefined) rmSync(folder, { recursive: true, force: true });
}
