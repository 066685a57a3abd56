import type { HistoryRecord } from '../image/config.ts';
import { type BuildArg, type DeclaredArgs, splitBuildArgs } from './build-args.ts';
import { withoutBuildahSuffix } from './buildah-suffix.ts';
import { shellPrefixLength } from './shell-prefix.ts';

/** The instruction of a history entry, parsed from `created_by`. */
export interface Instruction {
  /** `RUN`, `COPY`, ...; null if `created_by` is not a Dockerfile instruction. */
  readonly keyword: string | null;
  /** The instruction for display, without what the builder added. */
  readonly text: string;
  /** Build arguments of a RUN; not part of `text`. */
  readonly args: readonly BuildArg[];
  /** True if it is a guess where the arguments end. */
  readonly argsAmbiguous: boolean;
  /** The shell of a RUN in shell form, such as `/bin/sh -c`; null otherwise. */
  readonly shell: string | null;
  /** `created_by` unchanged; '' if there is none. */
  readonly raw: string;
}

const NO_ARGS: DeclaredArgs = new Map();

const KEYWORD =
  /^(ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|FROM|HEALTHCHECK|LABEL|MAINTAINER|ONBUILD|RUN|SHELL|STOPSIGNAL|USER|VOLUME|WORKDIR)(?=\s|$)/;
const BUILDKIT_SUFFIX = / # buildkit$/;
/**
 * Parses `created_by` as written by the classic builder, BuildKit, buildah and kaniko. Any other text
 * (the command of a committed container, the name of a tool) is kept unchanged.
 * @param declared arguments of earlier ARG entries; they show where the argument values of a RUN end
 */
export function parseInstruction(
  record: Pick<HistoryRecord, 'createdBy' | 'comment'>,
  declared: DeclaredArgs = NO_ARGS,
): Instruction {
  const raw = record.createdBy ?? '';
  if (raw.trim() === '') return plain(record.comment ?? '', raw);
  const nop = afterNop(raw);
  if (nop !== null) return plain(withoutBuildahSuffix(nop).trim(), raw);

  const buildkit = BUILDKIT_SUFFIX.test(raw) || record.comment?.startsWith('buildkit.dockerfile') === true;
  const text = raw.replace(BUILDKIT_SUFFIX, '');
  const keyword = KEYWORD.exec(text)?.[1] ?? null;
  // kaniko records RUN as written in the Dockerfile: a shell in it is part of the author's command.
  if (keyword === 'RUN' && buildkit) return run(text.slice(3).trimStart(), raw, declared);
  if (keyword !== null) return plain(text.trim(), raw);
  if (/^\|\d+ /.test(text) || shellPrefixLength(text) > 0) return run(text, raw, declared);
  return plain(text.trim(), raw);
}

/** Returns the names that an ARG instruction declares; none for other instructions. */
export function declaredArgs({ keyword, text }: Instruction): string[] {
  if (keyword !== 'ARG') return [];
  return text
    .slice('ARG'.length)
    .split(/\s+/)
    .map((word) => /^([A-Za-z_]\w*)(?==|$)/.exec(word)?.[1])
    .filter((name) => name !== undefined);
}

/** Returns the argument and default value of an ARG instruction that declares one; null if there is no default or several may be declared. */
export function defaultOfArg({ keyword, text }: Instruction): BuildArg | null {
  const [, name = '', value = ''] = (keyword === 'ARG' && /^ARG\s+([A-Za-z_]\w*)=(.*)$/s.exec(text)) || [];
  if (name === '' || /\s[A-Za-z_]\w*=/.test(value)) return null;
  return { name, value: /^"[^"\\]*"$/.test(value) ? value.slice(1, -1) : value };
}

function plain(text: string, raw: string): Instruction {
  const keyword = KEYWORD.exec(text)?.[1] ?? null;
  return { keyword, text, args: [], argsAmbiguous: false, shell: null, raw };
}

/** Returns the text after `/bin/sh -c #(nop) `, with any shell; null if the text has no such prefix. */
function afterNop(raw: string): string | null {
  const at = raw.indexOf('#(nop)');
  if (at < 0) return null;
  const rest = raw.slice(at + '#(nop)'.length).trimStart();
  const shell = shellPrefixLength(raw);
  // With PowerShell the builder writes more words between the shell and `#(nop)`.
  const builders = shell === at || (shell > 0 && /^\S*(?:powershell|pwsh)/i.test(raw) && KEYWORD.test(rest));
  return builders ? rest : null;
}

function run(text: string, raw: string, declared: DeclaredArgs): Instruction {
  const split = text.startsWith('|') ? splitBuildArgs(text.slice(1), declared) : null;
  const rest = split?.rest ?? text;
  const shell = shellPrefixLength(rest);
  // Tabs are the indentation of continued lines, whose line breaks the builder removed.
  const command = withoutBuildahSuffix(rest.slice(shell))
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
