import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { keysFile, readKeymap } from '../../src/screen/keys-file.ts';
import { Problem } from '../../src/problem.ts';
import { COMMANDS } from '../../src/tui/commands.ts';
import { commandFor, KEYMAP, keyOf } from '../../src/tui/keymap.ts';
import { EMPTY_LINE } from '../../src/tui/line-edit.ts';
import { footKeys } from '../../src/tui/foot-keys.ts';
import { helpLines } from '../../src/tui/selectors/help-lines.ts';
import { paletteEntries } from '../../src/tui/palette-entries.ts';
import { parseUserKeymap } from '../../src/tui/user-keymap.ts';
import { afterKeys, imageOf, modelOf } from './stacked-of.ts';

const parse = (text: string) => parseUserKeymap(text, 'keys.yaml');

/** What is told of a file that is wrong. */
function complaint(text: string): string {
  try {
    parse(text);
  } catch (error) {
    expect(error).toBeInstanceOf(Problem);
    expect((error as Problem).exitStatus).toBe(2);
    return (error as Problem).message;
  }
  throw new Error('it was taken');
}

describe("a keymap of one's own", () => {
  it.each([
    ['nothing', '', 'q', 'quit'],
    ['a comment', '# none yet\n', 'q', 'quit'],
    ['a letter', 'global:\n  quit: Q\n', 'Q', 'quit'],
    ['the key before', 'global:\n  quit: Q\n', 'q', null],
    ['a list', 'global:\n  down: [J, down]\n', 'J', 'down'],
    ['a digit', 'global:\n  zoom: 9\n', '9', 'zoom'],
    ['a sign in quotes', "global:\n  zoom: '%'\n", '%', 'zoom'],
    ['the name on a keyboard', 'global:\n  zoom: PgUp\n', 'pageup', 'zoom'],
    ['a caret', 'global:\n  zoom: ^x\n', 'ctrl-x', 'zoom'],
    ['control', 'global:\n  zoom: Ctrl+X\n', 'ctrl-x', 'zoom'],
    ['alt', 'global:\n  zoom: alt-Z\n', 'alt-Z', 'zoom'],
    ['a key that another had', 'global:\n  zoom: b\n', 'b', 'zoom'],
    ['a pane inside the view', 'pane:tree:\n  sort: o\n', 'o', 'sort'],
    ['none', 'global:\n  suspend: []\n', 'ctrl-z', null],
    ['Ctrl-C, whatever is said of quit', 'global:\n  quit: []\n', 'ctrl-c', 'quit'],
  ])('takes %s', (_, text, key, command) => {
    expect(commandFor(key, ['pane:tree', 'view:layers', 'global'], parse(text))).toBe(command);
  });

  it('keeps all other keys', () => {
    const changed = parse('view:layers:\n  sort: S\n');
    expect(changed.filter(({ command }) => command !== 'sort')).toEqual(
      KEYMAP.filter(({ command }) => command !== 'sort'),
    );
  });

  it.each([
    ['global:\n  quit: Q\n  quitt: q\n', 'keys.yaml:3: quitt is not an action; did you mean quit?'],
    ['# mine\nglobl:\n  quit: Q\n', 'keys.yaml:2: unknown context: globl; did you mean global?'],
    ['help:\n  sort: s\n', 'keys.yaml:2: sort has no effect in help; expected one of up down page-up'],
    ['global:\n  zoom: X\n  sort: X\n', 'keys.yaml:3: X is already bound to zoom in line 2'],
    ['global:\n  zoom: hyper-x\n', 'keys.yaml:2: hyper-x is not a key; a key is a letter'],
    ['global:\n  zoom: f5\n', 'keys.yaml:2: f5 is not a key'],
    ['global:\n  zoom: "\\e[31m"\n', 'is not a key'],
    ['global:\n  zoom: ctrl-c\n', 'keys.yaml:2: ctrl-c cannot be bound: it always quits'],
    ['line:\n  up: k\n', 'keys.yaml:2: k cannot be bound in line: it types a character there'],
    ['preview:\n  back: []\n', 'keys.yaml:2: back needs a key in preview'],
    ['palette:\n  accept: esc\n', 'keys.yaml:2: back needs a key in palette'],
    ['global:\n  ask-layer: #\n', 'keys.yaml:2: expected a key or a list of keys'],
    ['global:\n  zoom:\n    key: z\n', 'keys.yaml:3: expected a key or a list of keys'],
    ['global: quit\n', 'keys.yaml:1: expected actions with their keys'],
    ['- quit\n', 'keys.yaml:1: expected contexts with actions'],
    ['global:\n  zoom: [a, b\n', /keys\.yaml:\d: /],
    ['global:\n  zoom: a\n  zoom: b\n', 'keys.yaml:3: '],
  ])('is refused with its line: %j', (text, wanted) => {
    const told = complaint(text);
    if (wanted instanceof RegExp) expect(told).toMatch(wanted);
    else expect(told).toContain(wanted);
    expect(told).not.toContain('\n');
  });

  it('appears in the foot line, the help and the palette', async () => {
    const keymap = parse('view:layers:\n  sort: S\nglobal:\n  help: H\n');
    const image = await imageOf([{ by: 'COPY a /a', entries: [{ path: 'a', content: 'a' }] }]);
    const model = modelOf(image, { keymap });
    expect(footKeys(model)).toContainEqual({ key: 'S', word: 'sort' });
    expect(footKeys(model)).toContainEqual({ key: 'H', word: 'help' });
    expect(helpLines(model)).toContainEqual({ kind: 'key', keys: 'S', text: COMMANDS.sort.help });
    const entries = paletteEntries(model, { kind: 'palette', line: EMPTY_LINE, cursor: 0 });
    expect(entries.find(({ command }) => command === 'sort')?.key).toBe('S');
    expect(keyOf('sort', ['view:layers'], keymap)).toBe('S');
    expect(afterKeys(model, 'S').tree.sort).not.toBe(model.tree.sort);
    expect(afterKeys(model, 's').tree.sort).toBe(model.tree.sort);
    expect(afterKeys(model, 'H').overlays.at(-1)?.kind).toBe('help');
  });
});

describe('the file of keys', () => {
  it('is in the XDG configuration directory or the default one', () => {
    expect(keysFile({ XDG_CONFIG_HOME: '/etc/xdg' })).toBe('/etc/xdg/exhume/keys.yaml');
    expect(keysFile({ XDG_CONFIG_HOME: 'relative' })).toMatch(/\/\.config\/exhume\/keys\.yaml$/);
    expect(keysFile({})).toMatch(/\/\.config\/exhume\/keys\.yaml$/);
  });

  it('may be missing unless the user named it', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'exhume-keys-'));
    try {
      expect(await readKeymap(undefined, { XDG_CONFIG_HOME: folder })).toBeNull();
      const named = path.join(folder, 'mine.yaml');
      await expect(readKeymap(named, {})).rejects.toThrow(`cannot read ${named}`);
      await expect(readKeymap(folder, {})).rejects.toThrow(`cannot read ${folder}`);
      writeFileSync(named, 'global:\n  quit: Q\n');
      expect(commandFor('Q', ['global'], (await readKeymap(named, {}))!)).toBe('quit');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
