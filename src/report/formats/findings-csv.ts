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
  'suppressed',
] as const;

/**
 * Formats findings as CSV (RFC 4180) with a header, one row for each place of a finding. Parts of the image that were
 * not read follow as rows of the kind `incomplete`.
 * @returns lines without line endings
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
 * Formats a cell. A text that a spreadsheet could read as a formula is prefixed with an apostrophe; some spreadsheets
 * ignore leading spaces and also accept full-width operators.
 */
function cell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = escapeText(value);
  const harmless = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text;
  return /[",\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
