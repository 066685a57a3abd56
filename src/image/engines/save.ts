import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { privateFolder, removeTemporary } from '../../bytes/spool.ts';
import { Problem } from '../../problem.ts';
import type { ImageArchive } from '../image.ts';
import { hostPlatform, platformText } from '../platform.ts';
import { type ArrivalOptions, ArrivingArchive } from './arriving.ts';
import { type Complaint, CUT_SHORT, readComplaint } from './complaint.ts';
import { type Engine, namesToAsk, saveArguments, sourceOf } from './engine.ts';
import { type RunOptions, runProgram } from './run.ts';

/** The result of a save. A refusal is not thrown, because another engine may have the image. */
export type SaveResult =
  | { readonly kind: 'saved'; readonly archive: ImageArchive }
  | { readonly kind: 'refused'; readonly complaint: Complaint; readonly bytes: number };

export interface SaveOptions extends ArrivalOptions {
  readonly env: NodeJS.ProcessEnv;
  /** The requested `os/arch[/variant]`, or null. */
  readonly platform: string | null;
}

/**
 * Has an engine save an image, and opens the archive. The engine's program handles contexts, hosts, namespaces
 * and rootless stores; it gets the environment unchanged.
 * @throws Problem `disk-full`, `write-failed`, `cancelled`, or as `openPath` does
 */
export async function saveImage(engine: Engine, name: string, options: SaveOptions): Promise<SaveResult> {
  let last: SaveResult | null = null;
  for (const asked of namesToAsk(engine, name)) {
    last = await saveNamed(engine, asked, options);
    if (last.kind === 'saved' || last.complaint.kind !== 'no-such-image') return last;
  }
  return last!;
}

async function saveNamed(engine: Engine, name: string, options: SaveOptions): Promise<SaveResult> {
  if (engine.kind === 'podman') return savePodman(engine, name, options);
  const narrow = engine.kind === 'docker' ? null : options.platform;
  const result = await saveOnce(engine, name, saveArguments(engine, name, narrow), options);
  // An index with platforms that were never pulled cannot be saved as a whole, but one platform can.
  if (result.kind === 'saved' || result.complaint.kind !== 'not-local' || narrow !== null) return result;
  const one = options.platform ?? platformText(hostPlatform());
  const again = await saveOnce(engine, name, saveArguments(engine, name, one), options);
  return again.kind === 'refused' && again.complaint.kind === 'unknown-option' ? result : again;
}

/**
 * Saves an image of podman in the format of its manifest. An OCI archive of an image with a Docker manifest
 * would get another config and thus another ID; a docker-archive of one with an OCI manifest would lose its
 * annotations.
 */
async function savePodman(engine: Engine, name: string, options: SaveOptions): Promise<SaveResult> {
  let manifestType = '';
  const inspect = ['image', 'inspect', '--format', '{{.ManifestType}}', '--', name];
  const exit = await runProgram(engine.cli, inspect, runOptions(options), (chunk) => {
    manifestType += Buffer.from(chunk).toString('utf8');
  });
  throwIfCancelled(options.signal);
  if (exit.status !== 0) {
    const complaint = readComplaint(exit);
    if (complaint.kind !== 'unknown-option') return { kind: 'refused', complaint, bytes: 0 };
  }
  const folder = podmanFolder(options.env);
  const inFolder = folder === null ? options : { ...options, env: { ...options.env, TMPDIR: folder } };
  try {
    if (manifestType.includes('vnd.oci.image.manifest')) {
      const args = ['save', '--quiet', '--format', 'oci-archive', '--uncompressed', '--', name];
      const result = await saveOnce(engine, name, args, inFolder);
      if (result.kind === 'saved' || result.complaint.kind !== 'unknown-option') return result;
    }
    return await saveOnce(engine, name, saveArguments(engine, name, null), inFolder);
  } finally {
    if (folder !== null) removeTemporary(folder);
  }
}

/**
 * Returns a private TMPDIR for podman, which leaves a partial OCI archive there when it is killed. Null if
 * TMPDIR also decides where podman finds its containers (rootless, without XDG_RUNTIME_DIR).
 */
function podmanFolder(env: NodeJS.ProcessEnv): string | null {
  if (process.getuid?.() !== 0 && !env['XDG_RUNTIME_DIR']) return null;
  const parent = env['TMPDIR'] ?? '/var/tmp';
  return privateFolder(existsSync(parent) ? parent : tmpdir());
}

async function saveOnce(
  engine: Engine,
  name: string,
  args: readonly string[],
  options: SaveOptions,
): Promise<SaveResult> {
  const arriving = new ArrivingArchive(sourceOf(engine, name), options);
  try {
    const exit = await runProgram(engine.cli, args, runOptions(options), (chunk) => arriving.write(chunk));
    throwIfCancelled(options.signal);
    arriving.end();
    if (exit.status === 0 && !arriving.cutShort && arriving.bytes > 0) {
      return { kind: 'saved', archive: await arriving.openImage() };
    }
    const complaint = exit.status === 0 ? CUT_SHORT : readComplaint(exit);
    const { bytes } = arriving;
    arriving.discard();
    return { kind: 'refused', complaint, bytes };
  } catch (error) {
    arriving.discard();
    throw error;
  }
}

function runOptions(options: SaveOptions): RunOptions {
  return { env: options.env, signal: options.signal };
}

function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new Problem('cancelled', 'cancelled');
}
