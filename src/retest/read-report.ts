import * as z from 'zod';
import { SEVERITIES } from '../finding/finding.ts';
import { FINDING_STATES } from '../finding/state.ts';
import { VERDICTS } from '../finding/decision.ts';
import { Problem } from '../problem.ts';
import type { Masker } from '../secrets/mask/masker.ts';

const place = z.object({
  surface: z.enum(['file', 'env', 'label', 'history', 'config', 'attestation', 'archive']),
  layer: z.number().int().nullable(),
  path: z.string().nullable(),
  line: z.number().nullable(),
  offset: z.number().nullable(),
  key: z.string().nullable(),
  historyIndex: z.number().nullable(),
  inside: z.array(z.string()),
});

const state = z.enum(FINDING_STATES);

const finding = z.object({
  id: z.string(),
  kind: z.enum(['secret', 'posture']),
  rule: z.string(),
  title: z.string(),
  severity: z.enum(SEVERITIES),
  suppressed: z.string().nullable(),
  state,
  origin: z.enum(['base', 'application', 'unknown']),
  where: place,
  occurrences: z.array(z.object({ where: place, state })).min(1),
  fingerprint: z.string().nullable().default(null),
  valueLength: z.number().nullable(),
  decision: z
    .object({ verdict: z.enum(VERDICTS), reason: z.string().nullable(), until: z.string().nullable() })
    .nullable(),
});

const report = z.object({
  schema: z.literal('exhume/report/2'),
  generated: z.string(),
  image: z.object({ id: z.string(), names: z.array(z.string()), source: z.string() }),
  goals: z.array(z.string()).default([]),
  layers: z.array(
    z.object({
      index: z.number(),
      diffId: z.string().nullable(),
      origin: z.enum(['base', 'application', 'unknown']),
    }),
  ),
  history: z.array(z.object({ index: z.number(), instruction: z.string() })).default([]),
  findings: z.array(finding),
});

/** The part of an earlier report that a retest needs. */
export type EarlierReport = z.infer<typeof report>;
export type EarlierFinding = EarlierReport['findings'][number];

/**
 * Parses a report in JSON.
 * @param file the name of the file, for messages
 * @param masker applies rules that did not exist when the report was written
 * @throws Problem `usage` if the text is not a report; the message says what is wrong, and where
 */
export function readReport(text: string, file: string, masker: Masker): EarlierReport {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Problem(
      'usage',
      `${file} is not JSON; a retest needs a report written by: exhume report -o FILE.json`,
      { file },
    );
  }
  const parsed = report.safeParse(fromVersion1(value));
  if (parsed.success) return masked(parsed.data, masker);
  const issue = parsed.error.issues[0]!;
  throw new Problem(
    'usage',
    `${file} is not an exhume report: ${issue.path.join('.') || 'top level'}: ${issue.message}; expected the schema exhume/report/1`,
    { file },
  );
}

/** Returns a report of schema version 1 in the form of version 2, which calls `demoted` (version 1) `suppressed`. */
function fromVersion1(value: unknown): unknown {
  if (!isObject(value) || value['schema'] !== 'exhume/report/1' || !Array.isArray(value['findings']))
    return value;
  const findings = value['findings'].map((each: unknown) => {
    if (!isObject(each)) return each;
    const { demoted: suppressed, ...rest } = each; // version 1
    return { ...rest, suppressed };
  });
  return { ...value, schema: 'exhume/report/2', findings };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Masks the texts that come from an image or a person. Paths and keys stay, because findings are looked up by them. */
function masked(earlier: EarlierReport, masker: Masker): EarlierReport {
  const mask = (text: string): string => masker.mask(text);
  const placed = <T extends { readonly where: z.infer<typeof place> }>(at: T): T => ({
    ...at,
    where: { ...at.where, inside: at.where.inside.map(mask) },
  });
  return {
    ...earlier,
    history: earlier.history.map((entry) => ({ ...entry, instruction: mask(entry.instruction) })),
    findings: earlier.findings.map((each) => ({
      ...placed(each),
      title: mask(each.title),
      suppressed: each.suppressed === null ? null : mask(each.suppressed),
      occurrences: each.occurrences.map(placed),
      decision:
        each.decision === null
          ? null
          : { ...each.decision, reason: each.decision.reason === null ? null : mask(each.decision.reason) },
    })),
  };
}
