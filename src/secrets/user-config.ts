import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import * as z from 'zod';
import { SEVERITIES, type Severity } from '../finding/finding.ts';
import { Problem } from '../problem.ts';
import { boundOf } from './match/bounded-pattern.ts';
import { RULES } from './rules/catalogue.ts';
import type { UserRule } from './user-rule.ts';

const ANCHOR = z.string().regex(/^[\x20-\x7e]{3,64}$/, 'an anchor is 3 to 64 printable ASCII characters');
const RULE = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'an id is lower case letters, digits and dashes'),
  title: z.string().min(1).max(200),
  anchors: z.array(ANCHOR).min(1).max(50),
  pattern: z.string().min(3).max(2000),
  severity: z.enum(SEVERITIES as [Severity, ...Severity[]]).default('high'),
});
const ALLOWED = z
  .strictObject({
    rule: z.string().min(1).optional(),
    path: z.string().min(1).optional(),
    fingerprint: z.string().min(8).optional(),
    reason: z.string().trim().min(1, 'give a reason'),
  })
  .refine(
    ({ rule, path, fingerprint }) => (rule ?? path ?? fingerprint) !== undefined,
    'name a rule, a path or a fingerprint to allow',
  );
const CONFIG = z.strictObject({
  rules: z.array(RULE).max(500).default([]),
  allow: z.array(ALLOWED).max(10_000).default([]),
});

/** An exception: suppresses findings that match all the given fields. */
export type Allowed = z.infer<typeof ALLOWED>;

/** The contents of `exhume.yaml`. */
export interface UserConfig {
  readonly rules: readonly UserRule[];
  readonly allow: readonly Allowed[];
}

/**
 * Parses a configuration.
 * @param text YAML
 * @param name of the file, for error messages
 * @throws Problem `usage` with the line of the first error and the number of further ones
 */
export function parseUserConfig(text: string, name: string): UserConfig {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) throw wrong(name, lines.linePos(error.pos[0]).line, error.message);
  let value: unknown;
  try {
    // A small file with many aliases can expand to a huge one; a hand-written file needs only a few.
    value = document.toJS({ maxAliasCount: 50 }) ?? {};
  } catch (thrown) {
    throw wrong(name, 1, (thrown as Error).message);
  }
  const line = (path: readonly PropertyKey[], key?: string): number => lineOf(document, lines, path, key);
  const parsed = CONFIG.safeParse(value);
  if (!parsed.success) {
    const { issues } = parsed.error;
    const issue = issues[0]!;
    const key = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
    const at = pathText(issue.path);
    const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
    throw wrong(name, line(issue.path, key), `${at === '' ? '' : `${at}: `}${issue.message}${more}`);
  }
  checkRules(parsed.data, (index, field, message) =>
    wrong(name, line(['rules', index, field]), `rules[${index}].${field}: ${message}`),
  );
  return parsed.data;
}

/** Checks what the schema cannot express: duplicate ids, and patterns that could run for very long. */
function checkRules(
  { rules }: UserConfig,
  problem: (index: number, field: string, message: string) => Problem,
): void {
  const taken = new Set(RULES.map(({ id }) => id));
  for (const [index, { id, pattern }] of rules.entries()) {
    if (taken.has(id)) throw problem(index, 'id', `${id} is already the id of another rule`);
    taken.add(id);
    try {
      boundOf(pattern);
    } catch (error) {
      throw problem(index, 'pattern', (error as Error).message);
    }
  }
}

function wrong(name: string, line: number, message: string): Problem {
  return new Problem('usage', `${name}:${line}: ${message}`, { file: name });
}

/** Returns the line, from 1, of the value at a path, or of its nearest ancestor. */
function lineOf(
  document: Document,
  lines: LineCounter,
  path: readonly PropertyKey[],
  key: string | undefined,
): number {
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (!isNode(node)) continue;
    const named = isMap(node)
      ? node.items.find((pair) => isScalar(pair.key) && pair.key.value === key)
      : null;
    const place = isNode(named?.key) ? named.key : node;
    if (place.range) return lines.linePos(place.range[0]).line;
  }
  return 1;
}

/** Returns a path as text, such as `rules[0].anchors[1]`. */
function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}
