import { decisionsOf } from '../case/case.ts';
import { maskedCase } from '../case/masked-action.ts';
import { changeCase, readIntactCase } from '../case/case-file.ts';
import type { Finding } from '../finding/finding.ts';
import { Problem } from '../problem.ts';
import { completenessLines, completenessOf } from '../report/completeness.ts';
import { completenessCases, type JUnitCase, junitReport } from '../report/formats/junit.ts';
import { type AbsentFinding, type BaselineState, sarifLog } from '../report/formats/sarif.ts';
import { imageFacts } from '../report/image-facts.ts';
import { retestLines } from '../report/retest-lines.ts';
import { searchableValues } from '../retest/pair.ts';
import type { Retest, RetestResult } from '../retest/verify.ts';
import { toJson } from '../text/json.ts';
import { lineFacts } from '../session/line-facts.ts';
import { caseOption } from '../session/case-path.ts';
import type { CommandContext, CommonOptions } from './context.ts';
import { findAll } from '../session/find-all.ts';
import { goalsOf, readEarlier, withDecisions } from '../session/earlier-report.ts';
import { retestSession } from '../session/retest-session.ts';
import { commandListener, openForCommand } from './open-for-command.ts';
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
 * `exhume verify REPORT IMAGE`: compares an earlier report with an image, finding by finding.
 * @returns the exit status: 1 if a goal is missed
 * @throws Problem `usage` for an invalid report, or an unknown goal or format; `case-untrusted` if the case is broken
 */
export async function verify(
  file: string,
  name: string,
  options: VerifyOptions,
  context: CommandContext,
): Promise<0 | 1> {
  const searching = await prepareSearch(options, commandListener(options, context));
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
  const opened = await openForCommand(name, options, context, { searching });
  const { findings, layers, result } = retestSession(
    earlier,
    opened,
    await findAll(opened, { earlier: searchableValues(earlier) }),
    goals,
  );
  const image = imageFacts(opened.stacked);
  const completeness = completenessOf(opened.stacked, options.allowIncomplete === true);
  if (caseFile !== null) {
    const did = { action: 'retested', report: file, retested: image.id, met: result.met } as const;
    changeCase(caseFile, lineFacts(options.operator, context.env), () => did, opened.masker);
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
        findings: findingsOf(findings, result),
        completeness,
        baseline,
        absent: absentFindings(result),
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
      throw new Problem('usage', `--format ${options.format}: unknown format; use table, json, sarif, junit`);
  }
  return result.goals.some(({ met }) => met === false) ? 1 : 0;
}

/** Returns the reported findings of the image that the retest lists. */
function findingsOf(findings: readonly Finding[], { findings: retested }: Retest): Finding[] {
  const ids = new Set(retested.map(({ id }) => id));
  return findings.filter(({ suppressed, id }) => suppressed === null && ids.has(id));
}

function absentFindings({ findings }: Retest): AbsentFinding[] {
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
    // A finding that no goal covers must not fail a CI gate.
    ...findings.map(({ id, kind, notes, result, rule, title }): JUnitCase => ({
      name: `${title} (${id})`,
      group: `exhume.retest.${rule}`,
      result:
        result === 'fixed' ? 'passed' : kind === 'secret' && result !== 'not-checked' ? 'failed' : 'skipped',
      message: [result, ...notes].join('; '),
    })),
  ];
}
