import { type Case, type CaseAction, type CaseLine, decisionsOf, flagsOf } from '../case/case.ts';
import { brokenParts, type ChainCheck } from '../case/chain.ts';
import { escapeText } from '../text/escape.ts';
import { quantity } from '../text/quantity.ts';
import type { LogLine } from './report.ts';

/** Formats a case for people: current flags and decisions, then the log. */
export function* caseLines(held: Case): Generator<string> {
  const { created, goals, image } = held;
  yield `image    ${escapeText(image.names[0] ?? image.source)}  ${image.id}`;
  yield `created  ${created}`;
  yield `goals    ${goals.join(', ')}`;
  const flags = flagsOf(held);
  const decisions = [...decisionsOf(held).values()];
  yield '';
  yield quantity(flags.length, 'flag');
  for (const { historyIndex, id, key, kind, layer, note, path, severity } of flags) {
    const place = path ?? key ?? `history ${historyIndex}`;
    const at = layer === null ? '' : `layer ${layer} `;
    yield `  ${id}  ${severity}  ${escapeText(kind)}  ${at}${escapeText(place)}${note === null ? '' : `: ${escapeText(note)}`}`;
  }
  yield quantity(decisions.length, 'decision');
  for (const { finding, reason, until, verdict } of decisions) {
    yield `  ${escapeText(finding)}  ${verdict}${reason === null ? '' : `: ${escapeText(reason)}`}${until === null ? '' : ` (until ${until})`}`;
  }
  yield '';
  yield 'log';
  for (const text of logLines(held.log)) yield `  ${text}`;
}

/** Formats the result of checking a case for people. */
export function* checkLines(held: Case, check: ChainCheck): Generator<string> {
  const { log, schema } = held;
  yield quantity(log.length, 'line');
  const parts = brokenParts(held, check);
  yield* parts;
  if (check.head === 'uncovered') {
    yield `the seal of an ${schema} file does not cover the head (image, goals, creation time); the next change adds it`;
  }
  if (parts.length > 0) yield 'the case is broken';
  else if (check.sealed !== null) yield 'the case is intact';
  else {
    yield 'the key was not found: the seal was not checked';
    yield 'each line follows the one before it; without the key, missing last lines and a rewritten log cannot be detected';
  }
}

/** Formats the lines of a log, one string each; escaped. */
export function logLines(log: readonly CaseLine[]): string[] {
  return log.map(({ at, did, number, operator }) => {
    const who = operator === null ? '' : ` ${escapeText(operator)}`;
    return `${number}  ${at}${who}  ${did.action}  ${escapeText(detailOf(did))}`;
  });
}

/** Converts a log to the form that a report shows. */
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
      return `from ${did.from}; the seal covers the head from here on`;
    case 'viewed':
      return did.layer === null ? did.path : `${did.path} of layer ${did.layer}`;
    case 'revealed':
      return did.finding;
    case 'extracted':
      return `${quantity(did.files, 'file')} to ${did.folder}`;
    case 'exported':
      return `${did.format} to ${did.file}`;
    case 'retested':
      return `${did.retested} compared with ${did.report}: ${did.met ? 'passed' : 'failed'}`;
    case 'flagged':
      return `${did.flag.id} ${did.flag.kind}`;
    case 'decided':
      return `${did.decision.finding} ${did.decision.verdict}`;
    case 'undone':
      return `line ${did.line}`;
  }
}
