import { type Case, caseSchema } from './case.ts';

/** The result of parsing a case file: a case, a foreign file, or a case that does not match its schema. */
export type ParsedCase =
  | { readonly kind: 'case'; readonly held: Case }
  | { readonly kind: 'foreign'; readonly reason: string }
  | { readonly kind: 'broken'; readonly reason: string };

/** Parses the text of a case file. Does not check the hashes and the seal. */
export function parseCase(text: string): ParsedCase {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { kind: 'foreign', reason: (error as Error).message };
  }
  const schema = caseSchema.shape.schema.safeParse((value as { schema?: unknown } | null)?.schema);
  if (!schema.success) {
    return { kind: 'foreign', reason: `schema: expected ${caseSchema.shape.schema.options.join(' or ')}` };
  }
  const parsed = caseSchema.safeParse(value);
  if (!parsed.success) {
    const { message, path } = parsed.error.issues[0]!;
    const [first, line, ...rest] = path;
    const place =
      first === 'log' && typeof line === 'number' ? `line ${line} of the log` : path.slice(0, 2).join('.');
    const field = first === 'log' && rest.length > 0 ? `${rest.join('.')}: ` : '';
    return { kind: 'broken', reason: `${place === '' ? 'the head' : place}: ${field}${message}` };
  }
  // JSON.parse keeps only the last of two fields with the same name; no hash would cover the first.
  if (fieldsIn(text) !== fieldsOf(parsed.data)) {
    return { kind: 'broken', reason: 'an object has two fields with the same name' };
  }
  return { kind: 'case', held: parsed.data };
}

/** Counts the fields in a JSON text, duplicates included: outside strings, every colon belongs to a field. */
function fieldsIn(text: string): number {
  return text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '').split(':').length - 1;
}

function fieldsOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const inside = Object.values(value);
  const own = Array.isArray(value) ? 0 : inside.length;
  return inside.reduce((sum: number, each) => sum + fieldsOf(each), own);
}
