import { readdirSync, type Stats, statSync } from 'node:fs';
import path from 'node:path';
import { detectCompression, MAGIC_LENGTH } from '../bytes/compression.ts';
import { readPlain } from '../bytes/decompress.ts';
import { Gaps } from '../bytes/gaps.ts';
import { type ByteSource, type Extent, ExtentReader, fileExtent } from '../bytes/source.ts';
import { Spool } from '../bytes/spool.ts';
import { isAbsent, isSystemError } from '../bytes/system-error.ts';
import { Problem, type Warning } from '../problem.ts';
import { ArchiveBlobs, FolderBlobs } from './blobs.ts';
import { describeForeign } from './foreign.ts';
import type { SavedInput } from './forms/form.ts';
import { ACCEPTED, formsFor } from './forms/registry.ts';
import type { ImageForm } from './image-form.ts';
import type { ImageArchive } from './image.ts';

export interface OpenOptions {
  /** The format that the user named with a transport; null to detect it. */
  readonly form?: ImageForm | null;
  readonly signal?: AbortSignal;
}

/**
 * Opens a saved image. The format is detected from magic bytes and members, never from the file name.
 * @param file path of a file or directory
 * @throws Problem that says what was found and what is accepted
 */
export async function openPath(file: string, options: OpenOptions = {}): Promise<ImageArchive> {
  const stat = readStat(file);
  if (stat.isDirectory()) return openFolder(file, options);
  if (!stat.isFile()) {
    throw new Problem('not-an-image', `${file} is neither a file nor a directory; ${ACCEPTED}`, { file });
  }
  return openBytes(extentOf(file), file, options);
}

/** Opens an archive that is in memory or is a whole file. */
export async function openSource(
  source: ByteSource,
  size: number,
  name: string,
  options: OpenOptions = {},
): Promise<ImageArchive> {
  return openBytes({ source, offset: 0, size }, name, options);
}

function readStat(file: string): Stats {
  try {
    return statSync(file);
  } catch (error) {
    throw fileProblem(file, error);
  }
}

function extentOf(file: string): Extent {
  try {
    return fileExtent(file);
  } catch (error) {
    throw fileProblem(file, error);
  }
}

/** Converts an error of the file system to a Problem. Returns any other error unchanged. */
function fileProblem(file: string, error: unknown): unknown {
  if (!isSystemError(error)) return error;
  const { code, message } = error;
  if (isAbsent(error)) {
    return new Problem('not-found', `${file}: no such file or directory`, { file }, error);
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new Problem('unreadable', `${file}: permission denied`, { file }, error);
  }
  return new Problem('unreadable', `cannot read ${file}: ${message}`, { file }, error);
}

async function openBytes(extent: Extent, name: string, options: OpenOptions): Promise<ImageArchive> {
  if (extent.size === 0)
    throw new Problem('not-an-image', `${name} is empty; ${ACCEPTED}`, { file: name, offset: 0 });
  const head = readHead(extent, name);
  const warnings: Warning[] = [];
  let archive = extent;
  if (detectCompression(head) !== 'none') {
    const unpacked = await unpack(extent, name, options.signal);
    archive = unpacked.extent;
    warnings.push(...unpacked.warnings);
  }
  return openIndexed(ArchiveBlobs.read(archive, name), archive, name, warnings, options.form);
}

/**
 * Opens an archive whose headers have already been read.
 * @param noticed earlier warnings; warnings about the headers are added
 */
export function openIndexed(
  members: ArchiveBlobs,
  archive: Extent,
  name: string,
  noticed: readonly Warning[] = [],
  form: ImageForm | null = null,
): ImageArchive {
  const warnings = [
    ...noticed,
    ...members.warnings
      .filter((warning) => warning.code !== 'no-end-marker' && warning.code !== 'bad-pax')
      .map((warning) => ({
        code: warning.code,
        message: warning.message,
        file: name,
        offset: warning.offset,
      })),
  ];
  const input: SavedInput = { container: 'archive', store: members, source: name, warnings };
  const opened = openDetected(input, form);
  if ('archive' in opened) return opened.archive;
  throw describeForeign(members, archive, name, warnings, { accepted: ACCEPTED, reason: opened.reason });
}

function readHead(extent: Extent, name: string): Uint8Array {
  try {
    const reader = new ExtentReader(extent);
    try {
      const head = new Uint8Array(MAGIC_LENGTH);
      return head.subarray(0, reader.readAround(head, 0, new Gaps()));
    } finally {
      reader.close();
    }
  } catch (error) {
    throw fileProblem(name, error);
  }
}

/** Decompresses an archive into memory or a private file. */
async function unpack(
  extent: Extent,
  name: string,
  signal: AbortSignal | undefined,
): Promise<{ extent: Extent; warnings: Warning[] }> {
  const spool = new Spool(name);
  try {
    const result = await readPlain(extent, { plain: (chunk) => spool.write(chunk) }, signal);
    if (spool.size === 0) {
      throw new Problem(
        'not-an-image',
        `${name} contains no data after ${result.compression} decompression${result.damage === null ? '' : ` (${result.damage.message})`}; ${ACCEPTED}`,
        { file: name, offset: result.damage?.offset ?? 0 },
      );
    }
    const size = spool.size;
    const warnings =
      result.damage === null
        ? []
        : [
            {
              code: result.damage.code,
              message: result.damage.message,
              file: name,
              offset: result.damage.offset,
            },
          ];
    return { extent: { source: spool.finish(), offset: 0, size }, warnings };
  } catch (error) {
    spool.discard();
    throw error;
  }
}

/**
 * Opens an input in the first format that accepts it.
 * @returns the images; or why the first format that it resembles does not accept it, null if it resembles none
 */
function openDetected(
  input: SavedInput,
  named: ImageForm | null,
): { readonly archive: ImageArchive } | { readonly reason: string | null } {
  let reason: string | null = null;
  for (const form of formsFor(input.container, named)) {
    const detected = form.detect(input, form.id === named);
    if (detected === true) return { archive: form.open(input) };
    if (detected !== false) reason ??= detected;
  }
  return { reason };
}

function openFolder(folder: string, options: OpenOptions): ImageArchive {
  const input: SavedInput = {
    container: 'directory',
    store: folderStore(folder),
    source: folder,
    warnings: [],
  };
  const opened = openDetected(input, options.form ?? null);
  if ('archive' in opened) return opened.archive;
  const found = `${folder} is a directory without oci-layout or manifest.json; ${ACCEPTED}`;
  throw new Problem('not-an-image', opened.reason ?? found, { file: folder });
}

function folderStore(folder: string): FolderBlobs {
  try {
    readdirSync(folder);
    return new FolderBlobs(folder, () =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) =>
          path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'),
        ),
    );
  } catch (error) {
    throw fileProblem(folder, error);
  }
}
