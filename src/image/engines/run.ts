import './set-union.ts';
import { execa } from 'execa';

/** How a program ended. */
export interface Ending {
  /** Null where a signal ended it or it never started. */
  readonly status: number | null;
  readonly signal: string | null;
  /** Why it did not start: `ENOENT` where there is no such program. */
  readonly notStarted: string | null;
  /** What it wrote to standard error, as text, whole up to 64 KiB. */
  readonly words: string;
}

export type Answer =
  | { readonly kind: 'ended'; readonly ending: Ending; readonly output: string }
  | { readonly kind: 'too-late' };

export interface RunOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
  readonly cwd?: string;
  /** How to end it when `signal` fires; a polite SIGTERM by default. */
  readonly killSignal?: NodeJS.Signals;
}

/** An engine that complains at greater length is not worth more memory. */
const MOST_WORDS = 64 << 10;
/** A list of images longer than this is none. */
const MOST_OUTPUT = 64 << 20;
/** Time that a program has to end by itself once it was told to. */
const GRACE_MS = 2000;

interface Running {
  kill(signal: NodeJS.Signals): boolean;
}

const running = new Set<Running>();

/** At the program's end nothing may go on writing into a folder that is about to be removed. */
function endAll(): void {
  for (const child of running) child.kill('SIGKILL');
}

/**
 * Runs a program without a shell: each argument arrives as it is given.
 * @param file name (looked for on the PATH of `env`) or path of the program
 * @param take given standard output piece by piece; what it throws ends the program and is thrown again
 * @returns how it ended; failing is no error here
 */
export async function runProgram(
  file: string,
  args: readonly string[],
  options: RunOptions,
  take: (chunk: Uint8Array) => void,
): Promise<Ending> {
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
  // Before the listener that removes temporary folders, which was registered first.
  if (running.size === 0) process.prependListener('exit', endAll);
  running.add(child);
  // A grandchild may hold the pipes open long after its parent was ended.
  const letGo = (): void => {
    child.stdout.destroy();
    child.stderr.destroy();
  };
  options.signal?.addEventListener('abort', letGo);
  const words = collect(child.stderr, MOST_WORDS);
  try {
    try {
      for await (const chunk of child.stdout) take(chunk as Uint8Array);
    } catch (error) {
      // A stream that the program's end cut off is told by how the program ended.
      if (!isStreamEnd(error)) {
        child.kill();
        letGo();
        await child;
        throw error;
      }
    }
    return endingOf(await child, words);
  } finally {
    options.signal?.removeEventListener('abort', letGo);
    running.delete(child);
    if (running.size === 0) process.removeListener('exit', endAll);
  }
}

/**
 * Runs a program for its output, for no longer than a time: a daemon that does not answer must not
 * keep anybody waiting.
 * @param limit milliseconds; after them the program is ended and its output is not waited for
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
    if (size <= MOST_OUTPUT) chunks.push(chunk);
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), limit);
  });
  const ending = await Promise.race([run, late]);
  clearTimeout(timer);
  if (ending === null) {
    enough.abort();
    return { kind: 'too-late' };
  }
  return { kind: 'ended', ending, output: Buffer.concat(chunks).toString('utf8') };
}

function collect(stream: NodeJS.ReadableStream, most: number): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  let size = 0;
  stream.on('data', (chunk: Uint8Array) => {
    if (size < most) chunks.push(chunk.subarray(0, most - size));
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

function endingOf(result: Result, words: readonly Uint8Array[]): Ending {
  const started = result.exitCode !== undefined || result.signal !== undefined;
  return {
    status: result.exitCode ?? null,
    signal: result.signal ?? null,
    notStarted: started ? null : (result.code ?? 'unknown'),
    words: Buffer.concat(words).toString('utf8'),
  };
}
