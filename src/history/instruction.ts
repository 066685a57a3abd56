import type { HistoryRecord } from '../image/config.ts';
import { type BuildArg, type DeclaredArgs, splitBuildArgs } from './build-args.ts';
import { withoutBuildahEnd } from './buildah-end.ts';
import { shellPrefixLength } from './shell-prefix.ts';

/** What made a history entry, as far as `created_by` tells. */
export interface Instruction {
  /** `RUN`, `COPY`, ...; null where the producer wrote no Dockerfile instruction. */
  readonly keyword: string | null;
  /** For people: the instruction without what the builder put around it. */
  readonly text: string;
  /** Build arguments that a RUN was given; `text` does not repeat them. */
  readonly args: readonly BuildArg[];
  /** True where it had to be guessed where the arguments end. */
  readonly argsAmbiguous: boolean;
  /** The shell of a RUN in shell form, `/bin/sh -c`; null elsewhere. */
  readonly shell: string | null;
  /** `created_by` as it is; '' where there is none. */
  readonly raw: string;
}

const NOTHING_DECLARED: DeclaredArgs = new Map();

const KEYWORD =
  /^(ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|FROM|HEALTHCHECK|LABEL|MAINTAINER|ONBUILD|RUN|SHELL|STOPSIGNAL|USER|VOLUME|WORKDIR)(?=\s|$)/;
const BUILDKIT_END = / # buildkit$/;
/**
 * Reads `created_by`, in the forms of the classic builder, BuildKit, buildah and kaniko. Whatever
 * else a producer wrote (the command of a committed container, a tool's name) stays as it is.
 * @param declared arguments of earlier ARG entries; they bound the values of those that a RUN was given
 */
export function parseInstruction(
  record: Pick<HistoryRecord, 'createdBy' | 'comment'>,
  declared: DeclaredArgs = NOTHING_DECLARED,
): Instruction {
  const raw = record.createdBy ?? '';
  if (raw.trim() === '') return plain(record.comment ?? '', raw);
  const nop = afterNop(raw);
  if (nop !== null) return plain(withoutBuildahEnd(nop).trim(), raw);

  const buildkit = BUILDKIT_END.test(raw) || record.comment?.startsWith('buildkit.dockerfile') === true;
  const text = raw.replace(BUILDKIT_END, '');
  const keyword = KEYWORD.exec(text)?.[1] ?? null;
  // kaniko writes a RUN as it stands in the Dockerfile: a shell in there is the author's own.
  if (keyword === 'RUN' && buildkit) return run(text.slice(3).trimStart(), raw, declared);
  if (keyword !== null) return plain(text.trim(), raw);
  if (/^\|\d+ /.test(text) || shellPrefixLength(text) > 0) return run(text, raw, declared);
  return plain(text.trim(), raw);
}

/** Names that an ARG instruction declares. */
export function declaredArgs({ keyword, text }: Instruction): string[] {
  if (keyword !== 'ARG') return [];
  return text
    .slice('ARG'.length)
    .split(/\s+/)
    .map((word) => /^([A-Za-z_]\w*)(?==|$)/.exec(word)?.[1])
    .filter((name) => name !== undefined);
}

/** The value that an ARG instruction gives the one argument that it declares; null where that cannot be told. */
export function defaultOfArg({ keyword, text }: Instruction): BuildArg | null {
  const [, name = '', value = ''] = (keyword === 'ARG' && /^ARG\s+([A-Za-z_]\w*)=(.*)$/s.exec(text)) || [];
  if (name === '' || /\s[A-Za-z_]\w*=/.test(value)) return null;
  return { name, value: /^"[^"\\]*"$/.test(value) ? value.slice(1, -1) : value };
}

function plain(text: string, raw: string): Instruction {
  const keyword = KEYWORD.exec(text)?.[1] ?? null;
  return { keyword, text, args: [], argsAmbiguous: false, shell: null, raw };
}

/** What follows `/bin/sh -c #(nop) `, whatever the SHELL; null where that is not there. */
function afterNop(raw: string): string | null {
  const at = raw.indexOf('#(nop)');
  if (at < 0) return null;
  const rest = raw.slice(at + '#(nop)'.length).trimStart();
  const shell = shellPrefixLength(raw);
  // PowerShell has more of the builder's own words in between.
  const builders = shell === at || (shell > 0 && /^\S*(?:powershell|pwsh)/i.test(raw) && KEYWORD.test(rest));
  return builders ? rest : null;
}

function run(text: string, raw: string, declared: DeclaredArgs): Instruction {
  const split = text.startsWith('|') ? splitBuildArgs(text.slice(1), declared) : null;
  const rest = split?.rest ?? text;
  const shell = shellPrefixLength(rest);
  // Tabs are the indentation of continued lines; the line breaks themselves are gone.
  const command = withoutBuildahEnd(rest.slice(shell))
    .trim()
    .replaceAll(/[ \t]+/g, (gap) => (gap.includes('\t') ? ' ' : gap));
  return {
    keyword: 'RUN',
    text: `RUN ${command}`,
    args: split?.args ?? [],
    argsAmbiguous: split?.ambiguous ?? false,
    shell: shell === 0 ? null : rest.slice(0, shell).trimEnd(),
    raw,
  };
}
