import type { Finding } from '../finding/finding.ts';
import type { DockerfileFacts } from './dockerfile-facts.ts';
import { draftBuild, isUnwanted } from './dockerfile-diff.ts';
import { ignoredByName } from './draft-copy.ts';
import { shellWord } from '../text/shell-word.ts';

/** Suggested changes to the build, derived from the findings. A person must review them. */
export interface BuildFixes {
  /** Lines for a `.dockerignore`. */
  readonly dockerignore: readonly string[];
  /** Instructions to add or to change, each with the reason. */
  readonly dockerfile: readonly { readonly text: string; readonly reason: string }[];
  /** A draft of the changed Dockerfile, as the lines of a unified diff. */
  readonly diff: readonly string[];
}

/** Suggests changes to the build for findings that do not come from the base image. */
export function fixesFor(findings: readonly Finding[], dockerfile: DockerfileFacts): BuildFixes {
  const reported = findings.filter(({ suppressed, origin }) => suppressed === null && origin !== 'base');
  const { diff, ignore: drafted } = draftBuild(dockerfile, findings);
  if (reported.length === 0) return { dockerignore: [], dockerfile: [], diff };
  const ignore = new Set<string>();
  const lines = new Map<string, string>();
  for (const finding of reported) {
    for (const { where, introducedBy } of finding.occurrences) {
      if (where.surface !== 'file' || where.path === null || !isUnwanted(finding)) continue;
      if (!/^(?:COPY|ADD)\b/.test(introducedBy ?? '')) continue;
      for (const pattern of drafted.get(where.path) ?? [ignoredByName(where.path)]) ignore.add(pattern);
    }
    for (const [text, reason] of linesFor(finding)) lines.set(text, reason);
  }
  const hasUser = dockerfile.lines.some(({ text }) => /^USER (?!root\b|0\b)/.test(text));
  if (!hasUser) lines.set('USER <NAME>', 'the image runs as root by default');
  return {
    dockerignore: [...ignore].toSorted(),
    dockerfile: Array.from(lines, ([text, reason]) => ({ text, reason })),
    diff,
  };
}

function* linesFor(finding: Finding): Generator<[text: string, reason: string]> {
  if (finding.rule === 'privileged-file' && finding.state === 'live' && finding.where.path !== null) {
    const name = shellWord(finding.where.path);
    yield [
      'capabilities' in finding.details ? `RUN setcap -r ${name}` : `RUN chmod a-s ${name}`,
      `${finding.title}: add it to the instruction that creates the file`,
    ];
  }
  if (finding.kind !== 'secret') return;
  for (const { where, introducedBy } of finding.occurrences) {
    if (where.surface === 'file' && /^RUN\b/.test(introducedBy ?? '')) {
      yield [
        'COPY --from=<STAGE> <RESULT> <PATH>',
        'use the credential in a separate build stage, and copy only the result',
      ];
    }
    if (where.surface === 'env' && where.key !== null) {
      yield [`ENV ${where.key}`, `remove this variable: ${finding.title} in the environment`];
    } else if (where.surface === 'history' && introducedBy !== null) {
      yield [
        'RUN --mount=type=secret,id=<ID> <COMMAND>',
        'a secret mount leaves nothing in the history or the layers',
      ];
    }
  }
}
