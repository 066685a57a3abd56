import { dockerfileWords, joinedLines } from '../history/dockerfile-words.ts';
import { remarked } from './remarked.ts';

/** COPY or ADD, taken apart. */
interface CopyParts {
  readonly keyword: string;
  readonly flags: readonly string[];
  readonly sources: readonly string[];
  readonly target: string;
  /** In the form of a JSON array. */
  readonly json: boolean;
}

const ARCHIVE = /\.(?:tar|tgz|tbz2?|txz|tar\.\w+)$/i;
const WILDCARD = /[*?[]/;
/** How a source is called of which only the checksum is recorded. */
const UNNAMED = /^(?:file|dir|multi)-[0-9a-f]{12}\/?$/;
/** Directories of tools: they stay out as a whole. */
const TOOL_FOLDER = /^\.(?:git|svn|hg|aws|ssh|kube|gnupg)$/;

/** A drafted COPY or ADD, and what a `.dockerignore` has to name beside it. */
export interface CopyDraft {
  readonly lines: readonly string[];
  readonly ignore: readonly string[];
}

/**
 * Names what a `.dockerignore` excludes to keep a file out whose place in the build context is unknown: the
 * directory of a tool that it is in, else the file by its name.
 */
export function ignoredByName(path: string): string {
  return `**/${baseName(cutAtToolFolder(path))}`;
}

/**
 * Drafts a COPY or ADD without one file that it brought. A source that is that file goes; what brings more
 * than that file stays, and `.dockerignore` keeps the file out.
 * @param lines of the instruction, perhaps drafted already; comments first
 * @param path of the file in the image
 * @param workdir what a relative target is relative to; null if that is unknown
 * @returns null if the instruction did not bring the file
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
  // Several instructions may have made the layer.
  if (target !== null && path !== target && !below(path, target)) return null;
  if (parts.flags.some((flag) => flag.startsWith('--from='))) {
    return { lines: remarked(lines, `${path} comes from another stage: leave it out there`), ignore: [] };
  }
  if (parts.keyword === 'ADD' && parts.sources.every((source) => ARCHIVE.test(source))) {
    const remark = `${path} comes out of an archive: take it out of ${parts.sources.join(', ')}`;
    return { lines: remarked(lines, remark), ignore: [] };
  }
  const ignore = patternsFor(path, parts, target);
  const kept = isToolFolder(parts.sources)
    ? []
    : parts.sources.filter((source) => !isFile(source, parts, path, target));
  if (kept.length === 0) {
    const remark = `${path}: given by RUN --mount=type=secret (or type=ssh) to the command that needs it`;
    return { lines: [...lines.slice(0, at), `# ${remark}`], ignore };
  }
  if (kept.length < parts.sources.length) {
    const remark = `${path} is left out: a secret mount gives it to the command that needs it`;
    const copied = copyText({ ...parts, sources: kept });
    return { lines: [...remarked(lines.slice(0, at), remark), copied], ignore };
  }
  return { lines: remarked(lines, 'what the drafted .dockerignore names stays out'), ignore };
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
  // The directory of a tool stays out wherever it is.
  return byFolder ? [named, ...(TOOL_FOLDER.test(baseName(exact)) ? [] : [exact])] : [exact];
}

/** The path up to the first directory of a tool; all of it if there is none. */
function cutAtToolFolder(path: string): string {
  const segments = path.split('/');
  const folder = segments.findIndex((segment) => TOOL_FOLDER.test(segment));
  return folder < 0 ? path : segments.slice(0, folder + 1).join('/');
}

/** Reports whether a source is what is to be kept out, and nothing more. */
function isFile(source: string, { sources }: CopyParts, path: string, target: string | null): boolean {
  if (WILDCARD.test(source)) return false;
  if (sources.length === 1 && (path === target || (source.startsWith('file-') && UNNAMED.test(source))))
    return true;
  // A directory gives its content, not itself.
  const name = baseName(source);
  if (source.endsWith('/') || name !== baseName(path)) return false;
  return target === null || path === `${target === '/' ? '' : target}/${name}`;
}

/** Reports whether all that is copied is the directory of a tool, such as `.git`. */
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
  // A here-document brings what stands in the Dockerfile itself.
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

/** Without a slash at its end; null if it is relative to a directory that is not known, or has variables. */
function absoluteTarget(target: string, workdir: string | null): string | null {
  const plain = target.replaceAll(/^"|"$/g, '');
  if (plain.includes('$')) return null;
  const whole = plain.startsWith('/') ? plain : workdir === null ? null : `${workdir}/${plain}`;
  if (whole === null) return null;
  const segments = whole.split('/').filter((segment) => segment !== '' && segment !== '.');
  return segments.includes('..') ? null : `/${segments.join('/')}`;
}

/** The working directory after a WORKDIR; null if it is not known. */
export function nextWorkdir(text: string, before: string | null): string | null {
  const target = /^\s*WORKDIR\s+(.*\S)\s*$/is.exec(text)?.[1];
  return target === undefined ? before : absoluteTarget(target, before);
}
