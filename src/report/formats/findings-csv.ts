import type { Finding } from '../../finding/finding.ts';
import { escapeText } from '../../text/escape.ts';
import { type Completeness, shortfalls } from '../completeness.ts';

const COLUMNS = [
  'id',
  'kind',
  'rule',
  'title',
  'severity',
  'confidence',
  'state',
  'origin',
  'surface',
  'layer',
  'path',
  'line',
  'key',
  'historyIndex',
  'inside',
  'introducedBy',
  'removedBy',
  'redacted',
  'fingerprint',
  'demoted',
] as const;

/**
 * Findings as CSV (RFC 4180), a row for each place at which one stands, with a header.
 * What was not read comes last, as rows of the kind `incomplete`.
 * @returns lines without line ends
 */
export function* findingsCsv(findings: Iterable<Finding>, completeness: Completeness): Generator<string> {
  yield COLUMNS.join(',');
  for (const finding of findings) {
    for (const { where, state, origin, introducedBy, removedBy } of finding.occurrences) {
      const row: Record<(typeof COLUMNS)[number], string | number | null> = {
        ...finding,
        ...where,
        state,
        origin,
        introducedBy,
        removedBy,
        inside: where.inside.join(' > '),
      };
      yield lineOf(row);
    }
  }
  for (const { file, id, layer, text } of shortfalls(completeness)) {
    yield lineOf({ kind: 'incomplete', rule: id, title: text, layer, path: file });
  }
}

function lineOf(row: Partial<Record<(typeof COLUMNS)[number], string | number | null>>): string {
  return COLUMNS.map((column) => cell(row[column] ?? null)).join(',');
}

/**
 * A spreadsheet must not take a text of an image for a formula: such a cell begins with an apostrophe. Some
 * skip blanks in front, and take the wide forms of the signs too.
 */
function cell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = escapeText(value);
  const harmless = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text;
  return /[",\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
