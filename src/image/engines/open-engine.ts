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
  /** What `--engine` names, or null. */
  readonly cli: string | null;
  /** Shorten what the engines say. */
  readonly quiet: boolean;
  /** Called before an engine is asked, with the name of its program. */
  readonly onAsk?: (program: string) => void;
}

/**
 * Opens an image that an engine on this machine holds: the engines of the place are asked in turn,
 * and the first that has it gives it.
 * @param name as typed, checked by parseReference
 * @throws EngineProblem with what each engine said; Problem `disk-full`, `write-failed`, `cancelled`, `usage`
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
    // ctr stands in where nerdctl is not installed, and only there.
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
  // A bare name could have been meant for a file.
  const subject =
    place === 'any' && options.cli === null ? `${name}: there is no such file, and` : `${name}:`;
  throw refusalProblem(subject, refusals, await suggest(place, name, refusals, options), options.quiet);
}

/** Refusals of an engine that has the image: another one need not be asked. */
const HAS_IMAGE: ReadonlySet<ComplaintKind> = new Set<ComplaintKind>([
  'killed',
  'cut-short',
  'disk-full',
  'no-such-platform',
  'not-local',
]);

/**
 * An archive that is to be kept must not take the place of another file.
 * @throws Problem `write-failed`
 */
export function checkKeep(keep: string | null): void {
  if (keep === null || !isThere(keep)) return;
  throw new Problem('write-failed', `${keep} exists already; --keep writes over nothing`, { file: keep });
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
    'where an engine is: docker save -o image.tar NAME (or podman save), and then: exhume image.tar';
  if (engines.length === 1) {
    return new EngineProblem('engine', `${name}: ${looked} is not installed`, [elsewhere]);
  }
  if (place !== 'any') {
    return new EngineProblem('engine', `${name}: none of ${looked} is installed`, [elsewhere]);
  }
  return new EngineProblem(
    'engine',
    `${name}: there is no such file, and no container engine is installed to ask (${looked})`,
    [elsewhere, 'docker://NAME asks a registry (through skopeo or crane), containerd:NAME asks ctr'],
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
