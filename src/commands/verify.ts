import { readFileSync } from 'node:fs';
import { decisionsOf } from '../case/case.ts';
import { maskedCase } from '../case/masked-action.ts';
import { changeCase, readIntactCase } from '../case/case-file.ts';
import type { Decision } from '../finding/decision.ts';
import type { Finding } from '../finding/finding.ts';
import { incompleteOf } from '../ledger/incomplete.ts';
import { setuidTimeline } from '../ledger/setuid.ts';
import { Problem } from '../problem.ts';
import type { Masker } from '../secrets/mask/masker.ts';
import { completenessLines, completenessOf } from '../report/completeness.ts';
import { pathText } from '../text/path-text.ts';
import { completenessCases, type JUnitCase, junitReport } from '../report/formats/junit.ts';
import { type AbsentFinding, type BaselineState, sarifLog } from '../report/formats/sarif.ts';
import { imageFacts, layerFacts } from '../report/image-facts.ts';
import { retestLines } from '../report/retest-lines.ts';
import { searchableValues } from '../retest/pair.ts';
import { type EarlierReport, readReport } from '../retest/read-report.ts';
import {
  type Goal,
  GOALS,
  type Retest,
  retest,
  type RetestResult,
  type RetestSubject,
} from '../retest/verify.ts';
import { toJson } from '../text/json.ts';
import { lineFacts } from './case.ts';
import { caseOption } from './case-path.ts';
import type { CommandContext, CommonOptions } from './context.ts';
import { flaggedAgain } from '../session/flagged-again.ts';
import { findAll } from '../session/find-all.ts';
import { type OpenedImage, readImage } from '../session/open-image.ts';
import { prepareSearch } from '../session/searching.ts';
import { write, writeJson, writeLines } from './output.ts';
import { VERSION } from '../session/version.ts';

export interface VerifyOptions extends CommonOptions {
  readonly goal?: readonly string[];
  readonly format: string;
  readonly case?: string;
  readonly operator?: string;
}

const BASELINE: Readonly<Record<RetestResult, BaselineState>> = {
  fixed: 'absent',
  persisting: 'unchanged',
  moved: 'updated',
  new: 'new',
  'not-checked': 'unchanged',
};

/**
 * `exhume verify REPORT IMAGE`: each finding of the report fixed, persisting, moved, or new.
 * @returns the exit status: 1 where a goal is missed
 * @throws Problem `usage` for a report that is none, a goal or a format that is none; `case-untrusted` if the
 * case is broken
 */
export async function verify(
  file: string,
  name: string,
  options: VerifyOptions,
  context: CommandContext,
): Promise<0 | 1> {
  const searching = await prepareSearch(options, context);
  const written = readEarlier(file, searching.masker);
  const caseFile =
    options.case === undefined ? null : caseOption(options.case, written.image.id, context.env);
  const held = caseFile === null ? null : readIntactCase(caseFile, 'case-untrusted');
  if (held !== null && held.image.id !== written.image.id) {
    throw new Problem('usage', `${caseFile} is a case about ${held.image.id}, not about ${written.image.id}`);
  }
  const goals = goalsOf(options.goal, held?.goals ?? written.goals);
  const decided = held === null ? null : decisionsOf(maskedCase(held, searching.masker));
  const earlier = decided === null ? written : withDecisions(written, decided);
  const opened = await readImage(name, options, context, { searching });
  const { findings, layers, result } = retestOpened(
    earlier,
    opened,
    await findAll(opened, options, context, { earlier: searchableValues(earlier) }),
    goals,
  );
  const image = imageFacts(opened.stacked);
  const completeness = completenessOf(opened.stacked, options.allowIncomplete === true);
  if (caseFile !== null) {
    const did = { action: 'retested', report: file, retested: image.id, met: result.met } as const;
    changeCase(caseFile, lineFacts(options, context), () => did, opened.masker);
  }
  const of = { report: { file, generated: earlier.generated, image: earlier.image.id }, image };
  switch (options.json === true ? 'json' : options.format) {
    case 'json': {
      const { findings: items, ...head } = result;
      await writeJson(
        context.stdout,
        { schema: 'exhume/verify/1', ...of, incomplete: completeness.incomplete, ...head },
        { name: 'findings', items },
      );
      break;
    }
    case 'sarif': {
      const baseline = new Map(result.findings.map(({ id, result: each }) => [id, BASELINE[each]]));
      const log = sarifLog({
        version: VERSION,
        image,
        layers,
        findings: judged(findings, result),
        completeness,
        baseline,
        absent: gone(result),
      });
      await write(context.stdout, `${toJson(log)}\n`);
      break;
    }
    case 'junit':
      await writeLines(
        context.stdout,
        junitReport(`retest of ${earlier.image.id}`, [...completenessCases(completeness), ...cases(result)]),
      );
      break;
    case 'table':
      await writeLines(context.stdout, [...retestLines(result), ...completenessLines(completeness)]);
      break;
    default:
      throw new Problem('usage', `--format ${options.format}: it takes table, json, sarif, junit`);
  }
  return result.goals.some(({ met }) => met === false) ? 1 : 0;
}

/**
 * Reads the report of an earlier image.
 * @throws Problem `usage` where it cannot be read, or is none
 */
export function readEarlier(file: string, masker: Masker): EarlierReport {
  return readReport(readText(file), file, masker);
}

/**
 * Holds an image that is open against an earlier report.
 * @param found what was found in it; what was flagged by hand before is looked for beside
 */
export function retestOpened(
  earlier: EarlierReport,
  opened: OpenedImage,
  found: readonly Finding[],
  goals: readonly Goal[],
): {
  readonly result: Retest;
  readonly findings: readonly Finding[];
  readonly layers: ReturnType<typeof layerFacts>;
} {
  const findings = [...flaggedAgain(earlier, opened), ...found];
  const layers = layerFacts(opened.stacked, opened.history, opened.origins, opened.masker);
  const { image } = opened.stacked;
  const result = retest(
    earlier,
    {
      id: image.id,
      findings,
      layers,
      incomplete: incompleteOf(opened.stacked),
      user: image.config.runtime.user,
      applicationSetuid: setuidOfApplication(opened),
      neighbours: neighboursOf(opened),
      now: new Date(),
    },
    goals,
  );
  return { result, findings, layers };
}

/**
 * What was asked for, else what the case or the report says, else that no credential is left.
 * @throws Problem `usage` for a goal that is none
 */
export function goalsOf(asked: readonly string[] | undefined, kept: readonly string[]): Goal[] {
  return (asked ?? (kept.length > 0 ? kept : ['no-secrets'])).map(goalOf);
}

/** The report as it would be written now: what the case has decided since counts. */
function withDecisions(report: EarlierReport, decisions: ReadonlyMap<string, Decision>): EarlierReport {
  return {
    ...report,
    findings: report.findings.map((finding) => ({
      ...finding,
      decision: decisions.get(finding.id) ?? null,
    })),
  };
}

/** The other images that the archive holds; one that cannot be opened says nothing. */
function neighboursOf({ archive, stacked: { image } }: OpenedImage): RetestSubject['neighbours'] {
  return (archive?.choices ?? []).flatMap((choice) => {
    if (choice.missing !== null) return [];
    try {
      const other = choice.open();
      if (other.id === image.id) return [];
      return [{ name: other.names[0] ?? other.id, diffIds: other.config.diffIds }];
    } catch (error) {
      if (error instanceof Problem) return [];
      throw error;
    }
  });
}

function goalOf(text: string): Goal {
  const goal = GOALS.find((each) => each === text);
  if (goal === undefined) throw new Problem('usage', `--goal ${text}: it takes ${GOALS.join(', ')}`);
  return goal;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Problem('usage', `${file} cannot be read: ${message}`, { file });
  }
}

function setuidOfApplication({ origins, stacked: { ledger } }: OpenedImage): string[] {
  return setuidTimeline(ledger)
    .paths.filter(({ setuidFinal, steps }) => {
      const set = steps.findLast(({ change }) => change === 'set' || change === 'changed');
      return setuidFinal && set !== undefined && origins[ledger.layerOf(set.event)] === 'application';
    })
    .map(({ path }) => pathText(ledger.paths.path(path)));
}

/** Those that the retest speaks of and that are still there. */
function judged(findings: readonly Finding[], { findings: retested }: Retest): Finding[] {
  const ids = new Set(retested.map(({ id }) => id));
  return findings.filter(({ demoted, id }) => demoted === null && ids.has(id));
}

function gone({ findings }: Retest): AbsentFinding[] {
  return findings.flatMap(({ after, before, ...naming }) =>
    after === null && before !== null
      ? [{ ...naming, ...before, checked: naming.result !== 'not-checked' }]
      : [],
  );
}

function cases({ findings, goals }: Retest): JUnitCase[] {
  return [
    ...goals.map(({ goal, met, reason }): JUnitCase => ({
      name: goal,
      group: 'exhume.goal',
      result: met === null ? 'skipped' : met ? 'passed' : 'failed',
      message: reason,
    })),
    // What no goal speaks of must not fail a gate.
    ...findings.map(({ id, kind, notes, result, rule, title }): JUnitCase => ({
      name: `${title} (${id})`,
      group: `exhume.retest.${rule}`,
      result:
        result === 'fixed' ? 'passed' : kind === 'secret' && result !== 'not-checked' ? 'failed' : 'skipped',
      message: [result, ...notes].join('; '),
    })),
  ];
}
