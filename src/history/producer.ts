import type { HistoryAlignment } from './align.ts';

/** The tool that wrote the history. */
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

/** Returns the tool that wrote a history, detected from comments, authors and the form of `created_by`. */
export function producerOf({ entries, instructions }: HistoryAlignment): HistoryProducer {
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
