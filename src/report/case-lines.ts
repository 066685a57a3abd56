import { type Case, type CaseAction, type CaseLine, decisionsOf, flagsOf } from '../case/case.ts';
import { brokenParts, type ChainCheck } from '../case/chain.ts';
import { escapeText } from '../text/escape.ts';
import type { LogLine } from './report.ts';

/** A case for people: what stands, then all that was done. */
export function* caseLines(held: Case): Generator<string> {
  const { created, goals, image } = held;
  yield `image    ${escapeText(image.names[0] ?? image.source)}  ${image.id}`;
  yield `begun    ${created}`;
  yield `goal     ${goals.join(', ')}`;
  const flags = flagsOf(held);
  const decisions = [...decisionsOf(held).values()];
  yield '';
  yield `${flags.length} flagged by hand`;
  for (const { historyIndex, id, key, kind, layer, note, path, severity } of flags) {
    const place = path ?? key ?? `history ${historyIndex}`;
    const at = layer === null ? '' : `layer ${layer} `;
    yield `  ${id}  ${severity}  ${escapeText(kind)}  ${at}${escapeText(place)}${note === null ? '' : `: ${escapeText(note)}`}`;
  }
  yield `${decisions.length} decided`;
  for (const { finding, reason, until, verdict } of decisions) {
    yield `  ${escapeText(finding)}  ${verdict}${reason === null ? '' : `: ${escapeText(reason)}`}${until === null ? '' : ` (until ${until})`}`;
  }
  yield '';
  yield 'log';
  for (const text of logLines(held.log)) yield `  ${text}`;
}

/** The result of checking a case, for people. */
export function* checkLines(held: Case, check: ChainCheck): Generator<string> {
  const { log, schema } = held;
  yield `${log.length} ${log.length === 1 ? 'line' : 'lines'}`;
  const parts = brokenParts(held, check);
  yield* parts;
  if (check.head === 'uncovered') {
    yield `the head (image, goals, time of creation) is not covered by the seal of an ${schema} file; the next line covers it`;
  }
  if (parts.length > 0) yield 'the log is not whole';
  else if (check.sealed !== null) yield 'the log is whole';
  else {
    yield 'the key is not here: the seal was not checked';
    yield 'every line follows the one before; only the key shows whether lines are missing at the end or all was written anew';
  }
}

/** Lines of a log, one text each; escaped. */
export function logLines(log: readonly CaseLine[]): string[] {
  return log.map(({ at, did, number, operator }) => {
    const who = operator === null ? '' : ` ${escapeText(operator)}`;
    return `${number}  ${at}${who}  ${did.action}  ${escapeText(detailOf(did))}`;
  });
}

/** A log as a report shows it. */
export function reportLog(log: readonly CaseLine[]): LogLine[] {
  return log.map(({ at, did, operator }) => ({
    at,
    action: did.action,
    detail: `${detailOf(did)}${operator === null ? '' : ` (${operator})`}`,
  }));
}

function detailOf(did: CaseAction): string {
  switch (did.action) {
    case 'opened':
      return did.source;
    case 'upgraded':
      return `from ${did.from}; the head is covered from here on`;
    case 'viewed':
      return did.layer === null ? did.path : `${did.path} of layer ${did.layer}`;
    case 'revealed':
      return did.finding;
    case 'extracted':
      return `${did.files} files to ${did.folder}`;
    case 'exported':
      return `${did.format} to ${did.file}`;
    case 'retested':
      return `${did.retested} against ${did.report}: ${did.met ? 'passed' : 'failed'}`;
    case 'flagged':
      return `${did.flag.id} ${did.flag.kind}`;
    case 'decided':
      return `${did.decision.finding} ${did.decision.verdict}`;
    case 'undone':
      return `line ${did.line}`;
  }
}
