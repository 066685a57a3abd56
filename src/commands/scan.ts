import { atLeast, countFindings, type Finding, SEVERITIES, type Severity } from '../finding/finding.ts';
import { diveFigures } from '../ledger/dive.ts';
import type { CheckOutcome } from '../posture/check.ts';
import { Problem } from '../problem.ts';
import { type Completeness, completenessLines, completenessOf } from '../report/completeness.ts';
import { countText, findingLines } from '../report/finding-lines.ts';
import { findingsCsv } from '../report/formats/findings-csv.ts';
import { completenessCases, findingCases, junitReport } from '../report/formats/junit.ts';
import { sarifLog } from '../report/formats/sarif.ts';
import { imageFacts, layerFacts } from '../report/image-facts.ts';
import { scanHead } from '../report/scan-facts.ts';
import { escapeText } from '../text/escape.ts';
import { toJson } from '../text/json.ts';
import type { CommandContext, CommonOptions } from './context.ts';
import { diveThresholds, type DiveOptions, missedThresholds } from './dive-thresholds.ts';
import { type ScanOutcome, scanImage } from '../session/find-all.ts';
import type { Session } from '../session/session.ts';
import { commandListener, openForCommand } from './open-for-command.ts';
import { prepareSearch } from '../session/searching.ts';
import { notice, write, writeJson, writeLines } from './output.ts';
import { VERSION } from '../session/version.ts';

export interface ScanCommandOptions extends CommonOptions, DiveOptions {
  readonly failOn?: string;
  readonly showSuppressed?: boolean;
  readonly format: string;
  /** False with `--no-unpack`. */
  readonly unpack: boolean;
}

const FORMATS = ['table', 'json', 'csv', 'sarif', 'junit'] as const;
type Format = (typeof FORMATS)[number];

/**
 * `exhume scan IMAGE`: finds secrets and insecure settings.
 * @returns the exit status: 1 if a reported finding has at least the severity of `--fail-on`, or if one of dive's
 * thresholds is missed
 * @throws Problem `usage` for an unknown severity or format, or an invalid configuration
 */
export async function scan(
  name: string | undefined,
  options: ScanCommandOptions,
  context: CommandContext,
): Promise<0 | 1> {
  const format = options.json === true ? 'json' : chosen('--format', options.format, FORMATS);
  const threshold =
    options.failOn === undefined ? null : chosen<Severity>('--fail-on', options.failOn, SEVERITIES);
  const thresholds = diveThresholds(options);
  const opened = await openForCommand(name, options, context, {
    searching: await prepareSearch(options, commandListener(options, context)),
  });
  const outcome = await scanImage(opened);
  const { findings } = outcome;
  await print(opened, outcome, format, options, context);
  const missed = findings.some(
    ({ suppressed, severity }) => threshold !== null && suppressed === null && atLeast(severity, threshold),
  );
  const limits = Object.values(thresholds).some((limit) => limit !== null)
    ? missedThresholds(diveFigures(opened.stacked.ledger), thresholds)
    : [];
  for (const limit of limits) notice(context, options.quiet, `dive's rules: ${limit}`);
  return missed || limits.length > 0 ? 1 : 0;
}

/** Prints the findings. JSON, SARIF and JUnit include suppressed findings; the other formats only on request. */
async function print(
  opened: Session,
  { checks, findings }: ScanOutcome,
  format: Format,
  options: ScanCommandOptions,
  context: CommandContext,
): Promise<void> {
  // Determined after the scan, which may have found more unreadable parts.
  const completeness = completenessOf(opened.stacked, options.allowIncomplete === true);
  const shown =
    options.showSuppressed === true ? findings : findings.filter(({ suppressed }) => suppressed === null);
  switch (format) {
    case 'json': {
      const { stacked, history, masker, origins } = opened;
      const head = scanHead(stacked, history, origins, findings, masker);
      await writeJson(context.stdout, { ...head, checks }, { name: 'findings', items: findings });
      return;
    }
    case 'csv':
      await writeLines(context.stdout, findingsCsv(shown, completeness));
      return;
    case 'sarif': {
      const { history, masker, origins, stacked } = opened;
      const layers = layerFacts(stacked, history, origins, masker);
      const log = sarifLog({ version: VERSION, image: imageFacts(stacked), layers, findings, completeness });
      await write(context.stdout, `${toJson(log)}\n`);
      return;
    }
    case 'junit': {
      const { image } = opened.stacked;
      const cases = [...completenessCases(completeness), ...findingCases(findings)];
      await writeLines(context.stdout, junitReport(image.names[0] ?? image.source, cases));
      return;
    }
    case 'table':
      await writeLines(context.stdout, tableLines(findings, shown, checks, completeness));
  }
}

function* tableLines(
  findings: readonly Finding[],
  shown: readonly Finding[],
  checks: readonly CheckOutcome[],
  completeness: Completeness,
): Generator<string> {
  if (shown.length > 0) {
    yield* findingLines(shown);
    yield '';
  }
  const more = shown.length < findings.length ? ' (--show-suppressed lists them)' : '';
  yield `${countText(countFindings(findings))}${more}`;
  const number = (result: CheckOutcome['result']): number =>
    checks.filter((check) => check.result === result).length;
  yield `checks: ${number('passed')} passed, ${number('failed')} failed, ${number('unknown')} unknown`;
  yield* undecidedLines(checks);
  yield* completenessLines(completeness);
}

/** Lists the checks with an unknown result, grouped by reason, so that they do not seem to have passed. */
function* undecidedLines(checks: readonly CheckOutcome[]): Generator<string> {
  const byReason = new Map<string, string[]>();
  for (const { id, result, reason } of checks) {
    if (result !== 'unknown') continue;
    const ids = byReason.get(reason ?? '');
    if (ids === undefined) byReason.set(reason ?? '', [id]);
    else ids.push(id);
  }
  for (const [reason, ids] of byReason) {
    yield `  unknown: ${ids.join(', ')}${reason === '' ? '' : ` (${escapeText(reason)})`}`;
  }
}

function chosen<T extends string>(option: string, given: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === given.toLowerCase());
  if (found !== undefined) return found;
  throw new Problem('usage', `${option} ${given}: expected one of ${allowed.join(', ')}`);
}
