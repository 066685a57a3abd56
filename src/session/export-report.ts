import type { Case } from '../case/case.ts';
import { outputTarget } from '../case/output-target.ts';
import { writeOutput } from '../case/write-output.ts';
import { type ReportFormat, reportFormat } from '../report/formats/format.ts';
import { formatReport } from './format-report.ts';
import { hashInput } from './hash-input.ts';
import { makeReport } from './make-report.ts';
import type { Session } from './session.ts';
import { signalOf } from './session-options.ts';

/**
 * Writes the report of an image to a new file, in the format of the file's extension.
 * @param name the image as the user named it; undefined for the demonstration image
 * @param held the case about the image, if any
 * @param allowIncomplete see {@link formatReport}
 * @returns a message for the user, and the format
 * @throws Problem `usage` for an unknown extension, `unsafe-target` if the file exists
 */
export async function exportReport(
  session: Session,
  file: string,
  name: string | undefined,
  held: Case | null,
  allowIncomplete: boolean,
): Promise<{ readonly text: string; readonly format: ReportFormat }> {
  const format = reportFormat(undefined, file);
  outputTarget(file, { replace: false });
  const made = await makeReport(session, { name, hashBefore: hashInput(name), held });
  const lines = formatReport(made, format, session, allowIncomplete);
  const signal = signalOf(session.options);
  await writeOutput(file, [...lines, ''].join('\n'), { replace: false, signal });
  return { text: `report written to ${file}: ${made.verdict.lines[0]}`, format };
}
