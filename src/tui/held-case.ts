import type { FlagPlace } from '../case/case.ts';
import type { Decision, DecisionVerdict } from '../finding/decision.ts';
import { type Finding, SEVERITIES, type Severity } from '../finding/finding.ts';

/** What the screen shows of a case. */
export interface HeldCase {
  /** Null as long as there is none: the first flag or decision begins one. */
  readonly file: string | null;
  /** By finding. */
  readonly decisions: ReadonlyMap<string, Decision>;
  /** What was flagged by hand. */
  readonly flagged: readonly Finding[];
}

export const NO_CASE: HeldCase = { file: null, decisions: new Map(), flagged: [] };

/** What a person wants changed in the case. */
export type CaseChange =
  | {
      readonly kind: 'decide';
      readonly findings: readonly string[];
      readonly verdict: DecisionVerdict;
      readonly reason: string | null;
      /** RFC 3339, or null. */
      readonly until: string | null;
    }
  | {
      readonly kind: 'flag';
      readonly place: FlagPlace;
      readonly title: string;
      readonly severity: Severity;
      readonly note: string | null;
    }
  | { readonly kind: 'undo' };

/** Reads what is typed to accept a finding: a reason, and `until 2027-01-31` behind it where it ends. */
export function parseAcceptance(
  text: string,
): { readonly reason: string; readonly until: string | null } | { readonly error: string } {
  const match = /^(.*?)[\s,;]*(?:\buntil\s+(\S+))?$/.exec(text.trim())!;
  const reason = match[1]!.trim();
  if (reason === '') return { error: 'say why: whoever reads the case later will ask' };
  if (match[2] === undefined) return { reason, until: null };
  const time = /^\d{4}-\d{2}-\d{2}$/.test(match[2]) ? Date.parse(match[2]) : Number.NaN;
  if (Number.isNaN(time)) return { error: 'a date is written as in 2027-01-31' };
  return { reason, until: new Date(time).toISOString() };
}

/** What is typed to flag something. */
export interface FlagText {
  readonly title: string;
  readonly severity: Severity;
  readonly note: string | null;
  /** A range of bytes of a file, the end excluded. */
  readonly range: { readonly start: number; readonly end: number } | null;
}

/** Reads `KIND, SEVERITY, NOTE @FROM-TO`; all but the kind may be left out. */
export function parseFlag(text: string): FlagText | { readonly error: string } {
  const ranged = /^(.*?)\s*@(\d{1,15})-(\d{1,15})\s*$/.exec(text);
  const range = ranged === null ? null : { start: Number(ranged[2]), end: Number(ranged[3]) };
  if (range !== null && range.end <= range.start) return { error: 'bytes are @FROM-TO, the end excluded' };
  const [title = '', severity = '', ...rest] = (ranged?.[1] ?? text).split(',').map((part) => part.trim());
  if (title === '') return { error: 'say what it is, as in: API key, high, seen in the log' };
  const found = SEVERITIES.find((word) => word === (severity === '' ? 'high' : severity.toLowerCase()));
  if (found === undefined) return { error: `after the kind: ${SEVERITIES.join(', ')}` };
  const note = rest.join(', ').trim();
  return { title, severity: found, note: note === '' ? null : note, range };
}
