import { closeSync, fsyncSync, linkSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { Problem } from '../problem.ts';
import { alreadyExists, type OutputRules, outputTarget } from './output-target.ts';

export interface AtomicOptions extends OutputRules {
  /** Permissions of the file; by default only its owner may read it. */
  readonly mode?: number;
}

/**
 * Writes a regular file atomically: writes a draft in the same directory, flushes it to disk, and renames it.
 * A crash leaves either the old file or the new one.
 * @throws Problem as {@link outputTarget} does; `unsafe-target` for a device or a pipe; `write-failed`,
 * `disk-full`
 */
export function writeFileAtomically(file: string, text: string, options: AtomicOptions): void {
  const target = outputTarget(file, options);
  if (target.kind !== 'file') {
    throw new Problem('unsafe-target', `cannot write ${file}: it is not a regular file`, { file });
  }
  replaceFile(target.file, file, text, options);
}

/**
 * Writes a file atomically at a path that {@link outputTarget} has allowed.
 * @param file the path with symbolic links resolved
 * @param named the path as messages show it
 */
export function replaceFile(file: string, named: string, text: string, options: AtomicOptions): void {
  const draft = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}.draft`);
  let isOurs = false;
  try {
    const descriptor = openSync(draft, 'wx', options.mode ?? 0o600);
    isOurs = true;
    try {
      const bytes = Buffer.from(text, 'utf8');
      for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    if (options.replace) renameSync(draft, file);
    // link(2) fails if the name exists, even if it was created after the check.
    else linkSync(draft, file);
  } catch (error) {
    const isTaken = isOurs && (error as NodeJS.ErrnoException).code === 'EEXIST';
    throw isTaken ? alreadyExists(named, options) : writeProblem(error, named);
  } finally {
    if (isOurs) rmSync(draft, { force: true });
  }
}

/** Returns the Problem that describes a failed write. */
export function writeProblem(error: unknown, file: string): Error {
  if (error instanceof Problem) return error;
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new Problem('disk-full', `cannot write ${file}: the disk is full`, { file });
  }
  const message = error instanceof Error ? error.message : String(error);
  return new Problem('write-failed', `cannot write ${file}: ${message}`, { file });
}
