import { expect, it } from 'vitest';
import type { Finding } from '../../src/finding/finding.ts';
import { findingsCsv } from '../../src/report/formats/findings-csv.ts';

/** A finding at a path; the rest says nothing. */
const COMPLETE = { incomplete: [], mismatches: [], isAllowed: false };

function findingAt(path: string, title = 'A title'): Finding {
  const where = {
    surface: 'file',
    layer: 0,
    path,
    line: 1,
    offset: null,
    key: null,
    historyIndex: null,
    inside: [],
  } as const;
  const seen = { state: 'live', origin: 'application', introducedBy: null, removedBy: null } as const;
  return {
    ...seen,
    id: 'secret-1',
    kind: 'secret',
    rule: 'rule',
    title,
    severity: 'high',
    confidence: 'high',
    reason: null,
    demoted: null,
    where,
    occurrences: [{ ...seen, where, removedIn: null }],
    redacted: '********(8)',
    fingerprint: null,
    valueLength: 8,
    details: {},
    remediation: [],
    references: [],
  };
}

it.each(['=1+1', '+1', '-1', '@SUM(A1)', '=HYPERLINK("http://x","y")', '  =1', '\t=1', '\r=1', '＝1', '﻿=1'])(
  'a spreadsheet takes %j for text',
  (path) => {
    const rows = [...findingsCsv([findingAt(path)], COMPLETE)];
    expect(rows).toHaveLength(2);
    // A cell that a program would compute begins with a sign, whatever blanks stand before it.
    for (const cell of rows[1]!.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/)) {
      const shown = cell.replace(/^"/, '').trimStart();
      expect(shown).not.toMatch(/^[=+\-@＝＋－＠]/);
    }
  },
);

it('quotes commas, quotes and nothing else; no text ends a row', () => {
  const [, row] = [...findingsCsv([findingAt('/a,"b"\nc', 'plain')], COMPLETE)];
  expect(row).toContain(',plain,high,');
  expect(row).toContain('"/a,""b""\\x0ac"');
});
