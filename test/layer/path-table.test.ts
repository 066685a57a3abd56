import { expect, it } from 'vitest';
import { PathTable, ROOT } from '../../src/layer/path-table.ts';
import { fc } from '../property.ts';

const segment = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '.', '-'), minLength: 1, maxLength: 3 });
const somePaths = fc.array(fc.array(segment, { minLength: 1, maxLength: 4 }), { maxLength: 60 });

function add(table: PathTable, segments: readonly string[]): number {
  return segments.reduce((parent, name) => table.child(parent, Buffer.from(name)), ROOT);
}

it('gives every path one id, and returns the path of an id', () => {
  fc.assert(
    fc.property(somePaths, fc.array(fc.nat(200), { maxLength: 5 }), (paths, rooms) => {
      const table = new PathTable(1);
      const ids = new Map<string, number>();
      for (const [i, segments] of paths.entries()) {
        // Announcing more paths changes nothing.
        if (i % 7 === 0) table.foresee(table.count + (rooms[i / 7] ?? 0));
        const text = `/${segments.join('/')}`;
        const id = add(table, segments);
        expect(ids.get(text) ?? id).toBe(id);
        ids.set(text, id);
      }
      for (const [text, id] of ids) expect(Buffer.from(table.path(id)).toString()).toBe(text);
      expect(new Set(ids.values()).size).toBe(ids.size);
    }),
  );
});

it('merges another table, parents before children', () => {
  fc.assert(
    fc.property(somePaths, somePaths, (ours, theirs) => {
      const table = new PathTable(1);
      const other = new PathTable(1);
      for (const segments of ours) add(table, segments);
      for (const segments of theirs) add(other, segments);
      const ids = table.merge(other.columns());
      for (let id = 0; id < other.count; id++) {
        expect(Buffer.from(table.path(ids[id]!))).toEqual(Buffer.from(other.path(id)));
      }
      for (let id = 1; id < table.count; id++) expect(table.parent(id)).toBeLessThan(id);
    }),
  );
});

it('does not find paths that do not exist', () => {
  const table = new PathTable();
  const id = add(table, ['etc', 'passwd']);
  expect(table.lookup(Buffer.from('/etc//./passwd'))).toBe(id);
  expect(table.lookup(Buffer.from('/etc/shadow'))).toBe(-1);
  expect(table.find(ROOT, Buffer.from('passwd'))).toBe(-1);
});

it('has room for the longest names, even if many more are expected', () => {
  const table = new PathTable(16);
  table.foresee(4_000_000);
  const longest = Buffer.alloc(0xffff, 'n');
  const ids = [1, 2, 3].map((folder) => table.child(add(table, [String(folder)]), longest));
  expect(new Set(ids).size).toBe(3);
  for (const id of ids) expect(table.name(id)).toEqual(Uint8Array.from(longest));
});
