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
  /** A range of bytes in the file, end excluded; null for the whole file. */
  start: z.number().int().min(0).nullable(),
  end: z.number().int().min(0).nullable(),
  kind: z.string(),
  severity: z.enum(SEVERITIES),
  note: z.string().nullable(),
});

/** Something that a person marked as a secret. It does not hold the value. */
export type Flag = z.infer<typeof flag>;

/** The place that a flag marks. */
export type FlagPlace = Omit<Flag, 'id' | 'kind' | 'severity' | 'note'>;

const decision = z.strictObject({
  finding: z.string(),
  verdict: z.enum(VERDICTS),
  reason: z.string().nullable(),
  until: z.string().nullable(),
});

const action = z.discriminatedUnion('action', [
  /** `head` is the {@link headDigest} of the case. Only the first line has it, not one that reopens the case. */
  z.strictObject({ action: z.literal('opened'), source: z.string(), head: z.string().optional() }),
  /** The case was converted from version 1, whose seal does not cover the head. From here on the seal covers it. */
  z.strictObject({ action: z.literal('upgraded'), from: z.literal('exhume/case/1'), head: z.string() }),
  z.strictObject({ action: z.literal('viewed'), path: z.string(), layer: z.number().int().nullable() }),
  z.strictObject({ action: z.literal('revealed'), finding: z.string() }),
  z.strictObject({ action: z.literal('extracted'), folder: z.string(), files: z.number().int() }),
  z.strictObject({ action: z.literal('exported'), file: z.string(), format: z.string() }),
  /** A report about the case's image was compared with another image. */
  z.strictObject({
    action: z.literal('retested'),
    report: z.string(),
    retested: z.string(),
    met: z.boolean(),
  }),
  z.strictObject({ action: z.literal('flagged'), flag }),
  z.strictObject({ action: z.literal('decided'), decision }),
  /** Undoes an earlier line, which stays in the log. */
  z.strictObject({ action: z.literal('undone'), line: z.number().int().min(0) }),
]);

/** One logged action. */
export type CaseAction = z.infer<typeof action>;

const line = z.strictObject({
  number: z.number().int().min(0),
  at: z.string(),
  tool: z.string(),
  imageId: z.string(),
  operator: z.string().nullable(),
  did: action,
  /** SHA-256 of the previous line's hash and of this line without its own hash. */
  hash: z.string(),
});

/** One line of the log, chained to the previous line. */
export type CaseLine = z.infer<typeof line>;

export const caseSchema = z.strictObject({
  /** In version 1 the seal covers only the log; in version 2 also the head. */
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
  /** HMAC-SHA-256, under the case's key, of the head, the number of lines and the last hash. */
  seal: z.string(),
});

/** A case: an image, and a log of everything done about it. Flags and decisions are derived from the log. */
export type Case = z.infer<typeof caseSchema>;

/** Returns the lines that no later line undoes. */
function activeLines({ log }: Pick<Case, 'log'>): CaseLine[] {
  const undone = new Set<number>();
  // From newest to oldest: an undone undo has no effect.
  for (const { did, number } of log.toReversed()) {
    if (did.action === 'undone' && !undone.has(number)) undone.add(did.line);
  }
  return log.filter(({ did, number }) => !undone.has(number) && did.action !== 'undone');
}

/** Returns the flags that have not been undone. */
export function flagsOf(held: Pick<Case, 'log'>): (Flag & { readonly at: string })[] {
  return activeLines(held).flatMap(({ at, did }) => (did.action === 'flagged' ? [{ ...did.flag, at }] : []));
}

/** Returns, by finding id, the last decision that has not been undone. */
export function decisionsOf(held: Pick<Case, 'log'>): Map<string, Decision> {
  const decisions = new Map<string, Decision>();
  for (const { at, did, operator } of activeLines(held)) {
    if (did.action === 'decided') decisions.set(did.decision.finding, { ...did.decision, at, operator });
  }
  return decisions;
}

/** Returns the log line of the last flag or decision that is not undone, which undo takes back; null if there is none. */
export function lastChange(held: Pick<Case, 'log'>): CaseLine | null {
  return (
    activeLines(held).findLast(({ did }) => did.action === 'flagged' || did.action === 'decided') ?? null
  );
}
