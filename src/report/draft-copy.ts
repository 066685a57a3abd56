import { dockerfileWords, joinedLines } from '../history/dockerfile-words.ts';
import { remarked } from './remarked.ts';

/** The parts of a COPY or ADD instruction. */
interface CopyParts {
  readonly keyword: string;
  readonly flags: readonly string[];
  readonly sources: readonly string[];
  readonly target: string;
  /** Whether the instruction uses the JSON form. */
  readonly json: boolean;
}

const ARCHIVE = /\.(?:tar|tgz|tbz2?|txz|tar\.\w+)$/i;
const WILDCARD = /[*?[]/;
/** The name of a source whose checksum is all that the history records. */
const UNNAMED = /^(?:file|dir|multi)-[0-9a-f]{12}\/?$/;
/** Directories of tools, which are excluded as a whole. */
const TOOL_FOLDER = /^\.(?:git|svn|hg|aws|ssh|kube|gnupg)$/;

/** A drafted COPY or ADD, with the `.dockerignore` patterns that it needs. */
export interface CopyDraft {
  readonly lines: readonly string[];
  readonly ignore: readonly string[];
}

/**
 * Returns the `.dockerignore` pattern for a file whose place in the build context is unknown: the tool directory
 * that contains it, else its name.
 */
export function ignoredByName(path: string): string {
  return `**/${baseName(cutAtToolFolder(path))}`;
}

/**
 * Drafts a COPY or ADD without one of the files that it copied. Removes a source that is exactly this file; keeps
 * any larger source and excludes the file in `.dockerignore`.
 * @param lines the lines of the instruction, comments first; earlier drafts may have changed them
 * @param path the path of the file in the image
 * @param workdir the directory for relative targets; null if unknown
 * @returns null if the instruction did not copy the file
 */
export function withoutCopied(
  lines: readonly string[],
  path: string,
  workdir: string | null,
): CopyDraft | null {
  const at = lines.findIndex((line) => !line.startsWith('#'));
  const parts = at < 0 ? null : copyParts(lines.slice(at).join('\n'));
  if (parts === null) return null;
  const target = absoluteTarget(parts.target, workdir);
  // A layer may come from several instructions.
  if (target !== null && path !== target && !below(path, target)) return null;
  if (parts.flags.some((flag) => flag.startsWith('--from='))) {
    return { lines: remarked(lines, `${path} comes from another stage: exclude it there`), ignore: [] };
  }
  if (parts.keyword === 'ADD' && parts.sources.every((source) => ARCHIVE.test(source))) {
    const remark = `${path} comes from an archive: remove it from ${parts.sources.join(', ')}`;
    return { lines: remarked(lines, remark), ignore: [] };
  }
  const ignore = patternsFor(path, parts, target);
  const kept = isToolFolder(parts.sources)
    ? []
    : parts.sources.filter((source) => !isFile(source, parts, path, target));
  if (kept.length === 0) {
    const remark = `${path}: use RUN --mount=type=secret (or type=ssh) for the command that needs it`;
    return { lines: [...lines.slice(0, at), `# ${remark}`], ignore };
  }
  if (kept.length < parts.sources.length) {
    const remark = `${path} is left out: use a secret mount for the command that needs it`;
    const copied = copyText({ ...parts, sources: kept });
    return { lines: [...remarked(lines.slice(0, at), remark), copied], ignore };
  }
  return { lines: remarked(lines, 'the drafted .dockerignore excludes files from this instruction'), ignore };
}

function patternsFor(path: string, parts: CopyParts, target: string | null): string[] {
  const { sources } = parts;
  const named = ignoredByName(path);
  const byFolder = cutAtToolFolder(path) !== path;
  const [source = ''] = sources;
  const known = sources.length === 1 && !WILDCARD.test(source) && !UNNAMED.test(source);
  if (!known || target === null || isToolFolder(sources)) return [named];
  const whole = isFile(source, parts, path, target);
  const inside = whole ? '' : cutAtToolFolder(path.slice(target === '/' ? 0 : target.length));
  const exact = `${source}${inside}`.replaceAll(/(?<=^|\/)\.?\//g, '');
  // A tool directory is excluded wherever it is.
  return byFolder ? [named, ...(TOOL_FOLDER.test(baseName(exact)) ? [] : [exact])] : [exact];
}

/** Returns the path up to its first tool directory; the whole path if it has none. */
function cutAtToolFolder(path: string): string {
  const segments = path.split('/');
  const folder = segments.findIndex((segment) => TOOL_FOLDER.test(segment));
  return folder < 0 ? path : segments.slice(0, folder + 1).join('/');
}

/** Reports whether a source is exactly the file to exclude. */
function isFile(source: string, { sources }: CopyParts, path: string, target: string | null): boolean {
  if (WILDCARD.test(source)) return false;
  if (sources.length === 1 && (path === target || (source.startsWith('file-') && UNNAMED.test(source))))
    return true;
  // COPY copies the content of a directory, not the directory itself.
  const name = baseName(source);
  if (source.endsWith('/') || name !== baseName(path)) return false;
  return target === null || path === `${target === '/' ? '' : target}/${name}`;
}

/** Reports whether the only source is a tool directory, such as `.git`. */
function isToolFolder(sources: readonly string[]): boolean {
  return sources.length === 1 && TOOL_FOLDER.test(baseName(sources[0]!));
}

function baseName(path: string): string {
  const plain = path.replace(/\/+$/, '');
  return plain.slice(plain.lastIndexOf('/') + 1);
}

function below(path: string, folder: string): boolean {
  return path.startsWith(folder === '/' ? '/' : `${folder}/`);
}

function copyParts(text: string): CopyParts | null {
  const whole = joinedLines(text);
  const keyword = /^(COPY|ADD)\s/i.exec(whole)?.[1]?.toUpperCase();
  // The content of a here-document is in the Dockerfile itself.
  if (keyword === undefined || /\s<<-?["']?\w/.test(whole)) return null;
  const [, flags = '', rest = ''] = /^((?:--\S+\s+)*)(.*)$/s.exec(whole.slice(keyword.length).trimStart())!;
  const list = rest.startsWith('[') ? jsonWords(rest) : null;
  const words = list ?? dockerfileWords(rest);
  if (words.length < 2) return null;
  return {
    keyword,
    flags: dockerfileWords(flags),
    sources: words.slice(0, -1),
    target: words.at(-1)!,
    json: list !== null,
  };
}

function jsonWords(text: string): string[] | null {
  try {
    const words: unknown = JSON.parse(text);
    return Array.isArray(words) && words.every((word) => typeof word === 'string') ? words : null;
  } catch {
    return null;
  }
}

function copyText({ flags, json, keyword, sources, target }: CopyParts): string {
  const words = [...sources, target];
  return [keyword, ...flags, ...(json ? [JSON.stringify(words)] : words)].join(' ');
}

/** Returns the absolute target without a trailing slash; null if it has variables or an unknown base directory. */
function absoluteTarget(target: string, workdir: string | null): string | null {
  const plain = target.replaceAll(/^"|"$/g, '');
  if (plain.includes('$')) return null;
  const whole = plain.startsWith('/') ? plain : workdir === null ? null : `${workdir}/${plain}`;
  if (whole === null) return null;
  const segments = whole.split('/').filter((segment) => segment !== '' && segment !== '.');
  return segments.includes('..') ? null : `/${segments.join('/')}`;
}

/** Returns the working directory after an instruction; null if unknown. */
export function nextWorkdir(text: string, before: string | null): string | null {
  const target = /^\s*WORKDIR\s+(.*\S)\s*$/is.exec(text)?.[1];
  return target === undefined ? before : absoluteTarget(target, before);
}
