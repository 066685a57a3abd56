import { completenessLines } from '../report/completeness.ts';
import { bodyFile } from '../report/formats/bodyfile.ts';
import { findingsCsv } from '../report/formats/findings-csv.ts';
import { htmlReport } from '../report/formats/html.ts';
import { completenessCases, findingCases, junitReport } from '../report/formats/junit.ts';
import { markdownReport } from '../report/formats/markdown.ts';
import { sarifLog } from '../report/formats/sarif.ts';
import { timesketchLines } from '../report/formats/timesketch.ts';
import { toJson } from '../text/json.ts';
import type { ReportFormat } from '../report/formats/format.ts';
import type { Report } from '../report/report.ts';
import { suppressSettled } from '../report/settled.ts';
import type { Session } from './session.ts';
import { VERSION } from './version.ts';

/**
 * Formats a report as lines.
 * @param allowIncomplete whether an incomplete report passes in the formats that CI servers read
 */
export function formatReport(
  made: Report,
  format: ReportFormat,
  { stacked }: Pick<Session, 'stacked'>,
  allowIncomplete: boolean,
): Iterable<string> {
  const { mismatches } = made.reading.digests;
  const completeness = { incomplete: made.incomplete, mismatches, isAllowed: allowIncomplete };
  const findings = suppressSettled(made.findings, new Date(made.generated));
  switch (format) {
    case 'markdown':
      return markdownReport(made);
    case 'html':
      return htmlReport(made);
    case 'json':
      return [toJson(made)];
    case 'sarif':
      return [toJson(sarifLog({ ...made, findings, completeness, version: VERSION }))];
    case 'csv':
      // Findings settled by a decision are still listed; the column `suppressed` gives the reason.
      return findingsCsv(
        findings.filter((_, index) => made.findings[index]!.suppressed === null),
        completeness,
      );
    case 'junit':
      return junitReport(made.image.names[0] ?? made.image.source, [
        ...completenessCases(completeness),
        ...findingCases(findings),
      ]);
    case 'bodyfile':
      // mactime skips lines that begin with #.
      return concat(
        completenessLines(completeness).map((line) => `# ${line}`),
        bodyFile(stacked.ledger),
      );
    case 'timesketch':
      return concat(
        completenessLines(completeness).map((message) =>
          toJson({ message, datetime: made.generated, timestamp_desc: 'report written' }, 0),
        ),
        timesketchLines(made, stacked.ledger),
      );
  }
}

function* concat(...parts: readonly Iterable<string>[]): Generator<string> {
  for (const part of parts) yield* part;
}
