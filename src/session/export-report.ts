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
 * Writes the report of an image to a new file, in the format that the file's extension means.
 * @param name as the image was named; undefined for the demonstration
 * @param held the case about it, if there is one
 * @param allowIncomplete as {@link formatReport} takes it
 * @returns a line that says what was written
 * @throws Problem `usage` if the extension means no format, `unsafe-target` if the file exists
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
  return { text: `${file} is written: ${made.verdict.lines[0]}`, format };
}
