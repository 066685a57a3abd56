import { execa } from 'execa';
import { NODE } from '../../smoke/program.ts';
import type { Machine } from './machine.ts';

export interface Run {
  readonly status: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ExhumeOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** The user to run as. */
  readonly uid?: number;
  /** The Node binary, if that user cannot access the default one. */
  readonly node?: string;
  readonly input?: { readonly file: string };
}

/** Runs the built program with the machine's engines. */
export async function exhume(
  machine: Machine,
  program: string,
  argv: readonly string[],
  options: ExhumeOptions = {},
): Promise<Run> {
  const { env, uid, input, node = NODE } = options;
  const result = await execa(node, [program, ...argv], {
    env: { ...machine.env, ...env },
    extendEnv: false,
    reject: false,
    cwd: machine.top,
    maxBuffer: 1 << 28,
    ...(input === undefined ? { stdin: 'ignore' as const } : { inputFile: input.file }),
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  return { status: result.exitCode, stdout: result.stdout, stderr: result.stderr };
}

/**
 * An image without its storage and names, for comparison between sources. File digests are omitted, because
 * they are listed only if they were computed while reading, which depends on the compression.
 */
export interface ImageFacts {
  readonly id: string;
  readonly platform: string;
  readonly created: string | null;
  readonly diffIds: readonly string[];
  readonly instructions: readonly (string | null)[];
  readonly history: unknown;
  readonly entries: readonly Entry[];
}

interface Entry {
  readonly path: string;
  readonly layer: number;
  readonly change: string;
  readonly via?: string;
  readonly deletedBy?: string;
  readonly sha256?: string;
}

/** Reads an image from the program's JSON output. */
export async function factsOf(
  machine: Machine,
  program: string,
  image: string,
  options: ExhumeOptions & { readonly argv?: readonly string[] } = {},
): Promise<ImageFacts> {
  const { argv = [], ...more } = options;
  const read = async (command: readonly string[]): Promise<Record<string, unknown>> => {
    const run = await exhume(machine, program, [...command, '--json', ...argv], more);
    if (run.status !== 0) throw new Error(`${command.join(' ')}: ${run.stderr}`);
    return JSON.parse(run.stdout) as Record<string, unknown>;
  };
  const summary = await read(['summary', image]);
  const about = summary['image'] as { id: string; platform: string; created: string | null };
  const layers = summary['layers'] as { diffId: string; instruction: string | null }[];
  const entries = (await read(['ls', image, '--changes']))['entries'] as Entry[];
  return {
    id: about.id,
    platform: about.platform,
    created: about.created,
    diffIds: layers.map((layer) => layer.diffId),
    instructions: layers.map((layer) => layer.instruction),
    history: (await read(['history', image]))['history'],
    entries: entries.map((entry) => omitDigest(entry)),
  };
}

function omitDigest(entry: Entry): Entry {
  const { sha256: _sha256, ...rest } = entry;
  return rest;
}
