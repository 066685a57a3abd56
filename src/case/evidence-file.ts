import { createHash } from 'node:crypto';
import { closeSync, constants, openSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Extent } from '../bytes/source.ts';
import { writeFully } from '../bytes/spool.ts';
import { readContents } from '../layer/content.ts';
import { Problem } from '../problem.ts';
import { decodeName } from '../text/escape.ts';
import { makeDirectory } from './make-directory.ts';
import { safeSegment } from './safe-name.ts';

/** The result of extracting one file. */
export type Written =
  | {
      readonly kind: 'written';
      readonly file: string;
      readonly sha256: string;
      readonly complete: boolean;
      /** Why the image does not hold the whole file; null if it does. */
      readonly reason: string | null;
    }
  | { readonly kind: 'failed'; readonly reason: string; readonly diskFull: boolean };

/** Errors that mean that the file system rejects the name; another name may work. */
const NAME_REJECTED: ReadonlySet<string> = new Set([
  'EEXIST',
  'EISDIR',
  'ENOTDIR',
  'ENAMETOOLONG',
  'EINVAL',
  'EILSEQ',
]);

/** Errors that mean that the disk or the quota is full. */
const FULL: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT']);

/**
 * Returns candidate names for an extracted file, relative to the output directory, best first: its own path; the
 * path below a directory named after the layer, if the first is taken; and a short name, if the path is too long
 * for the file system.
 * @param name path in the image
 * @param tarOffset offset of the member in its layer, since two members of a layer may have the same path
 */
export function evidenceNames(name: Uint8Array, layer: number, tarOffset: number): readonly string[] {
  const segments = decodeName(name)
    .text.split('/')
    .filter((segment) => segment !== '')
    .map(safeSegment);
  const own = segments.join('/') || 'root~';
  const hash = createHash('sha256').update(name).update(`\0${layer}\0${tarOffset}`).digest('hex');
  return [own, `layer-${layer}~/${own}`, `path~${hash.slice(0, 32)}`];
}

/**
 * Writes the content of a member under the first free name that the file system accepts. The file has mode 0600,
 * and it and its directories are created here, so no link is followed. A partial file is removed after a read or
 * write error, but kept if the image itself holds only part of the content.
 * @param names see {@link evidenceNames}
 * @param blob the layer; null if it is not stored
 * @param onFile called with the path of the file being written, and with null when it is finished
 * @throws Problem `cancelled`
 */
export async function writeContent(
  folder: string,
  names: readonly string[],
  blob: Extent | null,
  tarOffset: number,
  onFile: (file: string | null) => void,
  signal?: AbortSignal,
): Promise<Written> {
  if (blob === null) return { kind: 'failed', reason: 'its layer is not stored', diskFull: false };
  const opened = openFirst(folder, names);
  if ('kind' in opened) return opened;
  const { fd, file } = opened;
  const target = path.join(folder, file);
  onFile(target);
  const hash = createHash('sha256');
  let complete = false;
  let writeError: unknown = null;
  let isKept = false;
  try {
    const sink = {
      chunk(bytes: Uint8Array): void {
        hash.update(bytes);
        try {
          writeFully(fd, bytes);
        } catch (error) {
          writeError = error;
          throw error;
        }
      },
      end(_: number, whole: boolean): void {
        complete = whole;
      },
    };
    const damage = await readContents(blob, [tarOffset], sink, signal);
    isKept = true;
    const reason = complete ? null : (damage?.message ?? 'the layer ends inside the file');
    return { kind: 'written', file, sha256: hash.digest('hex'), complete, reason };
  } catch (error) {
    if (error instanceof Problem && error.code === 'cancelled') throw error;
    return writeError === null ? failed('cannot read it from the image', error) : cannotWrite(writeError);
  } finally {
    closeSync(fd);
    if (!isKept) rmSync(target, { force: true });
    onFile(null);
  }
}

function openFirst(
  folder: string,
  names: readonly string[],
): { readonly fd: number; readonly file: string } | Extract<Written, { kind: 'failed' }> {
  const flags = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | (constants.O_NOFOLLOW ?? 0);
  let last: unknown = null;
  for (const file of names) {
    const target = path.join(folder, file);
    try {
      makeDirectory(path.dirname(target), 0o700);
      return { fd: openSync(target, flags, 0o600), file };
    } catch (error) {
      last = error;
      if (!NAME_REJECTED.has(codeOf(error))) break;
    }
  }
  return cannotWrite(last);
}

function cannotWrite(error: unknown): Extract<Written, { kind: 'failed' }> {
  if (FULL.has(codeOf(error))) return { kind: 'failed', reason: 'the disk is full', diskFull: true };
  return failed('cannot write it', error);
}

function failed(what: string, error: unknown): Extract<Written, { kind: 'failed' }> {
  const message = error instanceof Error ? error.message : String(error);
  return { kind: 'failed', reason: `${what}: ${message.slice(0, 300)}`, diskFull: false };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
