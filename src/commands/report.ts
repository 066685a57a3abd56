import { changeCase, readCaseAbout } from '../case/case-file.ts';
import { outputTarget } from '../case/output-target.ts';
import { writeOutput } from '../case/write-output.ts';
import { Problem } from '../problem.ts';
import { lineFacts } from '../session/line-facts.ts';
import { type ReportFormat, reportFormat } from '../report/formats/format.ts';
import type { Masker } from '../secrets/mask/masker.ts';
import type { Report } from '../report/report.ts';
import { caseOption } from '../session/case-path.ts';
import { askReveal } from './ask-reveal.ts';
import type { CommandContext, CommonOptions } from './context.ts';
import { formatReport } from '../session/format-report.ts';
import { hashInput } from '../session/hash-input.ts';
import { inputFiles } from '../session/input-files.ts';
import { commandListener, openForCommand } from './open-for-command.ts';
import { makeReport } from '../session/make-report.ts';
import { DEFAULT_CONFIG } from '../session/read-config.ts';
import { prepareSearch } from '../session/searching.ts';
import { notice, writeLines } from './output.ts';

export interface ReportOptions extends CommonOptions {
  readonly output: string;
  readonly format?: string;
  readonly also?: readonly string[];
  readonly force?: boolean;
  readonly case?: string;
  readonly operator?: string;
  readonly reveal?: boolean;
  readonly yes?: boolean;
}

/**
 * `exhume report IMAGE -o FILE`: writes a report.
 * @throws Problem `usage` if no format can be inferred; `case-untrusted` if the case is broken; as
 * {@link writeOutput} does
 */
export async function report(
  name: string | undefined,
  options: ReportOptions,
  context: CommandContext,
): Promise<void> {
  const format = options.json === true ? 'json' : reportFormat(options.format, options.output);
  const rules = {
    replace: options.force === true,
    option: '--force',
    inputs: inputFiles(
      {
        images: [name, ...(options.also ?? []), ...(options.base === undefined ? [] : [options.base])],
        files: [options.config ?? DEFAULT_CONFIG, options.keep],
      },
      context.stdin,
    ),
  };
  // Fail early, before the scan and before anything is logged.
  if (options.output !== '-') outputTarget(options.output, rules);
  const values = options.reveal === true ? new Map<string, Uint8Array>() : null;
  if (values !== null) {
    if (!REVEALING.has(format)) {
      throw new Problem(
        'usage',
        `--reveal does not work with --format ${format}; use ${[...REVEALING].join(', ')}`,
      );
    }
    await askReveal(options.output, options, context);
  }
  const before = hashInput(name);
  const opened = await openForCommand(name, options, context, {
    searching: await prepareSearch(options, commandListener(options, context)),
  });
  const file =
    options.case === undefined ? null : caseOption(options.case, opened.stacked.image.id, context.env);
  const held = file === null ? null : readCaseAbout(file, opened.stacked.image.id, 'case-untrusted');
  const inputs = [...rules.inputs, ...inputFiles({ images: [], case: file }, context.stdin)];
  if (options.output !== '-') outputTarget(options.output, { ...rules, inputs });
  const also = options.also ?? [];
  const made = await makeReport(opened, { name, hashBefore: before, held, values, also });
  const lines = formatReport(made, format, opened, options.allowIncomplete === true);
  if (values !== null) logReveal(made, file, options, context, opened.masker);
  if (file !== null) {
    changeCase(
      file,
      lineFacts(options.operator, context.env),
      () => ({
        action: 'exported',
        file: options.output,
        format,
      }),
      opened.masker,
    );
  }
  if (options.output === '-') {
    await writeLines(context.stdout, lines);
    return;
  }
  const { signal } = context;
  await writeOutput(options.output, [...lines, ''].join('\n'), { ...rules, inputs, signal });
  notice(context, options.quiet, `${options.output}: ${made.verdict.lines[0]}`);
}

/** The formats that may contain plain values. The others are for machines, which pass them on. */
const REVEALING: ReadonlySet<ReportFormat> = new Set(['markdown', 'html', 'json']);

/** Logs the revealed findings. Called before the report is written, so that a later failure cannot skip it. */
function logReveal(
  { findings }: Report,
  file: string | null,
  options: ReportOptions,
  context: CommandContext,
  masker: Masker,
): void {
  const revealed = findings.filter(({ value }) => value !== null);
  if (file === null) {
    notice(context, options.quiet, 'warning: the report reveals credentials, and no --case logs it');
    return;
  }
  for (const { id } of revealed) {
    changeCase(
      file,
      lineFacts(options.operator, context.env),
      () => ({ action: 'revealed', finding: id }),
      masker,
    );
  }
}
