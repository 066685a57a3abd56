import path from 'node:path';
import { execa } from 'execa';

/** The project's directory. */
export const TOP = path.join(import.meta.dirname, '../..');

/** The entry file of the built program. */
export const PROGRAM = path.join(TOP, 'bin/exhume.js');

/** The Node binary that runs the program: `EXHUME_NODE`, or the one that runs the tests. */
export const NODE = process.env['EXHUME_NODE'] ?? process.execPath;

/** How a run of the built program ended. */
export interface Run {
  readonly status: number | undefined;
  readonly signal: string | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** The content of standard input (default: empty). */
  readonly input?: Uint8Array;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the built program in a new process without a terminal. */
export async function exhume(argv: readonly string[], options: RunOptions = {}): Promise<Run> {
  const result = await execa(NODE, [PROGRAM, ...argv], {
    reject: false,
    stripFinalNewline: false,
    maxBuffer: 1 << 28,
    ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: options.env }),
  });
  return {
    status: result.exitCode,
    signal: result.signal,
    stdout: result.stdout,
    stderr: result.stderr,
  };
}
