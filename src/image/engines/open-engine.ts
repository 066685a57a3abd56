import { lstatSync } from 'node:fs';
import { Problem } from '../../problem.ts';
import type { ImageArchive } from '../image.ts';
import type { ComplaintKind } from './complaint.ts';
import { type Engine, type EnginePlace, engineName, enginesFor } from './engine.ts';
import { EngineProblem, type Refusal, refusalProblem } from './engine-problem.ts';
import { listLocalImages } from './local-images.ts';
import { nearNames } from './near-names.ts';
import { explainMissing } from './missing-platform.ts';
import { type SaveOptions, saveImage } from './save.ts';

export interface EngineOptions extends SaveOptions {
  /** The value of `--engine`, or null. */
  readonly cli: string | null;
  /** Whether to shorten the engines' messages. */
  readonly quiet: boolean;
  /** Called with the name of an engine's program before it is run. */
  readonly onAsk?: (program: string) => void;
}

/**
 * Opens an image of an engine on this machine. The engines are asked one after the other; the first that has
 * the image saves it.
 * @param name as typed, checked by parseReference
 * @throws EngineProblem with the messages of the engines; Problem `disk-full`, `write-failed`, `cancelled`, `usage`
 */
export async function openFromEngines(
  place: EnginePlace,
  name: string,
  options: EngineOptions,
): Promise<ImageArchive> {
  checkKeep(options.keep ?? null);
  const engines = enginesFor(place, options.cli);
  const refusals: Refusal[] = [];
  for (const engine of engines) {
    // Ask ctr only if nerdctl is not installed.
    if (engine.kind === 'ctr' && refusals.some(({ complaint }) => complaint.kind !== 'not-installed')) break;
    options.onAsk?.(engineName(engine));
    const result = await saveImage(engine, name, options);
    if (result.kind === 'saved') return explainMissing(result.archive, engineName(engine));
    const { complaint, bytes } = result;
    refusals.push({ role: engine.kind, name: engineName(engine), complaint, bytes });
    if (bytes > 0 || HAS_IMAGE.has(complaint.kind)) break;
  }
  if (refusals.every(({ complaint }) => complaint.kind === 'not-installed')) {
    throw noEngine(place, name, engines);
  }
  // A name without a transport may have been meant as a file.
  const subject = place === 'any' && options.cli === null ? `${name}: no such file, and` : `${name}:`;
  throw refusalProblem(subject, refusals, await suggest(place, name, refusals, options), options.quiet);
}

/** Failures of an engine that has the image: the other engines need not be asked. */
const HAS_IMAGE: ReadonlySet<ComplaintKind> = new Set<ComplaintKind>([
  'killed',
  'cut-short',
  'disk-full',
  'no-such-platform',
  'not-local',
]);

/**
 * Checks that the file for `--keep` does not exist.
 * @throws Problem `write-failed`
 */
export function checkKeep(keep: string | null): void {
  if (keep === null || !isThere(keep)) return;
  throw new Problem('write-failed', `${keep} already exists; --keep does not overwrite files`, {
    file: keep,
  });
}

function isThere(file: string): boolean {
  try {
    return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new Problem('write-failed', `cannot write ${file}: ${detail}`, { file }, error);
  }
}

function noEngine(place: EnginePlace, name: string, engines: readonly Engine[]): EngineProblem {
  const looked = engines.map(engineName).join(', ');
  const elsewhere =
    'on a machine with an engine, run docker save -o image.tar NAME (or podman save); then run exhume image.tar here';
  if (engines.length === 1) {
    return new EngineProblem('engine', `${name}: ${looked} is not installed`, [elsewhere]);
  }
  if (place !== 'any') {
    return new EngineProblem('engine', `${name}: none of ${looked} is installed`, [elsewhere]);
  }
  return new EngineProblem(
    'engine',
    `${name}: no such file, and no container engine is installed (looked for ${looked})`,
    [elsewhere, 'docker://NAME pulls from a registry (with skopeo or crane); containerd:NAME uses ctr'],
  );
}

async function suggest(
  place: EnginePlace,
  name: string,
  refusals: readonly Refusal[],
  options: EngineOptions,
): Promise<readonly string[]> {
  if (refusals.every(({ complaint }) => complaint.kind !== 'no-such-image')) return [];
  const { env, cli, signal } = options;
  const answers = await listLocalImages({ env, cli, place, ...(signal === undefined ? {} : { signal }) });
  const images = answers.flatMap((answer) => ('images' in answer ? answer.images : []));
  const names = images.filter((image) => image.name !== '').map(localName);
  return nearNames(name, [...new Set(names)]);
}

function localName({ name, tag }: { readonly name: string; readonly tag: string }): string {
  if (tag === '') return name;
  return tag.startsWith('sha256:') ? `${name}@${tag}` : `${name}:${tag}`;
}
