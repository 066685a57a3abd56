import type { Finding, Occurrence } from '../finding/finding.ts';
import type { DockerfileLine } from '../history/dockerfile-line.ts';
import { sourceInstructions } from '../history/dockerfile-source.ts';
import { masksIn } from '../secrets/mask/mask-text.ts';
import { unifiedDiff } from '../text/line-diff.ts';
import { shellWord } from '../text/shell-word.ts';
import type { DockerfileFacts } from './dockerfile-facts.ts';
import { nextWorkdir, withoutCopied } from './draft-copy.ts';
import { type SecretIds, withoutMasks } from './draft-values.ts';
import { remarked } from './remarked.ts';

/** What stands in a Dockerfile: a line of it, or a remark above one. */
type Lines = readonly string[];
/** A whole instruction, or a comment. */
type Instruction = Pick<DockerfileLine, 'text' | 'layer' | 'historyIndex'>;

const NOT_NEEDED = 'not needed once nothing brings these files; it never took them out of the image';

/** A draft of the changed build. */
export interface BuildDraft {
  /** Lines of a unified diff of the Dockerfile; none where there is nothing to suggest. */
  readonly diff: readonly string[];
  /** By path in the image: what a `.dockerignore` has to name so that a COPY or ADD leaves it out. */
  readonly ignore: ReadonlyMap<string, readonly string[]>;
}

/**
 * A change to the Dockerfile that takes away what was found, as a unified diff. It is a draft: ids of
 * secrets and names are for the reader to fill in. Every line of it parses, and none has a masked value.
 * @param findings open ones; those of the base change nothing but the remark at FROM
 */
export function draftBuild(dockerfile: DockerfileFacts, findings: readonly Finding[]): BuildDraft {
  const loud = findings.filter(({ demoted }) => demoted === null);
  const own = loud.filter(({ origin }) => origin !== 'base');
  const before = dockerfile.lines.flatMap(({ text }) => text.split('\n'));
  // A value that is masked only because of its name is no reason for a draft.
  if (loud.length === 0 && masksIn(before.join('\n')).length > 0) {
    return { diff: [], ignore: new Map() };
  }
  const instructions = instructionsOf(dockerfile);
  const ids: SecretIds = { next: 1 };
  const ignore = new Map<string, readonly string[]>();
  let workdir: string | null = null;
  const changed = instructions.map((each) => {
    if (/^\s*FROM\s/i.test(each.text)) {
      workdir = null;
      return fromLines(each.text, loud.length - own.length, ids);
    }
    workdir = nextWorkdir(each.text, workdir);
    return changedLines(each, own, { ids, ignore, workdir });
  });
  const after = withUser(changed, instructions, own).flat();
  const diff = unifiedDiff(before.join('\n'), after.join('\n'), 'Dockerfile', 'Dockerfile (a draft)');
  return { diff, ignore };
}

/** Takes the lines together that are one instruction: the builder's own file has a line for each line of text. */
function instructionsOf({ lines, source }: DockerfileFacts): Instruction[] {
  if (source === 'history') return [...lines];
  const texts = lines.map(({ text }) => text);
  const made: Instruction[] = [];
  let next = 0;
  for (const { first, last } of sourceInstructions(texts)) {
    made.push(...lines.slice(next, first));
    made.push({ ...lines[first]!, text: texts.slice(first, last + 1).join('\n') });
    next = last + 1;
  }
  return [...made, ...lines.slice(next)];
}

function fromLines(text: string, found: number, ids: SecretIds): Lines {
  const lines = withoutMasks(text, new Set(), ids);
  const name = /^FROM\s+(?:--\S+\s+)*(\S+)/i.exec(lines.at(-1)!)?.[1] ?? '';
  const pinned = name.includes('@') || name === 'scratch' || !/[:/]/.test(name);
  const pin = pinned ? [] : [`# better pinned by its digest: ${name}@sha256:<DIGEST>`];
  if (found === 0) return [...pin, ...lines];
  const what = found === 1 ? 'one of the findings' : `${found} of the findings`;
  return [
    `# ${what} came with this base: take a newer one, another one, or build it again`,
    ...pin,
    ...lines,
  ];
}

/** What the instructions before have left for those that follow. */
interface DraftState {
  readonly ids: SecretIds;
  readonly ignore: Map<string, readonly string[]>;
  readonly workdir: string | null;
}

function changedLines(instruction: Instruction, findings: readonly Finding[], state: DraftState): Lines {
  const names = new Set(
    findings.flatMap(({ kind, occurrences }) =>
      occurrences.flatMap(({ where: { key, surface } }) =>
        kind === 'secret' && (surface === 'env' || surface === 'label') && key !== null ? [key] : [],
      ),
    ),
  );
  let lines = withoutMasks(instruction.text, names, state.ids);
  for (const finding of findings) {
    for (const occurrence of finding.occurrences) {
      lines = changedFor(lines, finding, occurrence, instruction, state);
    }
  }
  return lines.includes(`# ${NOT_NEEDED}`) ? lines : warned(lines, instruction.text, state);
}

/** Marks a command that names a file which the draft leaves out: how to do without it only its author knows. */
function warned(lines: Lines, text: string, { ignore }: DraftState): Lines {
  if (!/^\s*RUN\s/i.test(text)) return lines;
  const words = text.split(/[\s"'`;|&<>()=]+/);
  const missing = [...ignore.keys()].filter((path) => words.includes(path));
  if (missing.length === 0) return lines;
  return remarked(lines, `the draft leaves out ${missing.join(', ')}: this command may fail without it`);
}

/** Reports whether a finding is a file that has no place in the image, other than one with wrong permissions. */
export function isUnwanted({ kind, rule }: Pick<Finding, 'kind' | 'rule'>): boolean {
  return kind === 'secret' || rule === 'leftovers';
}

/** Lines of an instruction after the change for one occurrence of a finding, if it concerns them. */
function changedFor(
  lines: Lines,
  { details, kind, occurrences, rule, state }: Finding,
  { removedIn, where }: Occurrence,
  { historyIndex, layer, text }: Instruction,
  { ignore, workdir }: DraftState,
): Lines {
  const brought = where.layer !== null && where.layer === layer;
  if (rule === 'privileged-file' && brought && state === 'live' && where.path !== null) {
    return withoutPrivilege(lines, where.path, 'capabilities' in details);
  }
  if (!isUnwanted({ kind, rule })) return lines;
  const here = where.historyIndex !== null && where.historyIndex === historyIndex;
  if (where.surface === 'history' && here && rule === 'flagged') {
    return remarked(lines, 'flagged by hand: take the secret out of this instruction');
  }
  if (where.surface !== 'file' || where.path === null) return lines;
  const earlier = occurrences.some(
    (other) => other.where.path === where.path && (other.where.layer ?? 0) < (where.layer ?? 0),
  );
  if (brought && !earlier) {
    const copied = withoutCopied(lines, where.path, workdir);
    if (copied !== null) {
      ignore.set(where.path, [...(ignore.get(where.path) ?? []), ...copied.ignore]);
      return copied.lines;
    }
    if (kind !== 'secret' || !/^\s*RUN\s/i.test(text)) return lines;
    return remarked(lines, 'in a stage of its own: COPY --from=<STAGE> takes the result, not the credential');
  }
  if (removedIn !== null && removedIn === layer && /^\s*RUN rm\b/i.test(text)) {
    // The file may not be there any more: without -f the build would end here.
    const forced = lines.map((line) => line.replace(/^(\s*RUN rm)(?!(?:\s+-\S+)*\s+-\w*f)/i, '$1 -f'));
    return remarked(forced, NOT_NEEDED);
  }
  return lines;
}

function withoutPrivilege(lines: Lines, path: string, capabilities: boolean): Lines {
  const last = lines.at(-1)!;
  const command = capabilities ? `setcap -r ${shellWord(path)}` : `chmod a-s ${shellWord(path)}`;
  if (lines.some((line) => line.includes(command))) return lines;
  const first = lines.find((line) => !line.startsWith('#')) ?? '';
  // Neither a list nor a here-document takes a command behind it.
  if (/^RUN (?!\[)/.test(first) && !/<<-?["']?\w/.test(first)) {
    return [...lines.slice(0, -1), `${last} && ${command}`];
  }
  if (!capabilities && /^(?:COPY|ADD) /.test(last) && !last.includes('--chmod')) {
    return [...lines.slice(0, -1), last.replace(/^(COPY|ADD) /, '$1 --chmod=0755 ')];
  }
  return [...lines, `RUN ${command}`];
}

/** A user is set before what is started, where the image runs as root and a finding says so. */
function withUser(
  changed: readonly Lines[],
  lines: readonly Instruction[],
  findings: readonly Finding[],
): readonly Lines[] {
  if (!findings.some(({ rule }) => rule === 'root-user')) return changed;
  if (lines.some(({ text }) => /^USER (?!root\b|0\b)/.test(text))) return changed;
  const start = lines.findIndex(({ text }) => /^(?:CMD|ENTRYPOINT)\b/.test(text));
  const user = ['# any user but root; it has to own what it writes', 'USER 10001'];
  return start < 0 ? [...changed, user] : [...changed.slice(0, start), user, ...changed.slice(start)];
}
