import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';

/** A large image in three forms, and its layers as single files for the tools that exhume is compared with. */
export interface LargeImage {
  readonly dockerArchive: string;
  readonly ociGzip: string;
  readonly ociZstd: string;
  /** The layers' tars, plain, gzip and zstd, from the bottom up. */
  readonly layers: readonly string[];
  readonly gzipLayers: readonly string[];
  readonly zstdLayers: readonly string[];
  readonly facts: LargeImageFacts;
}

export interface LargeImageFacts {
  readonly entries: number;
  /** Bytes of the uncompressed layer tars. */
  readonly size: number;
  readonly gzipSize: number;
  readonly zstdSize: number;
}

const WANTED_ENTRIES = 130_000;
const WANTED_BYTES = 1.2e9;
const LOWER_LAYERS = 5;
/** How many bytes a layer may be ahead of its share of entries. */
const AHEAD = 32 << 20;
/** Number of files that the top layer writes again with another mode, and number of files that it deletes. */
const COPIED_UP = 2_000;
const DELETED = 200;

interface Found {
  /** Absolute path on this machine. */
  readonly path: string;
  readonly size: number;
  readonly isFile: boolean;
}

/**
 * Creates the image in a directory from files of this machine: its /usr, then the project's node_modules, repeated
 * under other names until there are 130,000 entries and 1.2 GB. Files that already exist in the directory are
 * reused.
 */
export async function largeImage(folder: string, top: string): Promise<LargeImage> {
  const ready = path.join(folder, 'image.json');
  if (existsSync(ready)) return JSON.parse(readFileSync(ready, 'utf8')) as LargeImage;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const layers = await makeLayers(folder, [path.join(top, 'node_modules'), '/usr']);
  const gzipLayers = layers.map((layer) => `${layer}.gz`);
  const zstdLayers = layers.map((layer) => `${layer}.zst`);
  await Promise.all([execa('gzip', ['-k', '-6', ...layers]), execa('zstd', ['-q', '-k', '-3', ...layers])]);
  const diffIds: string[] = [];
  for (const layer of layers) diffIds.push(await digestOf(layer));
  const config = JSON.stringify({
    architecture: 'amd64',
    os: 'linux',
    created: '2026-01-01T00:00:00Z',
    config: {},
    rootfs: { type: 'layers', diff_ids: diffIds.map((hex) => `sha256:${hex}`) },
    history: layers.map((_, i) => ({ created_by: `COPY part-${i} / # buildkit` })),
  });
  const image: LargeImage = {
    dockerArchive: await packDockerArchive(folder, config, layers),
    ociGzip: await packOci(folder, 'gzip', config, gzipLayers),
    ociZstd: await packOci(folder, 'zstd', config, zstdLayers),
    layers,
    gzipLayers,
    zstdLayers,
    facts: {
      entries: await countEntries(layers),
      size: sizeOf(layers),
      gzipSize: sizeOf(gzipLayers),
      zstdSize: sizeOf(zstdLayers),
    },
  };
  writeFileSync(ready, JSON.stringify(image));
  return image;
}

async function makeLayers(folder: string, roots: readonly string[]): Promise<string[]> {
  const found = roots.flatMap((root) => walk(root));
  const layers: string[] = [];
  let next = 0;
  for (let layer = 0; layer < LOWER_LAYERS; layer++) {
    const taken: Found[] = [];
    let bytes = 0;
    while (taken.length < WANTED_ENTRIES / LOWER_LAYERS) {
      const item = found[next++ % found.length]!;
      // Skip a large file for now if the bytes would get too far ahead of the entries.
      if (bytes + item.size > ((taken.length + 1) / WANTED_ENTRIES) * WANTED_BYTES + AHEAD) continue;
      taken.push(item);
      bytes += item.size;
    }
    layers.push(await packFiles(folder, `layer-${layer}`, taken, [below(`part-${layer}`)]));
    if (layer === 0) await writeTop(folder, taken);
  }
  return [...layers, path.join(folder, 'layer-top.tar')];
}

/** The top layer: files of layer 0 with another mode, and whiteouts of others. */
async function writeTop(folder: string, lower: readonly Found[]): Promise<void> {
  const files = lower.filter((item) => item.isFile);
  const step = Math.max(1, Math.floor(files.length / (COPIED_UP + DELETED)));
  const chosen = files.filter((_, i) => i % step === 0).slice(0, COPIED_UP + DELETED);
  await packFiles(folder, 'layer-top', chosen.slice(DELETED), ['--mode=0600', below('part-0')]);
  const whiteouts = path.join(folder, 'whiteouts');
  for (const item of chosen.slice(0, DELETED)) {
    const at = path.join(whiteouts, 'part-0', item.path);
    mkdirSync(path.dirname(at), { recursive: true });
    writeFileSync(path.join(path.dirname(at), `.wh.${path.basename(at)}`), '');
  }
  await execa('tar', ['-rf', path.join(folder, 'layer-top.tar'), '-C', whiteouts, 'part-0']);
  rmSync(whiteouts, { recursive: true });
}

/** Makes tar store names below a directory, and keep the targets of symbolic links unchanged. */
function below(name: string): string {
  return `--transform=s,^,${name}/,rSh`;
}

/** Returns everything below a directory that a layer can contain and this user can read, parents first. */
function walk(root: string): Found[] {
  const found: Found[] = [];
  const stack = [root];
  while (stack.length > 0) {
    const at = stack.pop()!;
    const stat = lstatSync(at, { throwIfNoEntry: false });
    if (stat === undefined || at.includes('\n')) continue;
    if (stat.isDirectory()) {
      for (const name of readdirSync(at).toSorted().toReversed()) stack.push(path.join(at, name));
    } else if (!stat.isFile() && !stat.isSymbolicLink()) continue;
    found.push({ path: at, size: stat.isFile() ? stat.size : 0, isFile: stat.isFile() });
  }
  return found;
}

async function packFiles(
  folder: string,
  name: string,
  items: readonly Found[],
  options: readonly string[],
): Promise<string> {
  const list = path.join(folder, `${name}.list`);
  const tar = path.join(folder, `${name}.tar`);
  writeFileSync(list, items.map((item) => `${item.path.slice(1)}\n`).join(''));
  const argv = [
    '--format=pax',
    '--pax-option=delete=atime,delete=ctime,delete=mtime',
    '--hard-dereference',
    '--numeric-owner',
  ];
  await execa('tar', [
    '-cf',
    tar,
    ...argv,
    ...options,
    '--no-recursion',
    '-C',
    '/',
    '--verbatim-files-from',
    '-T',
    list,
  ]);
  rmSync(list);
  return tar;
}

async function packDockerArchive(folder: string, config: string, layers: readonly string[]): Promise<string> {
  const archive = path.join(folder, 'docker.tar');
  const names = layers.map((layer) => path.basename(layer));
  writeFileSync(path.join(folder, 'config.json'), config);
  const manifest = [{ Config: 'config.json', RepoTags: ['bench/large:1'], Layers: names }];
  writeFileSync(path.join(folder, 'manifest.json'), JSON.stringify(manifest));
  await execa('tar', ['-cf', archive, '-C', folder, ...names, 'config.json', 'manifest.json']);
  return archive;
}

async function packOci(
  folder: string,
  compression: 'gzip' | 'zstd',
  config: string,
  layers: readonly string[],
): Promise<string> {
  const layout = path.join(folder, `oci-${compression}`);
  const blobs = path.join(layout, 'blobs/sha256');
  mkdirSync(blobs, { recursive: true });
  const put = (text: string, mediaType: string): object => {
    const hex = createHash('sha256').update(text).digest('hex');
    writeFileSync(path.join(blobs, hex), text);
    return { mediaType, digest: `sha256:${hex}`, size: Buffer.byteLength(text) };
  };
  const descriptors: object[] = [];
  for (const layer of layers) {
    const hex = await digestOf(layer);
    await execa('ln', ['-f', layer, path.join(blobs, hex)]);
    const mediaType = `application/vnd.oci.image.layer.v1.tar+${compression}`;
    descriptors.push({ mediaType, digest: `sha256:${hex}`, size: statSync(layer).size });
  }
  const manifest = {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: put(config, 'application/vnd.oci.image.config.v1+json'),
    layers: descriptors,
  };
  const index = { schemaVersion: 2, manifests: [put(JSON.stringify(manifest), manifest.mediaType)] };
  writeFileSync(path.join(layout, 'index.json'), JSON.stringify(index));
  writeFileSync(path.join(layout, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  const archive = `${layout}.tar`;
  await execa('tar', ['-cf', archive, '-C', layout, 'oci-layout', 'index.json', 'blobs']);
  rmSync(layout, { recursive: true });
  return archive;
}

async function digestOf(file: string): Promise<string> {
  const { stdout } = await execa('openssl', ['dgst', '-sha256', '-r', file]);
  return stdout.slice(0, 64);
}

async function countEntries(layers: readonly string[]): Promise<number> {
  const counts = await Promise.all(
    layers.map((layer) =>
      execa('sh', ['-c', `tar -tf '${layer}' | wc -l`]).then(({ stdout }) => Number(stdout)),
    ),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

function sizeOf(files: readonly string[]): number {
  return files.reduce((sum, file) => sum + statSync(file).size, 0);
}
