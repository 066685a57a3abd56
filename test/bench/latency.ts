import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs, stripVTControlCharacters } from 'node:util';
import { dockerArchive } from '../../fixtures/forms.ts';
import { manyFiles } from '../../fixtures/many.ts';
import { BenchTerminal } from './terminal.ts';

/**
 * `node test/bench/latency.ts`: the built program in a real terminal (script(1) of util-linux, on Linux), an
 * image of 500,000 entries, one folder of which has 50,000: milliseconds from a key to the end of the frame
 * that shows what it did. Options: `--node PATH` for another Node than the pinned one.
 */

const SIZES = [
  { columns: 120, rows: 40 },
  { columns: 200, rows: 60 },
] as const;
const [RIGHT, PAGE_DOWN, PAGE_UP] = ['\x1b[C', '\x1b[6~', '\x1b[5~'];
const WIDE = 50_000;
/** After a frame nobody presses the next key sooner, in milliseconds. */
const PAUSE = 40;

const { values } = parseArgs({ options: { node: { type: 'string', default: process.execPath } } });
const program = path.join(import.meta.dirname, '../../bin/exhume.js');
const folder = mkdtempSync(path.join(tmpdir(), 'exhume-latency-'));

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function times(count: number, ...keys: string[]): string[] {
  return Array.from({ length: count }, () => keys).flat();
}

/** Milliseconds of each key that changed something. */
async function press(terminal: BenchTerminal, keys: readonly string[]): Promise<number[]> {
  const taken: number[] = [];
  for (const key of keys) {
    const milliseconds = await terminal.key(key, 300);
    if (milliseconds !== null) taken.push(milliseconds);
    await terminal.quiet(PAUSE);
  }
  return taken;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}

function part(taken: readonly number[], share: number): string {
  const sorted = taken.toSorted((a, b) => a - b);
  return (sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN).toFixed(1);
}

async function measure(file: string, size: (typeof SIZES)[number]): Promise<void> {
  const env = { XDG_STATE_HOME: folder, XDG_CONFIG_HOME: folder };
  const terminal = new BenchTerminal(`'${values.node}' '${program}' '${file}' --no-state`, size, env);
  await terminal.quiet(3_000);
  const all: number[] = [];
  const row = async (name: string, keys: readonly string[], isMixed = true): Promise<void> => {
    const taken = await press(terminal, keys);
    if (isMixed) all.push(...taken);
    print(`| ${name} | ${taken.length} | ${part(taken, 0.5)} | ${part(taken, 0.95)} |`);
  };
  print(`\n| ${size.columns}×${size.rows} | keys | median, ms | 95 of 100, ms |`);
  print('| --- | --- | --- | --- |');
  // What a key does for the first time is compiled only then.
  await press(terminal, [...times(3, 'j', 'k'), RIGHT, ...times(10, 'j', 'k'), ...'234561']);
  await row('views', times(6, ...'234561'));
  await row('layers', times(5, ']', ']', '[', '['));
  await row('readings of a layer', times(8, ...'afd'));
  await press(terminal, ['#', '4', '\r', RIGHT, 'd', '*']);
  await row('rows, every folder open', [...times(60, 'j'), ...times(40, 'k')]);
  await row('pages', [...times(60, PAGE_DOWN), ...times(40, PAGE_UP)]);
  const scroll = async (): Promise<number> => {
    for (const key of times(500, PAGE_DOWN)) await terminal.key(key, 100);
    return terminal.resident();
  };
  const [before, after] = [await scroll(), await scroll()];
  await press(terminal, ['*', 'g', ...'wide', '\r', '\x1b[D']);
  await row(`open and close a folder of ${WIDE.toLocaleString('en')}`, times(10, RIGHT, '\x1b[D'));
  print(`| all of these | ${all.length} | ${part(all, 0.5)} | ${part(all, 0.95)} |`);
  const jumps: number[] = [];
  for (const [n, query] of ['file-1234', 'd12f4400', 'srv3', 'wide4999'].entries()) {
    await press(terminal, ['g', ...query.slice(0, -1)]);
    await terminal.quiet(300);
    // What was found for the query before is no longer shown when the letter is: see src/tui/search.ts.
    const hasFound = (frame: string): boolean => /\d of \d+ paths/.test(stripVTControlCharacters(frame));
    const found = await terminal.until(query.slice(-1), hasFound, 5_000);
    if (found !== null) jumps.push(found);
    await terminal.quiet(n === 0 ? 1_500 : 500);
    await press(terminal, ['\x1b']);
    await terminal.quiet(200);
  }
  print(
    `| fuzzy jump: first results after the last key | ${jumps.length} | ${part(jumps, 0.5)} | ${part(jumps, 1)} |`,
  );
  print(`| resident memory, MB: 500 pages, 500 more | | ${megabytes(before)} | ${megabytes(after)} |`);
  await terminal.close();
}

try {
  const file = path.join(folder, 'many.tar');
  const image = await manyFiles(500_000 - WIDE, { layers: 4, wide: WIDE });
  writeFileSync(file, await dockerArchive([image], { form: 'podman' }));
  print(`Node of the bench ${process.version}; load before: ${loadavg()[0]!.toFixed(2)}`);
  for (const size of SIZES) await measure(file, size);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
