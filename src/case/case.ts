import * as z from 'zod';
import { type Decision, VERDICTS } from '../finding/decision.ts';
import { SEVERITIES } from '../finding/finding.ts';
import { GOALS } from '../retest/verify.ts';

const flag = z.strictObject({
  id: z.string(),
  surface: z.enum(['file', 'env', 'label', 'history', 'config']),
  layer: z.number().int().min(0).nullable(),
  path: z.string().nullable(),
  key: z.string().nullable(),
  historyIndex: z.number().int().min(0).nullable(),
  /** A range of bytes of the file, end excluded; null for all of it. */
  start: z.number().int().min(0).nullable(),
  end: z.number().int().min(0).nullable(),
  kind: z.string(),
  severity: z.enum(SEVERITIES),
  note: z.string().nullable(),
});

/** Something that a person marked as a secret. Holds no value of it. */
export type Flag = z.infer<typeof flag>;

/** What a flag is set at. */
export type FlagPlace = Omit<Flag, 'id' | 'kind' | 'severity' | 'note'>;

const decision = z.strictObject({
  finding: z.string(),
  verdict: z.enum(VERDICTS),
  reason: z.string().nullable(),
  until: z.string().nullable(),
});

const action = z.discriminatedUnion('action', [
  /** `head` is the {@link headDigest} of the case: in the line that begins one, not where one is opened again. */
  z.strictObject({ action: z.literal('opened'), source: z.string(), head: z.string().optional() }),
  /** The case was in an earlier format, whose seal does not cover the head; from here on it is covered. */
  z.strictObject({ action: z.literal('upgraded'), from: z.literal('exhume/case/1'), head: z.string() }),
  z.strictObject({ action: z.literal('viewed'), path: z.string(), layer: z.number().int().nullable() }),
  z.strictObject({ action: z.literal('revealed'), finding: z.string() }),
  z.strictObject({ action: z.literal('extracted'), folder: z.string(), files: z.number().int() }),
  z.strictObject({ action: z.literal('exported'), file: z.string(), format: z.string() }),
  /** Another image was held against a report of the case's. */
  z.strictObject({
    action: z.literal('retested'),
    report: z.string(),
    retested: z.string(),
    met: z.boolean(),
  }),
  z.strictObject({ action: z.literal('flagged'), flag }),
  z.strictObject({ action: z.literal('decided'), decision }),
  /** Takes back an earlier line, which stays where it is. */
  z.strictObject({ action: z.literal('undone'), line: z.number().int().min(0) }),
]);

/** What was done. */
export type CaseAction = z.infer<typeof action>;

const line = z.strictObject({
  number: z.number().int().min(0),
  at: z.string(),
  tool: z.string(),
  imageId: z.string(),
  operator: z.string().nullable(),
  did: action,
  /** sha256 over the hash of the line before and this line without its own. */
  hash: z.string(),
});

/** One line of the log, chained to the one before. */
export type CaseLine = z.infer<typeof line>;

export const caseSchema = z.strictObject({
  /** In version 1 the seal covers the log only, in version 2 the head too. */
  schema: z.enum(['exhume/case/1', 'exhume/case/2']),
  created: z.string(),
  image: z.strictObject({
    id: z.string(),
    manifestDigest: z.string().nullable(),
    names: z.array(z.string()),
    source: z.string(),
    diffIds: z.array(z.string().nullable()),
  }),
  goals: z.array(z.enum(GOALS)),
  log: z.array(line).min(1),
  /** HMAC-SHA-256 under the case's key over the head, the number of lines and the last hash. */
  seal: z.string(),
});

/** A case: an image, and all that was done about it. Flags and decisions follow from the log. */
export type Case = z.infer<typeof caseSchema>;

/** Lines that no later one takes back. */
function standingLines({ log }: Pick<Case, 'log'>): CaseLine[] {
  const undone = new Set<number>();
  // From the newest down: what was itself taken back takes nothing back.
  for (const { did, number } of log.toReversed()) {
    if (did.action === 'undone' && !undone.has(number)) undone.add(did.line);
  }
  return log.filter(({ did, number }) => !undone.has(number) && did.action !== 'undone');
}

/** What was flagged by hand and still is. */
export function flagsOf(held: Pick<Case, 'log'>): (Flag & { readonly at: string })[] {
  return standingLines(held).flatMap(({ at, did }) =>
    did.action === 'flagged' ? [{ ...did.flag, at }] : [],
  );
}

/** By finding: the last decision that stands. */
export function decisionsOf(held: Pick<Case, 'log'>): Map<string, Decision> {
  const decisions = new Map<string, Decision>();
  for (const { at, did, operator } of standingLines(held)) {
    if (did.action === 'decided') decisions.set(did.decision.finding, { ...did.decision, at, operator });
  }
  return decisions;
}

/** The last flag or decision that stands: what undo takes back. Null where there is none. */
export function lastChange(held: Pick<Case, 'log'>): CaseLine | null {
  return (
    standingLines(held).findLast(({ did }) => did.action === 'flagged' || did.action === 'decided') ?? null
  );
}
