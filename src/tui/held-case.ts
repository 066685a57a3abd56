import type { FlagPlace } from '../case/case.ts';
import type { Decision, DecisionVerdict } from '../finding/decision.ts';
import { type Finding, SEVERITIES, type Severity } from '../finding/finding.ts';

/** What the screen shows of a case. */
export interface HeldCase {
  /** Null until the first flag or decision creates the case. */
  readonly file: string | null;
  /** By finding. */
  readonly decisions: ReadonlyMap<string, Decision>;
  /** Findings that the user flagged. */
  readonly flagged: readonly Finding[];
}

export const NO_CASE: HeldCase = { file: null, decisions: new Map(), flagged: [] };

/** A change of the case. */
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
  /** With the known findings, to name the one whose decision is undone. */
  | { readonly kind: 'undo'; readonly findings: readonly Finding[] };

/** Parses the text that accepts a finding: a reason, optionally followed by `until 2027-01-31`. */
export function parseAcceptance(
  text: string,
): { readonly reason: string; readonly until: string | null } | { readonly error: string } {
  const match = /^(.*?)[\s,;]*(?:\buntil\s+(\S+))?$/.exec(text.trim())!;
  const reason = match[1]!.trim();
  if (reason === '') return { error: 'a reason is required' };
  if (match[2] === undefined) return { reason, until: null };
  const time = /^\d{4}-\d{2}-\d{2}$/.test(match[2]) ? Date.parse(match[2]) : Number.NaN;
  if (Number.isNaN(time)) return { error: 'write the date as 2027-01-31' };
  return { reason, until: new Date(time).toISOString() };
}

/** The parsed text of a flag. */
export interface FlagText {
  readonly title: string;
  readonly severity: Severity;
  readonly note: string | null;
  /** A range of bytes of a file, the end excluded. */
  readonly range: { readonly start: number; readonly end: number } | null;
}

/** Three parts between slashes or commas; the last may contain more of them. */
const FLAG = /^(.*?)(?:(?:\s*,\s*|\s+\/(?:\s+|$))(.*?)(?:(?:\s*,\s*|\s+\/(?:\s+|$))(.*))?)?$/;

/** Parses `KIND / SEVERITY / NOTE @FROM-TO`; commas also work as separators. Only the kind is required. */
export function parseFlag(text: string): FlagText | { readonly error: string } {
  const ranged = /^(.*?)\s*@(\d{1,15})-(\d{1,15})\s*$/.exec(text);
  const range = ranged === null ? null : { start: Number(ranged[2]), end: Number(ranged[3]) };
  if (range !== null && range.end <= range.start)
    return { error: 'write the byte range as @FROM-TO, with FROM below TO' };
  const [, title = '', severity = '', note = ''] = FLAG.exec((ranged?.[1] ?? text).trim())!;
  if (title === '') return { error: 'a kind is required, as in: API key / high / seen in the log' };
  const found = SEVERITIES.find((word) => word === (severity === '' ? 'high' : severity.toLowerCase()));
  if (found === undefined) return { error: `severity is one of ${SEVERITIES.join(', ')}` };
  return { title, severity: found, note: note === '' ? null : note, range };
}
