import type { Healthcheck, ImageConfig, RuntimeConfig } from '../image/config.ts';
import type { HistoryAlignment } from './align.ts';
import type { BaseEvidence } from './base.ts';
import { baseLayerCount } from './base.ts';
import type { Instruction } from './instruction.ts';

/** One instruction of a rebuilt Dockerfile, or a comment. */
export interface DockerfileLine {
  readonly text: string;
  /** `observed`: the history or the config says so; `inferred`: it had to be worked out. */
  readonly basis: 'observed' | 'inferred';
  /** What is not certain, or what is lost; null where nothing is. */
  readonly note: string | null;
  readonly layer: number | null;
  readonly historyIndex: number | null;
}

/** Who wrote the history. */
export type HistoryProducer =
  | 'buildkit'
  | 'classic'
  | 'buildah'
  | 'kaniko'
  | 'jib'
  | 'ko'
  | 'apko'
  | 'bazel'
  | 'commit'
  | 'none'
  | 'unknown';

/** A Dockerfile as far as an image tells it. */
export interface RebuiltDockerfile {
  readonly producer: HistoryProducer;
  readonly lines: readonly DockerfileLine[];
  /** What holds for all of it. */
  readonly notes: readonly string[];
}

/** Producers whose history holds no instructions of a Dockerfile. */
const NOT_FROM_A_DOCKERFILE: ReadonlySet<HistoryProducer> = new Set(['jib', 'ko', 'apko', 'bazel', 'none']);

/** Instructions of which the config has the last word, and in a better form than the history. */
const IN_CONFIG: ReadonlySet<string> = new Set([
  'CMD',
  'ENTRYPOINT',
  'USER',
  'HEALTHCHECK',
  'EXPOSE',
  'VOLUME',
  'SHELL',
  'STOPSIGNAL',
]);

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
  const told = new Set<string>();
  for (let index = first; index < history.entries.length; index++) {
    const isLast = last.get(history.instructions[index]!.keyword ?? '') === index;
    lines.push(...linesOf(history, index, config.runtime, isLast, told));
  }
  for (const [keyword, text] of finalInstructions(config.runtime)) {
    const seen = last.get(keyword);
    if (seen !== undefined && seen >= first) continue;
    // A base sets these too: what its own entries say needs not be said again.
    if (seen !== undefined || first > 0) continue;
    lines.push({
      text,
      basis: 'inferred',
      note: 'from the config; the history has no such entry',
      layer: null,
      historyIndex: null,
    });
  }
  return { producer, lines, notes: notesOf(producer, history, base) };
}

function producerOf({ entries, instructions }: HistoryAlignment): HistoryProducer {
  if (entries.length === 0) return 'none';
  const last = entries.at(-1)!;
  const raw = instructions.at(-1)!.raw;
  const author = last.author ?? '';
  if (entries.some(({ comment }) => comment?.startsWith('buildkit.') === true)) return 'buildkit';
  if (author === 'kaniko') return 'kaniko';
  if (/^jib(?:-|\b)/.test(raw) || author === 'Jib') return 'jib';
  if (/^ko build\b|^ko publish\b/.test(raw) || author.includes('ko-build')) return 'ko';
  if (/\bapko\b/.test(`${raw} ${last.comment ?? ''} ${author}`)) return 'apko';
  if (/^bazel\b/i.test(raw) || author === 'Bazel') return 'bazel';
  if (entries.some(({ comment }) => /^FROM \S/.test(comment ?? ''))) return 'buildah';
  if (instructions.some((instruction) => instruction.raw.includes('#(nop)'))) return 'classic';
  if (instructions.some(({ keyword }) => keyword !== null)) return 'unknown';
  return instructions.some((instruction) => instruction.raw !== '') ? 'commit' : 'none';
}

/** The first entry above the base: behind the metadata that follows the base's last layer. */
function firstOwnEntry(history: HistoryAlignment, base: readonly BaseEvidence[]): number {
  const count = baseLayerCount(base);
  if (count === null || count === 0 || !history.aligned) return 0;
  const end = history.entries.findIndex(({ layer }) => layer === count - 1);
  if (end < 0) return 0;
  // Where the producer changes, or at the CMD with which the base ends.
  const entries = history.entries;
  let at = end + 1;
  const buildkit = (index: number): boolean => entries[index]?.comment?.startsWith('buildkit.') === true;
  const from = (index: number): boolean => /^FROM \S/.test(entries[index]?.comment ?? '');
  let cut = at;
  while (at < entries.length && entries[at]!.emptyLayer && !(buildkit(at) && !buildkit(end)) && !from(at)) {
    at++;
    if (history.instructions[at - 1]!.keyword === 'CMD' || (!buildkit(end) && buildkit(at))) cut = at;
  }
  return cut;
}

function fromLine(base: readonly BaseEvidence[], first: number): DockerfileLine {
  const named = base.find(({ name }) => name !== null);
  const blank = { layer: null, historyIndex: null } as const;
  if (named !== undefined) {
    const pinned = named.digest === null || named.name!.includes('@') ? '' : `@${named.digest}`;
    return {
      text: `FROM ${named.name}${pinned}`,
      basis: 'inferred',
      note: `${named.method}: ${named.reason}`,
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

function linesOf(
  history: HistoryAlignment,
  index: number,
  runtime: RuntimeConfig,
  isLast: boolean,
  told: Set<string>,
): DockerfileLine[] {
  const entry = history.entries[index]!;
  const instruction = history.instructions[index]!;
  const at = { layer: entry.layer, historyIndex: index };
  const { keyword } = instruction;
  if (keyword === null) return [foreignLine(instruction, entry.comment, at)];
  if (keyword === 'RUN') return runLines(instruction, at, told);
  if (keyword === 'COPY' || keyword === 'ADD') return [copyLine(instruction, at)];
  if (isLast && IN_CONFIG.has(keyword)) {
    const final = finalInstructions(runtime).find(([name]) => name === keyword)?.[1];
    if (final !== undefined) return [{ text: final, basis: 'observed', note: null, ...at }];
  }
  return [{ text: instruction.text, basis: 'observed', note: null, ...at }];
}

type At = Pick<DockerfileLine, 'layer' | 'historyIndex'>;

function foreignLine({ raw, text }: Instruction, comment: string | null, at: At): DockerfileLine {
  const squashed = [text, comment ?? ''].some((words) => words.startsWith('merge sha256:'));
  if (squashed) {
    const note = 'squashed: the layers of the instructions above are merged into this one';
    return { text: `# ${oneLine(comment ?? text)}`, basis: 'observed', note, ...at };
  }
  const said = oneLine(raw || comment || 'an entry that says nothing');
  return { text: `# ${said}`, basis: 'observed', note: 'no instruction of a Dockerfile', ...at };
}

/** Every RUN repeats the arguments of its stage: they are told where they are new. */
function runLines(instruction: Instruction, at: At, told: Set<string>): DockerfileLine[] {
  const { args, argsAmbiguous, shell, text } = instruction;
  const run: DockerfileLine = { text, basis: 'observed', note: shellNote(shell), ...at };
  if (args.length === 0) return [run];
  const values = args.map(({ name, value }) => `${name}=${value}`).join(' ');
  if (told.has(values)) return [run];
  told.add(values);
  const note = argsAmbiguous
    ? 'build arguments of the next line; where one ends and the next begins had to be guessed'
    : 'build arguments of the next line, with their values';
  return [
    { text: `# ARG ${oneLine(values)}`, basis: argsAmbiguous ? 'inferred' : 'observed', note, ...at },
    run,
  ];
}

function shellNote(shell: string | null): string | null {
  return shell === null || shell === '/bin/sh -c' ? null : `run by ${shell}`;
}

/** Builders that hash what is copied write the hash in place of the names. */
function copyLine(instruction: Instruction, at: At): DockerfileLine {
  const hashed = /\b(?:file|dir|multi):[0-9a-f]{64}\b/.test(instruction.text);
  if (!hashed) return { text: instruction.text, basis: 'observed', note: null, ...at };
  const text = instruction.text.replace(/ in (?=\S+ *$)/, ' ').trimEnd();
  return { text, basis: 'inferred', note: 'the source is known by its checksum only', ...at };
}

/** What the config says, as instructions; BuildKit and the classic builder print Go's syntax in the history. */
export function finalInstructions(runtime: RuntimeConfig): [keyword: string, text: string][] {
  const list: [string, string][] = [];
  const json = (words: readonly string[]): string => JSON.stringify(words);
  const { shell, user, exposedPorts, volumes, stopSignal, healthcheck, entrypoint, cmd } = runtime;
  if (shell !== null) list.push(['SHELL', `SHELL ${json(shell)}`]);
  if (exposedPorts.length > 0) list.push(['EXPOSE', `EXPOSE ${exposedPorts.map(port).join(' ')}`]);
  if (volumes.length > 0) list.push(['VOLUME', `VOLUME ${json(volumes)}`]);
  if (user !== null && user !== '') list.push(['USER', `USER ${user}`]);
  if (stopSignal !== null) list.push(['STOPSIGNAL', `STOPSIGNAL ${stopSignal}`]);
  if (healthcheck !== null) list.push(['HEALTHCHECK', healthcheckText(healthcheck)]);
  if (entrypoint !== null && entrypoint.length > 0)
    list.push(['ENTRYPOINT', `ENTRYPOINT ${json(entrypoint)}`]);
  if (cmd !== null && cmd.length > 0) list.push(['CMD', `CMD ${json(cmd)}`]);
  return list;
}

function port(text: string): string {
  return text.replace(/\/tcp$/, '');
}

function healthcheckText({ test, interval, timeout, startPeriod, retries }: Healthcheck): string {
  const [kind, ...rest] = test;
  if (kind === 'NONE') return 'HEALTHCHECK NONE';
  const seconds = (name: string, value: number | null): string =>
    value === null || value === 0 ? '' : ` --${name}=${value / 1e9}s`;
  const options = [
    seconds('interval', interval),
    seconds('timeout', timeout),
    seconds('start-period', startPeriod),
    retries === null || retries === 0 ? '' : ` --retries=${retries}`,
  ].join('');
  const command = kind === 'CMD-SHELL' ? rest.join(' ') : JSON.stringify(kind === 'CMD' ? rest : test);
  return `HEALTHCHECK${options} CMD ${command}`;
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
  if (producer === 'commit') notes.push('a committed container: what was done in it is not recorded');
  if (history.reason !== null) notes.push(history.reason);
  const count = base.find(({ layers }) => layers !== null);
  if (count !== undefined && count.layers! > 0) {
    const layers = count.layers === 1 ? '1 layer is' : `${count.layers} layers are`;
    notes.push(`the lowest ${layers} taken for the base image's (${count.confidence}): ${count.reason}`);
  }
  return notes;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
