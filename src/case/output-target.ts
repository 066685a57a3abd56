import { fstatSync, lstatSync, readdirSync, realpathSync, type BigIntStats, statSync } from 'node:fs';
import path from 'node:path';
import { isAbsent, isSystemError } from '../bytes/system-error.ts';
import { Problem } from '../problem.ts';

/** A file that the program reads: a path (of a directory: all files in it), or an open descriptor. */
export type InputFile = string | number;

export interface OutputRules {
  /** Whether to replace an existing file. If false, an existing file is an error. */
  readonly replace: boolean;
  /** The option that allows a file to be replaced, which the error message names; undefined if there is none. */
  readonly option?: string;
  /** Files that must not be written, under any name. */
  readonly inputs?: readonly InputFile[];
}

/** How an output path is written. */
export type OutputTarget =
  /** A regular file, or a new one: a draft in the same directory is renamed to `file`. */
  | { readonly kind: 'file'; readonly file: string }
  /** A character device or a pipe: written in place, never replaced. */
  | { readonly kind: 'stream'; readonly file: string }
  /** A regular file that is already open, as `/dev/stdout` may be: written from its current position. */
  | { readonly kind: 'descriptor'; readonly descriptor: number };

/**
 * Decides how to write a path that the user named. Every output of the program goes through here.
 *
 * A symbolic link is followed: its target is replaced and the link is kept, as with a shell's `>` and most
 * editors. Devices and pipes do not need `replace`, because writing to them overwrites no file.
 * @throws Problem `unsafe-target` for an input (compared by device and inode, so also through hard and symbolic
 * links), for an existing file without `replace`, and for a directory, a socket, a block device or a dangling
 * link; `write-failed` if the path cannot be looked up
 */
export function outputTarget(file: string, rules: OutputRules): OutputTarget {
  const found = lookUp(file);
  if (found === null) return { kind: 'file', file };
  const input = (rules.inputs ?? []).find((each) => isInput(file, found, each));
  if (input !== undefined) {
    const what = typeof input === 'number' ? 'standard input' : input;
    throw unsafe(file, `cannot write ${file}: it is part of the input (${what}); name another file`);
  }
  if (found.isCharacterDevice() || found.isFIFO()) return { kind: 'stream', file };
  if (!found.isFile()) throw unsafe(file, `cannot write ${file}: it is ${nameOfKind(found)}`);
  const descriptor = descriptorOf(file);
  if (descriptor !== null) return { kind: 'descriptor', descriptor };
  if (!rules.replace) throw alreadyExists(file, rules);
  return { kind: 'file', file: realpathSync(file) };
}

/** Returns the descriptor that a path such as `/dev/stdout` or `/dev/fd/3` names; null for other paths. */
function descriptorOf(file: string): number | null {
  const name = path.resolve(file);
  if (name === '/dev/stdout') return 1;
  if (name === '/dev/stderr') return 2;
  const number = /^\/(?:dev|proc\/self)\/fd\/(\d+)$/.exec(name)?.[1];
  return number === undefined ? null : Number(number);
}

/** Returns the Problem for a file that exists and must not be replaced. */
export function alreadyExists(file: string, { option }: OutputRules): Problem {
  const hint = option === undefined ? 'name another file' : `${option} replaces it`;
  return unsafe(file, `${file} already exists; ${hint}`);
}

function lookUp(file: string): BigIntStats | null {
  try {
    if (lstatSync(file, { throwIfNoEntry: false }) === undefined) return null;
    const found = statSync(file, { bigint: true, throwIfNoEntry: false });
    if (found !== undefined) return found;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Problem('write-failed', `cannot write ${file}: ${message}`, { file }, error);
  }
  throw unsafe(file, `cannot write ${file}: it is a symbolic link to a file that does not exist`);
}

function isInput(file: string, target: BigIntStats, input: InputFile): boolean {
  try {
    if (typeof input === 'number') return isSame(target, fstatSync(input, { bigint: true }));
    const found = statSync(input, { bigint: true });
    return (
      isSame(target, found) || (found.isDirectory() && filesOf(input).some((each) => isSame(target, each)))
    );
  } catch (error) {
    // An input that no longer exists cannot be overwritten.
    if (isAbsent(error)) return false;
    if (!isSystemError(error)) throw error;
    const what = typeof input === 'number' ? 'standard input' : input;
    throw new Problem(
      'write-failed',
      `cannot write ${file}: it may be part of the input (${what}), which cannot be read (${error.code}); name a file that does not exist yet`,
      { file },
      error,
    );
  }
}

function filesOf(directory: string): BigIntStats[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => statSync(path.join(entry.parentPath, entry.name), { bigint: true }));
}

function isSame(a: BigIntStats, b: BigIntStats): boolean {
  return a.dev === b.dev && a.ino === b.ino && !a.isCharacterDevice() && !a.isFIFO();
}

function nameOfKind(stat: BigIntStats): string {
  if (stat.isDirectory()) return 'a directory';
  if (stat.isSocket()) return 'a socket';
  return stat.isBlockDevice() ? 'a block device' : 'not a regular file';
}

function unsafe(file: string, message: string): Problem {
  return new Problem('unsafe-target', message, { file });
}
