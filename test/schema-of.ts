import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

const directory = path.join(import.meta.dirname, '../src/report/schema');

/** The published schemas by command: `scan` is `scan.schema.json`. */
export const SCHEMAS: ReadonlyMap<string, object> = new Map(
  readdirSync(directory)
    .filter((name) => name.endsWith('.schema.json'))
    .map((name) => [
      name.slice(0, -'.schema.json'.length),
      JSON.parse(readFileSync(path.join(directory, name), 'utf8')) as object,
    ]),
);

/** Loads all published schemas, as a user of them does: they refer to each other by `$id`. */
export function loadSchemas(): Ajv2020 {
  const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true });
  formats.default(ajv);
  for (const schema of SCHEMAS.values()) ajv.addSchema(schema);
  return ajv;
}

let loaded: Ajv2020 | null = null;

/** Checks a value against the schema that its `schema` field names; returns what is wrong with it. */
export function violations(value: unknown): unknown[] {
  loaded ??= loadSchemas();
  const { schema } = value as { schema: string };
  const validate = loaded.getSchema(`urn:${schema.replaceAll('/', ':')}`);
  if (validate === undefined) return [`no published schema is named ${schema}`];
  return validate(value) ? [] : (validate.errors ?? []);
}
