import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Problem } from '../problem.ts';
import { replaceFile, writeProblem } from './atomic-write.ts';
import { type OutputRules, outputTarget } from './output-target.ts';

export interface OutputOptions extends OutputRules {
  /** Permissions of a new regular file; by default only its owner may read it. */
  readonly mode?: number;
  /** Stops waiting for the reader of a pipe. */
  readonly signal?: AbortSignal;
}

/** Delay between two attempts to write to a pipe, in milliseconds. */
const PIPE_WAIT = 20;

/**
 * Writes text to a path that the user named, as {@link outputTarget} decides: a regular file atomically, a device
 * or a pipe in place.
 * @throws Problem as {@link outputTarget} does; `write-failed`, `disk-full`, `cancelled`
 */
export async function writeOutput(file: string, text: string, options: OutputOptions): Promise<void> {
  const target = outputTarget(file, options);
  if (target.kind === 'file') {
    replaceFile(target.file, file, text, options);
    return;
  }
  const bytes = Buffer.from(text);
  if (target.kind === 'descriptor') await writeTo(target.descriptor, file, bytes, options.signal);
  else await writeInto(file, bytes, options.signal);
}

/** Writes to a device or a pipe. Opens it non-blocking, since a pipe without a reader would block the program. */
async function writeInto(file: string, bytes: Uint8Array, signal: AbortSignal | undefined): Promise<void> {
  const fd = await untilReady(() => openSync(file, constants.O_WRONLY | constants.O_NONBLOCK), file, signal);
  try {
    const stat = fstatSync(fd);
    if (!stat.isCharacterDevice() && !stat.isFIFO()) {
      throw new Problem(
        'unsafe-target',
        `cannot write ${file}: it was replaced by a regular file in the meantime`,
        { file },
      );
    }
    await writeTo(fd, file, bytes, signal);
  } finally {
    closeSync(fd);
  }
}

async function writeTo(
  fd: number,
  file: string,
  bytes: Uint8Array,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    at += await untilReady(() => writeSync(fd, bytes, at), file, signal);
  }
}

/** Retries while a pipe has no reader (ENXIO) or is full (EAGAIN). */
async function untilReady<T>(attempt: () => T, file: string, signal: AbortSignal | undefined): Promise<T> {
  for (;;) {
    if (signal?.aborted === true) throw new Problem('cancelled', 'cancelled');
    try {
      return attempt();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EAGAIN' && code !== 'ENXIO') throw writeProblem(error, file);
    }
    await delay(PIPE_WAIT);
  }
}
