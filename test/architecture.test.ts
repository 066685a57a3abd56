import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Edge, shortestCycles } from './cycles.ts';

const top = path.join(import.meta.dirname, '..');

/** Rooms from the ground up: a room may import from its own storey and those below. */
const STOREYS: readonly (readonly string[])[] = [
  ['src/problem.ts', 'src/text', 'src/assembly', 'src/bytes', 'src/tar', 'fixtures'],
  ['src/image'],
  ['src/layer'],
  ['src/ledger', 'src/history'],
  ['src/finding'],
  ['src/secrets', 'src/posture', 'src/packages'],
  ['src/retest'],
  ['src/case'],
  ['src/report'],
  ['src/session'],
  ['src/tui'],
  ['components', 'src/screen'],
  ['src/commands'],
  ['src/program.ts', 'src/thread.ts'],
  ['src/main.ts'],
];

/** Rooms of the ground floor know at most these. */
const LEAVES: Readonly<Record<string, readonly string[]>> = {
  'src/text': [],
  'src/assembly': [],
  'src/problem.ts': [],
  'src/bytes': ['src/problem.ts'],
  'src/tar': ['src/bytes'],
  fixtures: ['src/text'],
};

interface Import {
  readonly file: string;
  readonly room: string;
  readonly target: string;
  readonly line: string;
}

function sources(folder: string): string[] {
  return readdirSync(path.join(top, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => `${folder}/${name}`);
}

const files = [...sources('src'), ...sources('components'), ...sources('fixtures')];

function roomOf(file: string): string {
  const room = STOREYS.flat().find((name) => file === name || file.startsWith(`${name}/`));
  if (room === undefined) throw new Error(`${file} is in no room that this test knows`);
  return room;
}

const imports: Import[] = files.flatMap((file) =>
  [...readFileSync(path.join(top, file), 'utf8').matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(
    (match) => {
      const specifier = match[1]!;
      const target = specifier.startsWith('.')
        ? path.posix.join(path.posix.dirname(file), specifier)
        : specifier;
      return { file, room: roomOf(file), target, line: match[0] };
    },
  ),
);

const inside = imports.filter(({ target }) => /^(src|components|fixtures)\//.test(target));

const directories = new Set(files.map((file) => path.posix.dirname(file)));
const parents = new Set([...directories].map((directory) => path.posix.dirname(directory)));

/** The directory of a file; but a file that is next to directories counts by itself. */
function folderOf(file: string): string {
  const directory = path.posix.dirname(file);
  return parents.has(directory) ? file : directory;
}

/** Returns the cycles among parts of the program, as text. A type that is imported counts like a value. */
function cyclesAmong(partOf: (file: string) => string, canImportItself: boolean): string[] {
  const edges = inside
    .map(({ file, target }): Edge => [partOf(file), partOf(target)])
    .filter(([from, to]) => !canImportItself || from !== to);
  return shortestCycles(edges).map((cycle) => cycle.join(' -> '));
}

describe('the house', () => {
  it('no file leads back to itself', () => {
    expect(cyclesAmong((file) => file, false)).toEqual([]);
  });

  it('no directory leads back to itself', () => {
    expect(cyclesAmong(folderOf, true)).toEqual([]);
  });

  it('no room leads back to itself', () => {
    expect(cyclesAmong(roomOf, true)).toEqual([]);
  });

  it('imports go one way, from the roof to the ground', () => {
    const storey = (room: string): number => STOREYS.findIndex((rooms) => rooms.includes(room));
    const upward = inside.filter(({ room, target }) => storey(roomOf(target)) > storey(room));
    expect(upward.map(({ file, target }) => `${file} -> ${target}`)).toEqual([]);
  });

  it('the map in CONTRIBUTING.md names every room', () => {
    const map = readFileSync(path.join(top, 'CONTRIBUTING.md'), 'utf8');
    const rooms = readdirSync(path.join(top, 'src'), { withFileTypes: true })
      .filter((each) => each.isDirectory())
      .map(({ name }) => `src/${name}/`);
    expect(rooms.filter((room) => !map.includes(`| \`${room}\``))).toEqual([]);
  });

  it('the ground floor keeps to itself', () => {
    const foreign = inside.filter(({ room, target }) => {
      const allowed = LEAVES[room];
      return allowed !== undefined && roomOf(target) !== room && !allowed.includes(roomOf(target));
    });
    expect(foreign.map(({ file, target }) => `${file} -> ${target}`)).toEqual([]);
  });

  it('only components import ink and react', () => {
    const drawing = imports.filter(
      ({ target, room }) => /^(ink|react)(\/|$)/.test(target) && room !== 'components',
    );
    expect(drawing.map(({ file }) => file)).toEqual([]);
  });

  it('a session knows neither the command line nor the screen, and no stream of the process', () => {
    const above = inside.filter(
      ({ room, target }) =>
        room === 'src/session' && /^(components|src\/(commands|screen|tui))\//.test(target),
    );
    expect(above.map(({ file, target }) => `${file} -> ${target}`)).toEqual([]);
    const talking = sources('src/session').filter((file) =>
      /\b(process\.(argv|env|std\w+)|console)\b/.test(readFileSync(path.join(top, file), 'utf8')),
    );
    expect(talking).toEqual([]);
  });

  it('only image, layer, bytes, case, commands and effects touch the disk, and what compiles', () => {
    const allowed =
      /^(src\/(image|layer|bytes|case|session|screen|commands)\/|src\/main\.ts|src\/assembly\/compile\.ts|fixtures\/on-disk\.ts)/;
    const touching = imports.filter(
      ({ target, file }) => /^node:fs(\/promises)?$/.test(target) && !allowed.test(file),
    );
    expect(touching.map(({ file }) => file)).toEqual([]);
  });

  it('no file forwards another, and none is called utils, helpers or common', () => {
    const vague = files.filter((file) => /(^|\/)(utils?|helpers?|common|index)\.tsx?$/.test(file));
    expect(vague).toEqual([]);
  });
});
