import type { Finding } from '../finding/finding.ts';
import type { DockerfileLine } from '../history/dockerfile.ts';
import { unifiedDiff } from '../text/line-diff.ts';
import { shellWord } from '../text/shell-word.ts';
import type { DockerfileFacts } from './dockerfile-facts.ts';

/** How a covered value begins. */
const COVERED = '********(';

/** What stands in a Dockerfile: a line of it, or a remark above one. */
type Lines = readonly string[];

/**
 * A change to the Dockerfile that takes away what was found, as a unified diff. It is a draft: ids of
 * secrets, digests and names are for the reader to fill in, and nobody has tried whether it builds.
 * @param findings open ones; those of the base change nothing but the remark at FROM
 * @returns lines of the diff; none where there is nothing to suggest
 */
export function suggestedDiff(dockerfile: DockerfileFacts, findings: readonly Finding[]): string[] {
  const loud = findings.filter(({ demoted }) => demoted === null);
  const own = loud.filter(({ origin }) => origin !== 'base');
  const fromBase = loud.length - own.length;
  const before = dockerfile.lines.flatMap(({ text }) => text.split('\n'));
  const changed = dockerfile.lines.map((line) =>
    line.text.startsWith('FROM ') ? fromLines(line.text, fromBase) : changedLines(line, own),
  );
  const after = withUser(changed, dockerfile.lines, own).flat();
  return unifiedDiff(before.join('\n'), after.join('\n'), 'Dockerfile', 'Dockerfile (a draft)');
}

function fromLines(text: string, found: number): Lines {
  const stage = /^FROM (\S+)(.*)$/.exec(text);
  const pinned =
    stage === null || stage[1]!.includes('@') || stage[1] === 'scratch' || !/[:/]/.test(stage[1]!)
      ? text
      : `FROM ${stage[1]}@sha256:<DIGEST>${stage[2]}`;
  if (found === 0) return [pinned];
  const what = found === 1 ? 'one of the findings' : `${found} of the findings`;
  return [`# ${what} came with this base: take a newer one, another one, or build it again`, pinned];
}

function changedLines(line: DockerfileLine, findings: readonly Finding[]): Lines {
  let lines: Lines = line.text.split('\n');
  for (const finding of findings) {
    for (const { removedIn, where } of finding.occurrences) {
      const earlier = finding.occurrences.some(
        (other) => other.where.path === where.path && (other.where.layer ?? 0) < (where.layer ?? 0),
      );
      const here = where.historyIndex !== null && where.historyIndex === line.historyIndex;
      const brought = where.layer !== null && where.layer === line.layer;
      if (finding.kind === 'posture') {
        if (
          finding.rule === 'privileged-file' &&
          brought &&
          finding.state === 'live' &&
          where.path !== null
        ) {
          lines = withoutPrivilege(lines, where.path, 'capabilities' in finding.details);
        }
      } else if (where.surface === 'env' && where.key !== null && isEnv(line.text, where.key)) {
        lines = [`# ${where.key} is given to the container when it starts: docker run --env-file <FILE>`];
      } else if (where.surface === 'history' && here) lines = withMount(lines);
      else if (where.surface === 'file' && brought && !earlier && where.path !== null)
        lines = withoutFile(lines, where.path);
      else if (removedIn !== null && removedIn === line.layer && /^RUN rm\b/.test(lines.at(-1)!)) {
        lines = remarked(
          lines,
          'not needed once nothing brings these files; it never took them out of the image',
        );
      }
    }
  }
  return lines;
}

function isEnv(text: string, key: string): boolean {
  const match = /^ENV\s+([^\s=]+)/.exec(text);
  return match?.[1] === key;
}

/** A command or argument that holds a credential gets it by a mount, which no layer and no history keeps. */
function withMount(lines: Lines): Lines {
  const [first = ''] = lines;
  const argument = /^ARG\s+([^\s=]+)/.exec(first)?.[1];
  if (argument !== undefined) {
    const id = argument.toLowerCase();
    return [
      `# ${argument}: RUN --mount=type=secret,id=${id},env=${argument} before the command that needs it`,
    ];
  }
  // A build argument is recorded with every later RUN; only a command that spells the value out changes.
  const at = lines.findIndex((line) => line.startsWith('RUN '));
  if (at < 0 || !lines.some((line) => line.includes(COVERED)) || lines[at]!.includes('--mount=type=secret')) {
    return lines;
  }
  const mounted = lines[at]!.replace(/^RUN /, 'RUN --mount=type=secret,id=<ID> ');
  const remark = '# reads the credential from /run/secrets/<ID>';
  return [...lines.slice(0, at), remark, mounted, ...lines.slice(at + 1)];
}

function withoutFile(lines: Lines, path: string): Lines {
  const instruction = lines.at(-1)!;
  if (/^(?:COPY|ADD) /.test(instruction)) {
    const all = /^(?:COPY|ADD)\s+(?:--\S+\s+)*(?:\.\/?|\*)\s/.test(instruction);
    if (all) return remarked(lines, 'what the drafted .dockerignore names stays out');
    return [`# ${path}: given by RUN --mount=type=secret (or type=ssh) to the command that needs it`];
  }
  if (!lines[0]!.startsWith('RUN ')) return lines;
  return remarked(lines, 'in a stage of its own: COPY --from=<STAGE> takes the result, not the credential');
}

function withoutPrivilege(lines: Lines, path: string, capabilities: boolean): Lines {
  const last = lines.at(-1)!;
  const command = capabilities ? `setcap -r ${shellWord(path)}` : `chmod a-s ${shellWord(path)}`;
  if (lines.some((line) => line.includes(command))) return lines;
  if (/^RUN (?!\[)/.test(lines[0]!)) return [...lines.slice(0, -1), `${last} && ${command}`];
  if (!capabilities && /^(?:COPY|ADD) /.test(last) && !last.includes('--chmod')) {
    return [...lines.slice(0, -1), last.replace(/^(COPY|ADD) /, '$1 --chmod=0755 ')];
  }
  return [...lines, `RUN ${command}`];
}

function remarked(lines: Lines, remark: string): Lines {
  const text = `# ${remark}`;
  return lines.includes(text) ? lines : [text, ...lines];
}

/** A user is set before what is started, where the image runs as root and a finding says so. */
function withUser(
  changed: readonly Lines[],
  lines: readonly DockerfileLine[],
  findings: readonly Finding[],
): readonly Lines[] {
  if (!findings.some(({ rule }) => rule === 'root-user')) return changed;
  if (lines.some(({ text }) => /^USER (?!root\b|0\b)/.test(text))) return changed;
  const start = lines.findIndex(({ text }) => /^(?:CMD|ENTRYPOINT)\b/.test(text));
  const user = ['# any user but root; it has to own what it writes', 'USER 10001'];
  return start < 0 ? [...changed, user] : [...changed.slice(0, start), user, ...changed.slice(start)];
}
