import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const top = path.join(import.meta.dirname, '../..');

/** By file of the screen: the files of the screen that it imports, types included. */
const imports: ReadonlyMap<string, readonly string[]> = new Map(
  ['src/tui', 'components'].flatMap((room) =>
    readdirSync(path.join(top, room), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name))
      .map((name) => {
        const file = `${room}/${name}`;
        const text = readFileSync(path.join(top, file), 'utf8');
        const targets = [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map((match) =>
          path.posix.join(path.posix.dirname(file), match[1]!),
        );
        return [file, targets] as const;
      }),
  ),
);

/** Returns the files that a file reaches by imports; the file itself only if it is part of a cycle. */
function reached(file: string): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [file];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const target of imports.get(next) ?? []) {
      if (!found.has(target)) {
        found.add(target);
        open.push(target);
      }
    }
  }
  return found;
}

describe('the modules of the screen', () => {
  it('have no import cycles, not even for types', () => {
    expect([...imports.keys()].filter((file) => reached(file).has(file))).toEqual([]);
  });

  it('draw without importing the update functions', () => {
    const wrong = [...imports].flatMap(([file, targets]) =>
      targets
        .filter((target) => file.startsWith('components/') && target.startsWith('src/tui/update/'))
        .map((target) => `${file} -> ${target}`),
    );
    expect(wrong).toEqual([]);
  });
});
