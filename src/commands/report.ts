import { type Case, decisionsOf, type Flag, flagsOf } from '../case/case.ts';
import { changeCase, readCaseAbout } from '../case/case-file.ts';
import { flagFindings } from '../case/flag-findings.ts';
import { maskedCase } from '../case/masked-action.ts';
import { outputTarget } from '../case/output-target.ts';
import { writeOutput } from '../case/write-output.ts';
import type { Decision } from '../finding/decision.ts';
import { compareFindings } from '../finding/finding.ts';
import { Problem } from '../problem.ts';
import { reportLog } from '../report/case-lines.ts';
import { lineFacts } from './case.ts';
import { incompleteOf } from '../ledger/incomplete.ts';
import { rebuildDockerfile } from '../history/dockerfile.ts';
import { dockerfileFacts } from '../report/dockerfile-facts.ts';
import { type ReportFormat, reportFormat } from '../report/formats/format.ts';
import { digestTally, historyFacts, imageFacts, layerFacts } from '../report/image-facts.ts';
import type { Masker } from '../secrets/mask/masker.ts';
import { buildReport, type LogLine, type Report, type SharingImage } from '../report/report.ts';
import { caseOption } from './case-path.ts';
import { askReveal } from './ask-reveal.ts';
import type { CommandContext, CommonOptions } from './context.ts';
import { formatReport } from '../session/format-report.ts';
import { findAll } from '../session/find-all.ts';
import { hashInput } from '../session/hash-input.ts';
import { inputFiles } from '../session/input-files.ts';
import { openArchive, type OpenedImage, pickImage, readImage } from '../session/open-image.ts';
import { prepareSearch } from '../session/searching.ts';
import { notice, writeLines } from './output.ts';
import { VERSION } from '../session/version.ts';

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
 * `exhume report IMAGE -o FILE`: the remediation report.
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
        files: [options.config, options.keep],
      },
      context,
    ),
  };
  // Before the work, and before anything is logged.
  if (options.output !== '-') outputTarget(options.output, rules);
  const values = options.reveal === true ? new Map<string, Uint8Array>() : null;
  if (values !== null) {
    if (!REVEALING.has(format)) {
      throw new Problem(
        'usage',
        `--reveal goes with ${[...REVEALING].join(', ')}: ${format} is for machines`,
      );
    }
    await askReveal(options.output, options, context);
  }
  const before = hashInput(name);
  const opened = await readImage(name, options, context, {
    searching: await prepareSearch(options, context),
  });
  const file =
    options.case === undefined ? null : caseOption(options.case, opened.stacked.image.id, context.env);
  const held = file === null ? null : readCaseAbout(file, opened.stacked.image.id, 'case-untrusted');
  const inputs = [...rules.inputs, ...inputFiles({ images: [], case: file }, context)];
  if (options.output !== '-') outputTarget(options.output, { ...rules, inputs });
  const made = await makeReport(
    opened,
    options,
    context,
    {
      openedAs: name === undefined || name === '-' ? null : name,
      before,
      after: () => hashInput(name),
      values,
    },
    held === null ? NOTHING_DECIDED : decidedIn(maskedCase(held, opened.masker)),
  );
  const lines = formatReport(made, format, opened, options.allowIncomplete === true);
  if (values !== null) logReveal(made, file, options, context, opened.masker);
  if (file !== null) {
    changeCase(
      file,
      lineFacts(options, context),
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

/**
 * Writes the report of an image that is on the screen, in the format that the file's ending tells.
 * @param name as the image was named; undefined for the demonstration
 * @param held its case, where there is one: it knows decisions and flags already
 * @returns a line that says what was written
 * @throws Problem `usage` for an ending that tells no format, `unsafe-target` for a file that is there already
 */
export async function exportReport(
  opened: OpenedImage,
  file: string,
  name: string | undefined,
  held: Case | null,
  options: CommonOptions,
  context: CommandContext,
): Promise<{ readonly text: string; readonly format: ReportFormat }> {
  const format = reportFormat(undefined, file);
  outputTarget(file, { replace: false });
  const before = hashInput(name);
  const openedAs = name === undefined || name === '-' ? null : name;
  const input = { openedAs, before, after: () => hashInput(name), values: null };
  const made = await makeReport(
    opened,
    options,
    context,
    input,
    held === null ? NOTHING_DECIDED : decidedIn(maskedCase(held, opened.masker)),
  );
  const lines = formatReport(made, format, opened, options.allowIncomplete === true);
  await writeOutput(file, [...lines, ''].join('\n'), { replace: false, signal: context.signal });
  return { text: `${file} is written: ${made.verdict.lines[0]}`, format };
}

/** Formats that a person reads; what machines pass on is never in the clear. */
const REVEALING: ReadonlySet<ReportFormat> = new Set(['markdown', 'html', 'json']);

/** Before anything is written: what is revealed stands in the log, whatever comes after. */
function logReveal(
  { findings }: Report,
  file: string | null,
  options: ReportOptions,
  context: CommandContext,
  masker: Masker,
): void {
  const revealed = findings.filter(({ value }) => value !== null);
  if (file === null) {
    notice(context, options.quiet, 'credentials are revealed, and logged nowhere: no --case was given');
    return;
  }
  for (const { id } of revealed) {
    changeCase(file, lineFacts(options, context), () => ({ action: 'revealed', finding: id }), masker);
  }
}

/** What a case brings into a report. */
interface Decided {
  readonly decisions: ReadonlyMap<string, Decision>;
  readonly flags: readonly Flag[];
  readonly log: readonly LogLine[];
  readonly goals: readonly string[];
}

const NOTHING_DECIDED: Decided = { decisions: new Map(), flags: [], log: [], goals: [] };

function decidedIn(held: Case): Decided {
  return { decisions: decisionsOf(held), flags: flagsOf(held), log: reportLog(held.log), goals: held.goals };
}

/** Looks for everything, and puts the report together. */
export async function makeReport(
  opened: OpenedImage,
  options: CommonOptions & { readonly also?: readonly string[] },
  context: CommandContext,
  input: {
    /** Null where the image cannot be opened again by a name. */
    readonly openedAs: string | null;
    readonly before: string | null;
    readonly after: () => string | null;
    /** Takes the values, where they are to be revealed. */
    readonly values: Map<string, Uint8Array> | null;
  },
  decided: Decided = NOTHING_DECIDED,
): Promise<Report> {
  const { base, history, masker, origins, provenance, stacked } = opened;
  const { decisions, flags, goals, log } = decided;
  const watch = input.values === null ? {} : { values: input.values };
  const flagged = flagFindings(flags, { ...opened, ledger: stacked.ledger });
  const findings = [...flagged, ...(await findAll(opened, options, context, watch))].toSorted(
    compareFindings,
  );
  const layers = layerFacts(stacked, history, origins, masker);
  const rebuilt = rebuildDockerfile(history, stacked.image.config, base);
  const also: SharingImage[] = [];
  for (const other of options.also ?? []) {
    const { also: _, ...rest } = options;
    const image = pickImage(await openArchive(other, context, rest), other, rest);
    const theirs = new Set(image.config.diffIds);
    const shared = layers
      .filter(({ diffId }) => diffId !== null && theirs.has(diffId as never))
      .map(({ index }) => index);
    also.push({
      source: image.source,
      names: image.names,
      id: image.id,
      layers: shared,
      findings: findings
        .filter(
          ({ demoted, occurrences }) =>
            demoted === null &&
            occurrences.some(({ where }) => where.layer !== null && shared.includes(where.layer)),
        )
        .map(({ id }) => id),
    });
  }
  return buildReport({
    openedAs: input.openedAs,
    image: imageFacts(stacked),
    layers,
    history: historyFacts(history, masker),
    base,
    dockerfile: dockerfileFacts(rebuilt, base, provenance, history, masker),
    reading: {
      digests: digestTally(stacked),
      incomplete: incompleteOf(stacked),
      warnings: [...(opened.archive?.warnings ?? []), ...stacked.warnings].map(({ message }) => message),
      inputBefore: input.before,
      inputAfter: input.after(),
    },
    findings,
    values: input.values,
    decisions,
    log,
    goals,
    also,
    now: new Date(),
    version: VERSION,
  });
}
