import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { PathTable, ROOT } from '../../../src/layer/path-table.ts';
import { sortByName } from '../../../src/tui/tree/sort-names.ts';
import { cases, fc } from '../../property.ts';

function sorted(names: readonly Uint8Array[]): string[] {
  const paths = new PathTable();
  const ids = Uint32Array.from(new Set(names.map((name) => paths.child(ROOT, name))));
  return Array.from(sortByName(paths, ids), (id) => Buffer.from(paths.name(id)).toString('latin1'));
}

function expected(names: readonly Uint8Array[]): string[] {
  return [...new Set(names.map((name) => Buffer.from(name).toString('latin1')))].toSorted();
}

describe('sortByName', () => {
  it('sorts by raw bytes: capitals first, invalid UTF-8 last', () => {
    const names = ['b', 'a', 'B', 'ab', 'ä'].map((name) => Buffer.from(name));
    expect(sorted([...names, Uint8Array.of(0xff)])).toEqual(expected([...names, Uint8Array.of(0xff)]));
  });

  it('sorts large and small directories alike', () => {
    const many = fc.array(fc.uint8Array({ minLength: 1, maxLength: 12 }), { minLength: 300, maxLength: 900 });
    fc.assert(
      fc.property(many, (names) => {
        expect(sorted(names)).toEqual(expected(names));
      }),
      cases(10),
    );
  });

  it('distinguishes names with a long common prefix', () => {
    const names = Array.from({ length: 600 }, (_, i) =>
      Buffer.from(`libsomething-${'x'.repeat(20)}${(i * 7919) % 600}`),
    );
    expect(sorted(names)).toEqual(expected(names));
  });
});
