import { beforeAll, describe, expect, it } from 'vitest';
import { footLine } from '../../components/foot-line.ts';
import { painterOf } from '../../components/painter.ts';
import { dir, file } from '../../fixtures/tar.ts';
import { displayWidth } from '../../src/text/width.ts';
import { KEYMAP, PINNED_BELOW } from '../../src/tui/keymap.ts';
import type { Model } from '../../src/tui/model.ts';
import { footKeys } from '../../src/tui/foot-keys.ts';
import { parseUserKeymap } from '../../src/tui/user-keymap.ts';
import { findingOf } from './finding-of.ts';
import { after, afterKeys, imageOf, modelOf, type TestImage } from './stacked-of.ts';

let image: TestImage;
beforeAll(async () => {
  image = await imageOf([
    { by: 'COPY app /app', entries: [dir('app/'), file('app/.env', 'SECRET'), file('app/run.js', 'x')] },
  ]);
});

/** Returns the foot line after keys, without colours. */
function foot(columns: number, keys: string, model = modelOf(image)): string {
  const sized = after(afterKeys(model, keys), { type: 'resize', size: { columns, rows: 24 } });
  return footLine(sized, painterOf(sized.look), columns).replaceAll(/\x1b\[\d*m/g, '');
}

const withFinding = (): Model => {
  const list = [findingOf('token', [{ path: '/app/.env', layer: 0, offset: 0, line: 1 }])];
  return after(modelOf(image), { type: 'findings', list, search: 'done' });
};

describe('the keys of the foot line', () => {
  it('show next to the help key how many keys do not fit', () => {
    expect(foot(80, '4', withFinding())).toBe(
      ' enter go to  space mark  c confirmed  r rotated              q quit  ? 15 more ',
    );
    expect(foot(160, '4', withFinding())).toBe(
      ' enter go to  space mark  c confirmed  r rotated  f false alarm  a accept  s severity' +
        '  t state  o origin  i kind  x suppressed  d undecided    q quit  ? 7 more ',
    );
  });

  it('show the help key by name if all keys fit', () => {
    expect(foot(80, '6')).toBe(
      ' g go to path  esc back  y copy  : commands                      q quit  ? help ',
    );
  });

  it.each([80, 100, 160, 300])('are the first keys by rank that fit in %i columns', (columns) => {
    for (const keys of ['', 'tab', 'tab tab', '2', '3', '4', '5', '6']) {
      const model = afterKeys(withFinding(), keys);
      const line = foot(columns, '', model);
      expect(displayWidth(line)).toBe(columns);
      const [left = ''] = line.split(/ {2,}q quit/);
      const all = footKeys(model)
        .map(({ key, word }) => `${key} ${word}`)
        .filter((key) => key !== '? help' && key !== 'q quit');
      expect(` ${all.join('  ')}  `).toContain(`${left}  `);
      const shown = all.filter((key) => `${left}  `.includes(` ${key}  `)).length;
      expect(line).toContain(shown === all.length ? '? help ' : `? ${all.length - shown} more `);
    }
  });

  it.each(['p', '?', ':', 'g', 't'])('of the overlay that %s opens fit in 80 columns', (key) => {
    const keys = footKeys(afterKeys(modelOf(image), `tab end ${key}`));
    const words = keys.map(({ key: name, word }) => `${name} ${word}`);
    expect(words.length).toBeGreaterThan(1);
    expect(displayWidth(` ${words.join('  ')} `)).toBeLessThanOrEqual(80);
  });

  it('show only the number if no key is bound to help', () => {
    const keymap = parseUserKeymap('global:\n  help: []\n', 'keys.yaml');
    expect(foot(80, '4', { ...withFinding(), keymap })).toMatch(/ {2}q quit {2}\.\. \d+ more $/);
  });

  it('have the keys that close or quit at the right end, in overlays too', () => {
    const ways = KEYMAP.filter(({ command, context, foot: shown }) => {
      return shown && (command === 'quit' || (command === 'back' && context !== 'global'));
    });
    expect(ways.map(({ context }) => context)).toEqual(
      expect.arrayContaining(['global', 'preview', 'prompt']),
    );
    expect(ways.filter(({ foot: shown }) => shown!.rank >= PINNED_BELOW)).toEqual([]);
    expect(foot(80, 'tab end p')).toMatch(/ {2}esc close $/);
  });
});
