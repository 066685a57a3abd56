import { closeSync, existsSync, fsyncSync, linkSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { Problem } from '../problem.ts';

export interface AtomicOptions {
  /** A file that is there already is replaced; else it is an error. */
  readonly replace: boolean;
  /** Permissions of the file; by default only its owner may read it. */
  readonly mode?: number;
}

/**
 * Writes a file whole or not at all: into a draft beside it, flushed to the disk, then put in its place in
 * one step. A crash leaves the old file, or the new one.
 * @throws Problem `unsafe-target` where a file is there that must not be replaced; `write-failed`,
 * `disk-full`
 */
export function writeFileAtomically(file: string, text: string, options: AtomicOptions): void {
  if (!options.replace && existsSync(file)) throw alreadyThere(file);
  const draft = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}.draft`);
  try {
    const descriptor = openSync(draft, 'wx', options.mode ?? 0o600);
    try {
      const bytes = Buffer.from(text, 'utf8');
      for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    if (options.replace) renameSync(draft, file);
    // A link fails where the name is taken, even since it was looked at.
    else linkSync(draft, file);
  } catch (error) {
    throw problemOf(error, file);
  } finally {
    rmSync(draft, { force: true });
  }
}

function problemOf(error: unknown, file: string): Error {
  if (error instanceof Problem) return error;
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'EEXIST') return alreadyThere(file);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new Problem('disk-full', `${file}: the disk is full; nothing was written`, { file });
  }
  const message = error instanceof Error ? error.message : String(error);
  return new Problem('write-failed', `${file} cannot be written: ${message}`, { file });
}

function alreadyThere(file: string): Problem {
  return new Problem('unsafe-target', `${file} is there already; --force replaces it`, { file });
}
