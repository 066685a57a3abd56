import { readdirSync, type Stats, statSync } from 'node:fs';
import path from 'node:path';
import { detectCompression, MAGIC_LENGTH } from '../bytes/compression.ts';
import { readPlain } from '../bytes/decompress.ts';
import { type Digest, parseDigest } from '../bytes/digest.ts';
import { Gaps } from '../bytes/gaps.ts';
import { type ByteSource, type Extent, ExtentReader, fileExtent } from '../bytes/source.ts';
import { Spool } from '../bytes/spool.ts';
import { Problem, type Warning } from '../problem.ts';
import { ArchiveBlobs, type BlobStore, FolderBlobs, readJson } from './blobs.ts';
import { openDockerArchive } from './forms/docker-archive.ts';
import { describeForeign } from './foreign.ts';
import type { ImageArchive, ImageForm } from './image.ts';
import { parseDockerManifest } from './manifest.ts';
import { openOciLayout } from './forms/oci-layout.ts';
import { openSkopeoDir } from './forms/skopeo-dir.ts';

/** What every refusal ends with. */
export const ACCEPTED =
  'accepted: a docker-archive (docker save, podman save), an OCI archive or layout folder, a folder of skopeo dir:';

export interface OpenOptions {
  /** The form that the user named by a transport; null to go by what is there. */
  readonly form?: ImageForm | null;
  readonly signal?: AbortSignal;
}

/**
 * Opens a saved image by what it holds: magic bytes and members, never its name.
 * @param file path of a file or folder
 * @throws Problem with what was found and what would be accepted
 */
export async function openPath(file: string, options: OpenOptions = {}): Promise<ImageArchive> {
  const stat = readStat(file);
  if (stat.isDirectory()) return openFolder(file, options);
  if (!stat.isFile()) {
    throw new Problem('not-an-image', `${file} is neither a file nor a folder; ${ACCEPTED}`, { file });
  }
  return openBytes(extentOf(file), file, options);
}

/** Opens an archive that lies in memory or in a file of its own. */
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

function fileProblem(file: string, error: unknown): Problem {
  if (error instanceof Problem) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new Problem('not-found', `${file}: no such file or folder`, { file }, error);
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new Problem('unreadable', `${file}: permission denied`, { file }, error);
  }
  const detail = error instanceof Error ? error.message : String(error);
  return new Problem('unreadable', `${file}: cannot be read (${detail})`, { file }, error);
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
 * Opens an archive whose headers were read already.
 * @param noticed what was noticed before; warnings about the headers are added
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
  return openMembers(members, archive, name, form, warnings);
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

/** Unpacks a compressed archive, into memory or a private file. */
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
        `${name} is compressed with ${result.compression} and holds nothing${result.damage === null ? '' : ` (${result.damage.message})`}; ${ACCEPTED}`,
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

function openMembers(
  members: ArchiveBlobs,
  archive: Extent,
  name: string,
  form: ImageForm | null,
  warnings: Warning[],
): ImageArchive {
  const hasManifest = members.get('manifest.json') !== null;
  const hasIndex = members.get('index.json') !== null;
  const layout = hasIndex && (members.get('oci-layout') !== null || form === 'oci-archive');
  if (form === 'docker-archive' && !hasManifest)
    throw describeForeign(members, archive, name, warnings, ACCEPTED);
  if (form === 'oci-archive' && !hasIndex) throw describeForeign(members, archive, name, warnings, ACCEPTED);
  if (layout && hasManifest && form !== 'oci-archive') return openHybrid(members, name, warnings);
  if (layout) return openOciLayout(members, name, 'oci-archive', { warnings });
  if (hasManifest) return openDockerArchive(members, name, warnings);
  throw describeForeign(members, archive, name, warnings, ACCEPTED);
}

/**
 * Docker 25 and later write an OCI layout with a manifest.json beside it. The layout knows more
 * (manifests, platforms, attestations); manifest.json gives names, and serves where the layout
 * leads nowhere.
 */
function openHybrid(members: BlobStore, name: string, warnings: Warning[]): ImageArchive {
  try {
    const repoTags = readRepoTags(members);
    const archive = openOciLayout(members, name, 'docker-archive', { warnings, repoTags });
    if (archive.choices.some((choice) => choice.missing === null)) return archive;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
  }
  return openDockerArchive(members, name, [
    ...warnings,
    { code: 'unusable-layout', message: 'index.json leads to no image; manifest.json was used instead' },
  ]);
}

function readRepoTags(members: BlobStore): Map<Digest, readonly string[]> {
  const entries =
    parseDockerManifest(readJson(members, 'manifest.json', members.get('manifest.json')!).value) ?? [];
  const tags = new Map<Digest, readonly string[]>();
  for (const entry of entries) {
    const hex = /([0-9a-f]{64})/.exec(entry.config)?.[1];
    const digest = parseDigest(`sha256:${hex}`);
    if (digest !== null) tags.set(digest, entry.repoTags);
  }
  return tags;
}

function openFolder(folder: string, options: OpenOptions): ImageArchive {
  const form = options.form ?? null;
  const store = folderStore(folder);
  const hasLayout = store.get('oci-layout') !== null;
  const hasIndex = store.get('index.json') !== null;
  if (form === 'oci-layout' || (form === null && hasLayout && hasIndex)) {
    if (!hasIndex) {
      throw new Problem('not-an-image', `${folder}: an OCI layout needs index.json, which is not there`, {
        file: folder,
      });
    }
    const warnings = hasLayout
      ? []
      : [{ code: 'no-oci-layout', message: 'the folder has no oci-layout file' }];
    return openOciLayout(store, folder, 'oci-layout', { warnings });
  }
  const manifest = store.get('manifest.json');
  if (manifest !== null) {
    const { value } = readJson(store, 'manifest.json', manifest);
    return Array.isArray(value) ? openDockerArchive(store, folder, []) : openSkopeoDir(store, folder);
  }
  if (hasIndex) {
    throw new Problem(
      'not-an-image',
      `${folder} has index.json but no oci-layout file, so it is no complete OCI layout; oci:${folder} opens it all the same`,
      { file: folder },
    );
  }
  const found = hasLayout ? 'has oci-layout but no index.json' : 'holds neither oci-layout nor manifest.json';
  throw new Problem('not-an-image', `${folder} is a folder that ${found}; ${ACCEPTED}`, { file: folder });
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
