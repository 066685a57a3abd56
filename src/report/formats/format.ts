import { Problem } from '../../problem.ts';

/** What a report can be written as. */
export const REPORT_FORMATS = [
  'markdown',
  'html',
  'json',
  'sarif',
  'csv',
  'junit',
  'bodyfile',
  'timesketch',
] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

const BY_ENDING: readonly (readonly [RegExp, ReportFormat])[] = [
  [/\.(?:md|markdown)$/i, 'markdown'],
  [/\.html?$/i, 'html'],
  [/\.sarif(?:\.json)?$/i, 'sarif'],
  [/\.jsonl$/i, 'timesketch'],
  [/\.json$/i, 'json'],
  [/\.csv$/i, 'csv'],
  [/\.xml$/i, 'junit'],
  [/\.(?:body|bodyfile)$/i, 'bodyfile'],
];

/**
 * The format of a report: the one named, else the one that the file's ending stands for.
 * @throws Problem `usage` where neither tells
 */
export function reportFormat(named: string | undefined, file: string): ReportFormat {
  if (named !== undefined) {
    const found = REPORT_FORMATS.find((format) => format === named.toLowerCase());
    if (found !== undefined) return found;
    throw new Problem('usage', `--format ${named}: it takes ${REPORT_FORMATS.join(', ')}`);
  }
  const found = BY_ENDING.find(([ending]) => ending.test(file))?.[1];
  if (found !== undefined) return found;
  throw new Problem(
    'usage',
    `${file}: the ending tells no format; use .md, .html, .json, .sarif, .csv, .xml, .body or .jsonl, or --format`,
  );
}
