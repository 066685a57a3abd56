import type { ImageConfig } from '../image/config.ts';
import type { HistoryAlignment } from './align.ts';
import { type BaseEvidence, baseLayerCount, buildahStart, namedBase } from './base.ts';
import { configLine, missingLines } from './config-lines.ts';
import type { DockerfileLine } from './dockerfile-line.ts';
import { type BuildState, instructionLines } from './instruction-lines.ts';
import type { Instruction } from './instruction.ts';
import { oneInstruction } from './one-instruction.ts';
import { type HistoryProducer, producerOf } from './producer.ts';

/** A Dockerfile as far as an image tells it. */
export interface RebuiltDockerfile {
  readonly producer: HistoryProducer;
  readonly lines: readonly DockerfileLine[];
  /** What holds for all of it. */
  readonly notes: readonly string[];
}

/** Producers whose history holds no instructions of a Dockerfile. */
const NOT_FROM_A_DOCKERFILE: ReadonlySet<HistoryProducer> = new Set(['jib', 'ko', 'apko', 'bazel', 'none']);

/**
 * Rebuilds the Dockerfile of an image from its history and config. What no image keeps (the names of
 * FROM, stages, `--from`, mounts, comments) is said, never made up.
 * @param base signs of the base image; its own entries are left out where they can be counted
 */
export function rebuildDockerfile(
  history: HistoryAlignment,
  config: ImageConfig,
  base: readonly BaseEvidence[],
): RebuiltDockerfile {
  const producer = producerOf(history);
  const first = firstOwnEntry(history, base);
  const lines = [fromLine(base, first)];
  const last = lastOfEach(history.instructions);
  const state: BuildState = { shell: '/bin/sh -c', declared: new Set() };
  history.entries.forEach((entry, index) => {
    const instruction = history.instructions[index]!;
    const final = last.get(instruction.keyword ?? '') === index ? configLine(instruction, config) : null;
    const made = final === null ? instructionLines(entry, instruction, producer, config, state) : [final];
    if (final !== null && instruction.keyword === 'SHELL') state.shell = config.runtime.shell!.join(' ');
    // The base's own entries only set what holds above them.
    if (index < first) return;
    lines.push(...made.map((line) => ({ ...line, layer: entry.layer, historyIndex: index })));
  });
  // A base sets these too: what its own entries say needs not be said again.
  const silent = producer === 'kaniko' || NOT_FROM_A_DOCKERFILE.has(producer);
  const missing = first > 0 && !silent ? [] : missingLines(history.instructions, config);
  lines.push(...missing.map((line) => ({ ...line, layer: null, historyIndex: null })));
  return { producer, lines: lines.map(oneInstruction), notes: notesOf(producer, history, base) };
}

/** The first entry above the base: behind the metadata that follows the base's last layer. */
export function firstOwnEntry(history: HistoryAlignment, base: readonly BaseEvidence[]): number {
  const count = baseLayerCount(base);
  if (count === null || !history.aligned) return 0;
  const told = base.find(({ layers }) => layers !== null)?.method === 'buildah-from';
  const start = told ? buildahStart(history) : null;
  if (start !== null) return start;
  if (count === 0) return 0;
  const end = history.entries.findIndex(({ layer }) => layer === count - 1);
  if (end < 0) return 0;
  // Where the producer changes, or at the CMD with which the base ends.
  const entries = history.entries;
  let at = end + 1;
  const buildkit = (index: number): boolean => entries[index]?.comment?.startsWith('buildkit.') === true;
  let cut = at;
  while (at < entries.length && entries[at]!.emptyLayer && !(buildkit(at) && !buildkit(end))) {
    at++;
    if (history.instructions[at - 1]!.keyword === 'CMD' || (!buildkit(end) && buildkit(at))) cut = at;
  }
  return cut;
}

function fromLine(base: readonly BaseEvidence[], first: number): DockerfileLine {
  const named = namedBase(base);
  const blank = { layer: null, historyIndex: null } as const;
  if (named !== null) {
    const { digest, method, name, reason } = named.sign;
    const pinned = digest === null || name!.includes('@') ? '' : `@${digest}`;
    const others = named.others.length === 0 ? '' : `; or it is ${named.others.join(', or ')}`;
    return {
      text: `FROM ${name}${pinned}`,
      basis: 'inferred',
      note: `${method}: ${reason}${others}`,
      ...blank,
    };
  }
  if (first > 0) {
    const note = 'the base image is there, its name is not recorded: put it in place of this one';
    return { text: 'FROM base-image', basis: 'inferred', note, ...blank };
  }
  return { text: 'FROM scratch', basis: 'inferred', note: 'no base image could be told apart', ...blank };
}

function lastOfEach(instructions: readonly Instruction[]): Map<string, number> {
  const last = new Map<string, number>();
  for (const [index, { keyword }] of instructions.entries()) if (keyword !== null) last.set(keyword, index);
  return last;
}

function notesOf(
  producer: HistoryProducer,
  history: HistoryAlignment,
  base: readonly BaseEvidence[],
): string[] {
  const notes: string[] = [];
  if (NOT_FROM_A_DOCKERFILE.has(producer)) {
    notes.push(
      producer === 'none'
        ? 'the image records no history: there are no instructions to rebuild'
        : `built with ${producer}, which writes no instructions: there is no Dockerfile to rebuild`,
    );
  } else {
    notes.push('stages, --from, --mount, comments and what .dockerignore left out are in no image');
  }
  if (producer === 'kaniko') {
    notes.push('kaniko records no ENV, LABEL, CMD and the like: the config has them, their places are lost');
  }
  if (producer === 'commit') notes.push('a committed container: what was done in it is not recorded');
  if (history.reason !== null) notes.push(history.reason);
  const count = base.find(({ layers }) => layers !== null);
  if (count !== undefined && count.layers! > 0) {
    const layers = count.layers === 1 ? 'layer is' : `${count.layers} layers are`;
    notes.push(`the lowest ${layers} taken for the base image's (${count.confidence}): ${count.reason}`);
  }
  return notes;
}
