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

/** What a save came to. A refusal is a value, because another engine may have the image. */
export type SaveResult =
  | { readonly kind: 'saved'; readonly archive: ImageArchive }
  | { readonly kind: 'refused'; readonly complaint: Complaint; readonly bytes: number };

export interface SaveOptions extends ArrivalOptions {
  readonly env: NodeJS.ProcessEnv;
  /** `os/arch[/variant]` that the user wants, or null. */
  readonly platform: string | null;
}

/**
 * Lets an engine save an image and opens what arrives. Contexts, hosts, namespaces and rootless stores
 * are the business of the engine's own program, which gets the environment as it is.
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
  // An index whose other platforms were never pulled cannot be saved whole, but one of it can.
  if (result.kind === 'saved' || result.complaint.kind !== 'not-local' || narrow !== null) return result;
  const one = options.platform ?? platformText(hostPlatform());
  const again = await saveOnce(engine, name, saveArguments(engine, name, one), options);
  return again.kind === 'refused' && again.complaint.kind === 'unknown-option' ? result : again;
}

/**
 * podman keeps images with OCI manifests and with Docker's. An OCI archive of the latter would get
 * another config and so another ID; a docker-archive of the former would lose the annotations.
 */
async function savePodman(engine: Engine, name: string, options: SaveOptions): Promise<SaveResult> {
  let manifestType = '';
  const inspect = ['image', 'inspect', '--format', '{{.ManifestType}}', '--', name];
  const ending = await runProgram(engine.cli, inspect, runOptions(options), (chunk) => {
    manifestType += Buffer.from(chunk).toString('utf8');
  });
  throwIfCancelled(options.signal);
  if (ending.status !== 0) {
    const complaint = readComplaint(ending);
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
 * podman collects an OCI archive in its folder for temporary files, and leaves it there when it is
 * killed. A private folder takes that in, wherever the variable does not also decide where podman
 * finds its containers (rootless, without XDG_RUNTIME_DIR).
 */
function podmanFolder(env: NodeJS.ProcessEnv): string | null {
  if (process.getuid?.() !== 0 && !env['XDG_RUNTIME_DIR']) return null;
  const usual = env['TMPDIR'] ?? '/var/tmp';
  return privateFolder(existsSync(usual) ? usual : tmpdir());
}

async function saveOnce(
  engine: Engine,
  name: string,
  args: readonly string[],
  options: SaveOptions,
): Promise<SaveResult> {
  const arriving = new ArrivingArchive(sourceOf(engine, name), options);
  try {
    const ending = await runProgram(engine.cli, args, runOptions(options), (chunk) => arriving.write(chunk));
    throwIfCancelled(options.signal);
    arriving.end();
    if (ending.status === 0 && !arriving.cutShort && arriving.bytes > 0) {
      return { kind: 'saved', archive: await arriving.openImage() };
    }
    const complaint = ending.status === 0 ? CUT_SHORT : readComplaint(ending);
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
