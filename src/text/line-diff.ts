import { createTwoFilesPatch, FILE_HEADERS_ONLY, structuredPatch } from 'diff';

/** One line of a diff. */
export interface DiffLine {
  readonly kind: 'context' | 'added' | 'removed' | 'hunk';
  readonly text: string;
  /** Line numbers, from 1; null if the line is not in that version. */
  readonly before: number | null;
  readonly after: number | null;
}

/** Maximum time for a comparison, in milliseconds: the user waits for it. */
const TIME_LIMIT = 1500;

/**
 * Returns the lines in which two texts differ, with some lines of context.
 * @param context lines kept around each difference
 * @returns null if the texts differ too much to be compared in time
 */
export function diffTexts(before: string, after: string, context = 3): DiffLine[] | null {
  const patch = structuredPatch('before', 'after', before, after, '', '', { context, timeout: TIME_LIMIT });
  if (patch === undefined) return null;
  return patch.hunks.flatMap((hunk) => {
    let old = hunk.oldStart;
    let fresh = hunk.newStart;
    const lines = hunk.lines
      .filter((line) => !line.startsWith('\\'))
      .map((line): DiffLine => {
        const text = line.slice(1);
        if (line.startsWith('+')) return { kind: 'added', text, before: null, after: fresh++ };
        if (line.startsWith('-')) return { kind: 'removed', text, before: old++, after: null };
        return { kind: 'context', text, before: old++, after: fresh++ };
      });
    const title = `@@ -${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines} @@`;
    return [{ kind: 'hunk', text: title, before: null, after: null } as const, ...lines];
  });
}

/**
 * Returns a unified diff for patch(1).
 * @returns its lines; no lines if the texts are equal
 */
export function unifiedDiff(before: string, after: string, nameBefore: string, nameAfter: string): string[] {
  if (before === after) return [];
  const patch = createTwoFilesPatch(
    nameBefore,
    nameAfter,
    `${before}\n`,
    `${after}\n`,
    undefined,
    undefined,
    {
      context: 2,
      headerOptions: FILE_HEADERS_ONLY,
    },
  );
  return patch.split('\n').slice(0, -1);
}
