import { type Complaint, readComplaint } from './complaint.ts';
import { type Engine, type EnginePlace, enginesFor, listArguments } from './engine.ts';
import { type LocalImage, parseCtrImages, parseJsonImages } from './image-lists.ts';
import { askProgram } from './run.ts';

/** The images of one engine, or why it could not list them. */
export type EngineImages =
  | { readonly engine: Engine; readonly images: readonly LocalImage[] }
  | { readonly engine: Engine; readonly problem: Complaint };

export interface ListOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
  /** The value of `--engine`, or null. */
  readonly cli?: string | null;
  readonly place?: EnginePlace;
  /** Called when an engine answers, the fastest first. */
  readonly onEngine?: (answer: EngineImages) => void;
}

/** Milliseconds to wait for an engine: a dead daemon must not delay the start. */
export const LIST_LIMIT = 1800;

/**
 * Asks all installed engines for their images, in parallel.
 * @returns an answer for each installed engine, in the order docker, podman, nerdctl (or ctr)
 */
export async function listLocalImages(options: ListOptions): Promise<readonly EngineImages[]> {
  const cli = options.cli ?? null;
  const place = options.place ?? 'any';
  const engines = enginesFor(place, cli);
  // nerdctl and ctr list the same images of containerd: ask ctr only if nerdctl is not installed.
  const turns = engines
    .filter((engine) => cli !== null || engine.kind === 'docker' || engine.kind === 'podman')
    .map((engine) => [engine]);
  if (cli === null && (place === 'any' || place === 'containerd')) {
    turns.push([...enginesFor('containerd', null)]);
  }
  const answers = await Promise.all(turns.map((turn) => listFirst(turn, options)));
  return answers.filter((answer) => answer !== null);
}

async function listFirst(engines: readonly Engine[], options: ListOptions): Promise<EngineImages | null> {
  for (const engine of engines) {
    const answer = await listOne(engine, options);
    if (answer !== null) return answer;
  }
  return null;
}

async function listOne(engine: Engine, options: ListOptions): Promise<EngineImages | null> {
  const { env, signal } = options;
  const answer = await askProgram(engine.cli, listArguments(engine), { env, signal }, LIST_LIMIT);
  const result = readAnswer(engine, answer);
  if (result !== null) options.onEngine?.(result);
  return result;
}

type ProgramAnswer = Awaited<ReturnType<typeof askProgram>>;

function readAnswer(engine: Engine, answer: ProgramAnswer): EngineImages | null {
  if (answer.kind === 'too-late') {
    const problem: Complaint = { kind: 'no-daemon', words: [], how: `no answer in ${LIST_LIMIT / 1000} s` };
    return { engine, problem };
  }
  const { exit, output } = answer;
  if (exit.status === 0) {
    const parse = engine.kind === 'ctr' ? parseCtrImages : parseJsonImages;
    return { engine, images: parse(engine, output) };
  }
  const problem = readComplaint(exit);
  return problem.kind === 'not-installed' ? null : { engine, problem };
}
