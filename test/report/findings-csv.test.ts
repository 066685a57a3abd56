import { expect, it } from 'vitest';
import type { Finding } from '../../src/finding/finding.ts';
import { findingsCsv } from '../../src/report/formats/findings-csv.ts';

/** Returns a finding at a path, with default values for the rest. */
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
    suppressed: null,
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
  'writes %j so that a spreadsheet reads it as text',
  (path) => {
    const rows = [...findingsCsv([findingAt(path)], COMPLETE)];
    expect(rows).toHaveLength(2);
    // A spreadsheet reads a cell that begins with an operator as a formula, even after spaces.
    for (const cell of rows[1]!.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/)) {
      const shown = cell.replace(/^"/, '').trimStart();
      expect(shown).not.toMatch(/^[=+\-@＝＋－＠]/);
    }
  },
);

it('quotes only cells with commas and quotes; a newline in a text does not end a row', () => {
  const [, row] = [...findingsCsv([findingAt('/a,"b"\nc', 'plain')], COMPLETE)];
  expect(row).toContain(',plain,high,');
  expect(row).toContain('"/a,""b""\\x0ac"');
});
