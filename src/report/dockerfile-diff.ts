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

/** Lines of a Dockerfile, comments included. */
type Lines = readonly string[];
/** A complete instruction, which may span several lines, or a comment. */
type Instruction = Pick<DockerfileLine, 'text' | 'layer' | 'historyIndex'>;

const NOT_NEEDED = 'not needed once no layer has these files; it never removed them from the image';

/** A draft of the changed build. */
export interface BuildDraft {
  /** The lines of a unified diff of the Dockerfile; empty if there is nothing to suggest. */
  readonly diff: readonly string[];
  /** By path in the image: the `.dockerignore` patterns that keep the file out of a COPY or ADD. */
  readonly ignore: ReadonlyMap<string, readonly string[]>;
}

/**
 * Drafts a change to the Dockerfile that removes the findings, as a unified diff. The reader must fill in names and
 * ids of secrets. Every line is valid Dockerfile syntax, and none contains a masked value.
 * @param findings the open findings; those of the base image only change the comment at FROM
 */
export function draftBuild(dockerfile: DockerfileFacts, findings: readonly Finding[]): BuildDraft {
  const reported = findings.filter(({ suppressed }) => suppressed === null);
  const own = reported.filter(({ origin }) => origin !== 'base');
  const before = dockerfile.lines.flatMap(({ text }) => text.split('\n'));
  // Do not draft a change only because the masker hid a value with a suspicious name.
  if (reported.length === 0 && masksIn(before.join('\n')).length > 0) {
    return { diff: [], ignore: new Map() };
  }
  const instructions = instructionsOf(dockerfile);
  const ids: SecretIds = { next: 1 };
  const ignore = new Map<string, readonly string[]>();
  let workdir: string | null = null;
  const changed = instructions.map((each) => {
    if (/^\s*FROM\s/i.test(each.text)) {
      workdir = null;
      return fromLines(each.text, reported.length - own.length, ids);
    }
    workdir = nextWorkdir(each.text, workdir);
    return changedLines(each, own, { ids, ignore, workdir });
  });
  const after = withUser(changed, instructions, own).flat();
  const diff = unifiedDiff(before.join('\n'), after.join('\n'), 'Dockerfile', 'Dockerfile (a draft)');
  return { diff, ignore };
}

/** Joins the lines of each instruction. A recorded Dockerfile has one entry for each line of text. */
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
  const pin = pinned ? [] : [`# pin the base by its digest: ${name}@sha256:<DIGEST>`];
  if (found === 0) return [...pin, ...lines];
  const what = found === 1 ? 'one finding comes' : `${found} findings come`;
  return [`# ${what} from this base image: use a newer one or another one, or rebuild it`, ...pin, ...lines];
}

/** State that is carried from one instruction to the next. */
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

/** Adds a comment to a RUN that uses a file that the draft leaves out. Only the author can replace that use. */
function warned(lines: Lines, text: string, { ignore }: DraftState): Lines {
  if (!/^\s*RUN\s/i.test(text)) return lines;
  const words = text.split(/[\s"'`;|&<>()=]+/);
  const missing = [...ignore.keys()].filter((path) => words.includes(path));
  if (missing.length === 0) return lines;
  return remarked(lines, `this draft leaves out ${missing.join(', ')}, without which this command may fail`);
}

/** Reports whether a finding is a file that should not be in the image at all, whatever its permissions. */
export function isUnwanted({ kind, rule }: Pick<Finding, 'kind' | 'rule'>): boolean {
  return kind === 'secret' || rule === 'leftovers';
}

/** Changes an instruction for one occurrence of a finding. Returns it unchanged if it is not concerned. */
function changedFor(
  lines: Lines,
  { details, kind, occurrences, rule, state }: Finding,
  { removedIn, where }: Occurrence,
  { historyIndex, layer, text }: Instruction,
  { ignore, workdir }: DraftState,
): Lines {
  const isAdded = where.layer !== null && where.layer === layer;
  if (rule === 'privileged-file' && isAdded && state === 'live' && where.path !== null) {
    return withoutPrivilege(lines, where.path, 'capabilities' in details);
  }
  if (!isUnwanted({ kind, rule })) return lines;
  const here = where.historyIndex !== null && where.historyIndex === historyIndex;
  if (where.surface === 'history' && here && rule === 'flagged') {
    return remarked(lines, 'flagged by hand: remove the secret from this instruction');
  }
  if (where.surface !== 'file' || where.path === null) return lines;
  const earlier = occurrences.some(
    (other) => other.where.path === where.path && (other.where.layer ?? 0) < (where.layer ?? 0),
  );
  if (isAdded && !earlier) {
    const copied = withoutCopied(lines, where.path, workdir);
    if (copied !== null) {
      ignore.set(where.path, [...(ignore.get(where.path) ?? []), ...copied.ignore]);
      return copied.lines;
    }
    if (kind !== 'secret' || !/^\s*RUN\s/i.test(text)) return lines;
    return remarked(
      lines,
      'move this to a separate build stage: COPY --from=<STAGE> copies the result without the credential',
    );
  }
  if (removedIn !== null && removedIn === layer && /^\s*RUN rm\b/i.test(text)) {
    // The file may no longer exist: without -f, rm would fail the build.
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
  // A command cannot be appended to the JSON form or to a here-document.
  if (/^RUN (?!\[)/.test(first) && !/<<-?["']?\w/.test(first)) {
    return [...lines.slice(0, -1), `${last} && ${command}`];
  }
  if (!capabilities && /^(?:COPY|ADD) /.test(last) && !last.includes('--chmod')) {
    return [...lines.slice(0, -1), last.replace(/^(COPY|ADD) /, '$1 --chmod=0755 ')];
  }
  return [...lines, `RUN ${command}`];
}

/** Adds a USER before CMD or ENTRYPOINT if a finding says that the image runs as root. */
function withUser(
  changed: readonly Lines[],
  lines: readonly Instruction[],
  findings: readonly Finding[],
): readonly Lines[] {
  if (!findings.some(({ rule }) => rule === 'root-user')) return changed;
  if (lines.some(({ text }) => /^USER (?!root\b|0\b)/.test(text))) return changed;
  const start = lines.findIndex(({ text }) => /^(?:CMD|ENTRYPOINT)\b/.test(text));
  const user = ['# any user except root; it must own the files that it writes', 'USER 10001'];
  return start < 0 ? [...changed, user] : [...changed.slice(0, start), user, ...changed.slice(start)];
}
