import { describe, expect, it } from 'vitest';
import { IMAGE_FORMS } from '../../src/image/image-form.ts';
import { loadSchemas, SCHEMAS } from '../schema-of.ts';

type Node = Readonly<Record<string, unknown>>;

/** Yields every object of a schema, starting with the schema itself. */
function nodes(value: unknown): Node[] {
  if (Array.isArray(value)) return value.flatMap(nodes);
  if (typeof value !== 'object' || value === null) return [];
  return [value as Node, ...Object.values(value).flatMap(nodes)];
}

function definition(name: string): Node {
  const common = SCHEMAS.get('common') as { readonly $defs: Readonly<Record<string, Node>> };
  return common.$defs[name]!;
}

describe('the published schemas', () => {
  it.each([...SCHEMAS.keys()])('compile with the whole directory loaded: %s', (name) => {
    const { $id } = SCHEMAS.get(name) as { readonly $id: string };
    expect($id).toMatch(new RegExp(`^urn:exhume:${name}:\\d+$`));
    expect(() => loadSchemas().getSchema($id)).not.toThrow();
  });

  it('list the same image forms as the program, in one place', () => {
    expect(definition('form').enum).toEqual(IMAGE_FORMS);
    const lists = [...SCHEMAS.values()]
      .flatMap(nodes)
      .filter((node) => Array.isArray(node.enum) && node.enum.includes('oci-layout'));
    expect(lists).toHaveLength(1);
  });

  it('have no duplicate definitions', () => {
    const definitions = [...SCHEMAS.values()].flatMap((schema) =>
      Object.values((schema as { readonly $defs?: Node }).$defs ?? {}).map((each) => JSON.stringify(each)),
    );
    expect(definitions.filter((each, index) => definitions.indexOf(each) !== index)).toEqual([]);
  });

  it('allow no unknown fields in objects with listed fields', () => {
    const open = [...SCHEMAS.values()].flatMap(nodes).filter((node) => {
      const closed = node.additionalProperties !== undefined || node.unevaluatedProperties === false;
      return node.type === 'object' && node.properties !== undefined && !closed;
    });
    // Definitions that others extend are closed where they are used.
    const extended = ['incompleteFields', 'entryFields', 'findingFields'].map(definition);
    expect(open).toEqual(extended);
  });

  it('reject an unknown field in a shared definition and in an extended one', () => {
    const ajv = loadSchemas();
    const part = { layer: null, what: 'blob', file: null, offset: null, length: null, reason: 'missing' };
    const check = (ref: string, value: unknown): boolean => ajv.validate({ $ref: ref }, value);
    expect(check('urn:exhume:common:1#/$defs/incomplete', part)).toBe(true);
    expect(check('urn:exhume:common:1#/$defs/incomplete', { ...part, image: 'a' })).toBe(false);
    expect(check('urn:exhume:compare:2#/$defs/incomplete', { ...part, image: 'a' })).toBe(true);
    expect(check('urn:exhume:compare:2#/$defs/incomplete', { ...part, image: 'a', other: 1 })).toBe(false);
    expect(check('urn:exhume:common:1#/$defs/form', 'oci-layout')).toBe(true);
    expect(check('urn:exhume:common:1#/$defs/form', 'zip')).toBe(false);
  });
});
