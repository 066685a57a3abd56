import './set-union.ts';
import { execa } from 'execa';

/** How a program ended. */
export interface ProgramExit {
  /** Null if a signal ended it or it never started. */
  readonly status: number | null;
  readonly signal: string | null;
  /** Why it did not start, for example `ENOENT`; null if it did. */
  readonly notStarted: string | null;
  /** The first 64 KiB of its standard error, as text. */
  readonly words: string;
}

export type Answer =
  | { readonly kind: 'ended'; readonly exit: ProgramExit; readonly output: string }
  | { readonly kind: 'too-late' };

export interface RunOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
  readonly cwd?: string;
  /** The signal that ends the program when `signal` fires (default: SIGTERM). */
  readonly killSignal?: NodeJS.Signals;
}

/** Maximum bytes of standard error to keep. */
const MAX_ERROR_OUTPUT = 64 << 10;
/** Maximum bytes of output to keep; no list of images is longer. */
const MAX_OUTPUT = 64 << 20;
/** Time between the first signal and SIGKILL. */
const GRACE_MS = 2000;

interface Running {
  kill(signal: NodeJS.Signals): boolean;
}

const running = new Set<Running>();

/** Kills all running programs at exit, so that none writes to a directory that is being removed. */
function endAll(): void {
  for (const child of running) child.kill('SIGKILL');
}

/**
 * Runs a program without a shell, so that arguments are passed unchanged.
 * @param file name (found on the PATH of `env`) or path of the program
 * @param take receives standard output in chunks; an error that it throws ends the program and is rethrown
 * @returns how the program ended; a failure of the program is not thrown
 */
export async function runProgram(
  file: string,
  args: readonly string[],
  options: RunOptions,
  take: (chunk: Uint8Array) => void,
): Promise<ProgramExit> {
  const child = execa(file, args, {
    env: options.env,
    extendEnv: false,
    stdin: 'ignore',
    buffer: false,
    reject: false,
    encoding: 'buffer',
    forceKillAfterDelay: GRACE_MS,
    killSignal: options.killSignal ?? 'SIGTERM',
    ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  // Run before the listener that removes temporary directories, which was registered earlier.
  if (running.size === 0) process.prependListener('exit', endAll);
  running.add(child);
  // A grandchild may keep the pipes open long after its parent has ended.
  const letGo = (): void => {
    child.stdout.destroy();
    child.stderr.destroy();
  };
  options.signal?.addEventListener('abort', letGo);
  const words = collect(child.stderr, MAX_ERROR_OUTPUT);
  try {
    try {
      for await (const chunk of child.stdout) take(chunk as Uint8Array);
    } catch (error) {
      // If the stream broke because the program ended, its exit status is the reason to report.
      if (!isStreamEnd(error)) {
        child.kill();
        letGo();
        await child;
        throw error;
      }
    }
    return exitOf(await child, words);
  } finally {
    options.signal?.removeEventListener('abort', letGo);
    running.delete(child);
    if (running.size === 0) process.removeListener('exit', endAll);
  }
}

/**
 * Runs a program and returns its output, with a time limit: a daemon that does not answer must not keep the
 * user waiting.
 * @param limit milliseconds, after which the program is killed and its output is ignored
 */
export async function askProgram(
  file: string,
  args: readonly string[],
  options: RunOptions,
  limit: number,
): Promise<Answer> {
  const enough = new AbortController();
  const signal =
    options.signal === undefined ? enough.signal : AbortSignal.any([options.signal, enough.signal]);
  const chunks: Uint8Array[] = [];
  let size = 0;
  const run = runProgram(file, args, { ...options, signal, killSignal: 'SIGKILL' }, (chunk) => {
    size += chunk.length;
    if (size <= MAX_OUTPUT) chunks.push(chunk);
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), limit);
  });
  const exit = await Promise.race([run, late]);
  clearTimeout(timer);
  if (exit === null) {
    enough.abort();
    return { kind: 'too-late' };
  }
  return { kind: 'ended', exit, output: Buffer.concat(chunks).toString('utf8') };
}

function collect(stream: NodeJS.ReadableStream, limit: number): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  let size = 0;
  stream.on('data', (chunk: Uint8Array) => {
    if (size < limit) chunks.push(chunk.subarray(0, limit - size));
    size += chunk.length;
  });
  stream.on('error', () => {});
  return chunks;
}

function isStreamEnd(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'ERR_STREAM_PREMATURE_CLOSE' || error.code === 'ABORT_ERR')
  );
}

interface Result {
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  readonly code?: string | undefined;
}

function exitOf(result: Result, words: readonly Uint8Array[]): ProgramExit {
  const started = result.exitCode !== undefined || result.signal !== undefined;
  return {
    status: result.exitCode ?? null,
    signal: result.signal ?? null,
    notStarted: started ? null : (result.code ?? 'unknown'),
    words: Buffer.concat(words).toString('utf8'),
  };
}
