import type { ImageConfig } from '../image/config.ts';
import type { HistoryAlignment } from './align.ts';
import { type BaseEvidence, baseLayerCount, buildahStart, namedBase } from './base.ts';
import { configLine, missingLines } from './config-lines.ts';
import type { DockerfileLine } from './dockerfile-line.ts';
import { type BuildState, instructionLines } from './instruction-lines.ts';
import type { Instruction } from './instruction.ts';
import { oneInstruction } from './one-instruction.ts';
import { type HistoryProducer, producerOf } from './producer.ts';

/** A Dockerfile reconstructed from an image. */
export interface RebuiltDockerfile {
  readonly producer: HistoryProducer;
  readonly lines: readonly DockerfileLine[];
  /** Notes about the whole file. */
  readonly notes: readonly string[];
}

/** Producers whose history has no Dockerfile instructions. */
const NOT_FROM_A_DOCKERFILE: ReadonlySet<HistoryProducer> = new Set(['jib', 'ko', 'apko', 'bazel', 'none']);

/**
 * Rebuilds the Dockerfile of an image from its history and config. An image does not record the names in
 * FROM, stages, `--from`, mounts or comments: the notes say so, and nothing is made up.
 * @param base evidence of the base image; its own entries are omitted if their number is known
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
    // Entries of the base are omitted, but they still set the shell and the declared arguments.
    if (index < first) return;
    lines.push(...made.map((line) => ({ ...line, layer: entry.layer, historyIndex: index })));
  });
  // The settings may come from the base image, whose entries are omitted.
  const silent = producer === 'kaniko' || NOT_FROM_A_DOCKERFILE.has(producer);
  const missing = first > 0 && !silent ? [] : missingLines(history.instructions, config);
  lines.push(...missing.map((line) => ({ ...line, layer: null, historyIndex: null })));
  return { producer, lines: lines.map(oneInstruction), notes: notesOf(producer, history, base) };
}

/** Returns the index of the first entry after the base image: after the metadata that follows the last base layer. */
export function firstOwnEntry(history: HistoryAlignment, base: readonly BaseEvidence[]): number {
  const count = baseLayerCount(base);
  if (count === null || !history.aligned) return 0;
  const byBuildah = base.find(({ layers }) => layers !== null)?.method === 'buildah-from';
  const start = byBuildah ? buildahStart(history) : null;
  if (start !== null) return start;
  if (count === 0) return 0;
  const end = history.entries.findIndex(({ layer }) => layer === count - 1);
  if (end < 0) return 0;
  // The base ends where the producer changes, or after its CMD.
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
    const others = named.others.length === 0 ? '' : `; it may also be ${named.others.join(' or ')}`;
    return {
      text: `FROM ${name}${pinned}`,
      basis: 'inferred',
      note: `${method}: ${reason}${others}`,
      ...blank,
    };
  }
  if (first > 0) {
    const note = 'the name of the base image is not recorded; replace "base-image" with it';
    return { text: 'FROM base-image', basis: 'inferred', note, ...blank };
  }
  return { text: 'FROM scratch', basis: 'inferred', note: 'no base image was detected', ...blank };
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
        ? 'the image has no history: there is nothing to rebuild'
        : `built with ${producer}, which uses no Dockerfile: there is nothing to rebuild`,
    );
  } else {
    notes.push('an image does not record stages, --from, --mount, comments or .dockerignore');
  }
  if (producer === 'kaniko') {
    notes.push('kaniko records no ENV, LABEL, CMD and the like: they come from the config, in unknown order');
  }
  if (producer === 'commit') notes.push('a committed container: the commands run in it are not recorded');
  if (history.reason !== null) notes.push(history.reason);
  const count = base.find(({ layers }) => layers !== null);
  if (count !== undefined && count.layers! > 0) {
    const layers = count.layers === 1 ? 'layer belongs' : `${count.layers} layers belong`;
    notes.push(`the lowest ${layers} to the base image (${count.confidence}): ${count.reason}`);
  }
  return notes;
}
