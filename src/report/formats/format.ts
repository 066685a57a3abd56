import { Problem } from '../../problem.ts';

/** The formats of a report. */
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

const BY_EXTENSION: readonly (readonly [RegExp, ReportFormat])[] = [
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
 * Returns the format of a report: the named one, else the one of the file's extension.
 * @throws Problem `usage` for an unknown format or extension
 */
export function reportFormat(named: string | undefined, file: string): ReportFormat {
  if (named !== undefined) {
    const found = REPORT_FORMATS.find((format) => format === named.toLowerCase());
    if (found !== undefined) return found;
    throw new Problem('usage', `--format ${named}: unknown format; use ${REPORT_FORMATS.join(', ')}`);
  }
  const found = BY_EXTENSION.find(([extension]) => extension.test(file))?.[1];
  if (found !== undefined) return found;
  throw new Problem(
    'usage',
    `${file}: cannot infer the format from the file extension; use .md, .html, .json, .sarif, .csv, .xml, .body, .jsonl, or --format`,
  );
}
