import { execa } from 'execa';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** A shell command line with a name for the table. */
export interface Contender {
  readonly name: string;
  readonly command: string;
}

/** Medians over the runs of one command, in seconds. */
export interface Timing {
  readonly wall: number;
  /** User and system time of the command and its child processes. */
  readonly cpu: number;
}

/**
 * Runs commands in turn, A B A B, so that other work on the machine affects them equally. One more run of each
 * comes first, as a warm-up, and is not counted.
 * @returns a timing for each command, in order
 * @throws Error if one of them fails
 */
export async function alternate(contenders: readonly Contender[], runs: number): Promise<Timing[]> {
  const samples = contenders.map((): Timing[] => []);
  for (let run = 0; run <= runs; run++) {
    for (const [i, contender] of contenders.entries()) {
      const timing = await timeOnce(contender);
      if (run > 0) samples[i]!.push(timing);
    }
  }
  return samples.map((timings) => ({
    wall: median(timings.map((timing) => timing.wall)),
    cpu: median(timings.map((timing) => timing.cpu)),
  }));
}

async function timeOnce({ name, command }: Contender): Promise<Timing> {
  const script = `TIMEFORMAT='%R %U %S'; time { ${command}; } >/dev/null 2>&4`;
  const { stderr, exitCode } = await execa('bash', ['-c', `exec 4>/dev/null; ${script}`], { reject: false });
  const times = /^([\d.]+) ([\d.]+) ([\d.]+)$/m.exec(stderr);
  if (exitCode !== 0 || times === null) throw new Error(`${name} failed: ${command}\n${stderr}`);
  return { wall: Number(times[1]), cpu: Number(times[2]) + Number(times[3]) };
}

/**
 * Returns the peak resident set of a Node program with all its threads: the median of three runs, in bytes.
 */
export async function residentSet(node: string, argv: readonly string[]): Promise<number> {
  const folder = mkdtempSync(path.join(tmpdir(), 'exhume-bench-'));
  const probe = path.join(folder, 'probe.mjs');
  const result = path.join(folder, 'rss');
  writeFileSync(probe, probeModule(result));
  const kilobytes: number[] = [];
  for (let run = 0; run < 3; run++) {
    await execa(node, [`--import=${pathToFileURL(probe).href}`, ...argv], {
      stdout: 'ignore',
      stderr: 'ignore',
    });
    kilobytes.push(Number(readFileSync(result, 'utf8')));
  }
  rmSync(folder, { recursive: true });
  return median(kilobytes) * 1024;
}

/**
 * Returns a module that writes the peak resident set of its process in kilobytes when the process ends. It reads
 * VmHWM on Linux, because the maxRSS of getrusage starts at that of the parent process.
 */
function probeModule(result: string): string {
  return `import { readFileSync, writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
function largest() {
  try {
    return /^VmHWM:\\s*(\\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))[1];
  } catch {
    return String(process.resourceUsage().maxRSS);
  }
}
if (isMainThread) process.on('exit', () => writeFileSync(${JSON.stringify(result)}, largest()));
`;
}

/** Returns the median. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
