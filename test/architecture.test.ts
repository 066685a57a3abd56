import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Edge, shortestCycles } from './cycles.ts';

const top = path.join(import.meta.dirname, '..');

/** The program's parts, in layers from the bottom up. A part may import only from its own layer and those below. */
const LAYERS: readonly (readonly string[])[] = [
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

/** The parts that each part of the bottom layer may import. */
const BOTTOM_IMPORTS: Readonly<Record<string, readonly string[]>> = {
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
  const room = LAYERS.flat().find((name) => file === name || file.startsWith(`${name}/`));
  if (room === undefined) throw new Error(`${file} is in no room of LAYERS`);
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

/** Returns the directory of a file, or the file itself if its directory has subdirectories. */
function folderOf(file: string): string {
  const directory = path.posix.dirname(file);
  return parents.has(directory) ? file : directory;
}

/** Returns the import cycles between parts of the program, as text. Type imports count. */
function cyclesAmong(partOf: (file: string) => string, canImportItself: boolean): string[] {
  const edges = inside
    .map(({ file, target }): Edge => [partOf(file), partOf(target)])
    .filter(([from, to]) => !canImportItself || from !== to);
  return shortestCycles(edges).map((cycle) => cycle.join(' -> '));
}

describe('architecture', () => {
  it('has no import cycle between files', () => {
    expect(cyclesAmong((file) => file, false)).toEqual([]);
  });

  it('has no import cycle between directories', () => {
    expect(cyclesAmong(folderOf, true)).toEqual([]);
  });

  it('has no import cycle between the parts of LAYERS', () => {
    expect(cyclesAmong(roomOf, true)).toEqual([]);
  });

  it('has imports only from higher to lower layers', () => {
    const layerOf = (room: string): number => LAYERS.findIndex((rooms) => rooms.includes(room));
    const upward = inside.filter(({ room, target }) => layerOf(roomOf(target)) > layerOf(room));
    expect(upward.map(({ file, target }) => `${file} -> ${target}`)).toEqual([]);
  });

  it('lists every directory of src in CONTRIBUTING.md', () => {
    const map = readFileSync(path.join(top, 'CONTRIBUTING.md'), 'utf8');
    const rooms = readdirSync(path.join(top, 'src'), { withFileTypes: true })
      .filter((each) => each.isDirectory())
      .map(({ name }) => `src/${name}/`);
    expect(rooms.filter((room) => !map.includes(`| \`${room}\``))).toEqual([]);
  });

  it('limits the imports of the bottom layer', () => {
    const foreign = inside.filter(({ room, target }) => {
      const allowed = BOTTOM_IMPORTS[room];
      return allowed !== undefined && roomOf(target) !== room && !allowed.includes(roomOf(target));
    });
    expect(foreign.map(({ file, target }) => `${file} -> ${target}`)).toEqual([]);
  });

  it('imports ink and react only in components', () => {
    const drawing = imports.filter(
      ({ target, room }) => /^(ink|react)(\/|$)/.test(target) && room !== 'components',
    );
    expect(drawing.map(({ file }) => file)).toEqual([]);
  });

  it('keeps the session independent of the command line, the screen and process streams', () => {
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

  it('accesses the disk only in the allowed directories and files', () => {
    const allowed =
      /^(src\/(image|layer|bytes|case|session|screen|commands)\/|src\/main\.ts|src\/assembly\/compile\.ts|fixtures\/on-disk\.ts)/;
    const touching = imports.filter(
      ({ target, file }) => /^node:fs(\/promises)?$/.test(target) && !allowed.test(file),
    );
    expect(touching.map(({ file }) => file)).toEqual([]);
  });

  it('has no file named index, utils, helpers or common', () => {
    const vague = files.filter((file) => /(^|\/)(utils?|helpers?|common|index)\.tsx?$/.test(file));
    expect(vague).toEqual([]);
  });
});
