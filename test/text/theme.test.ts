import { describe, expect, it } from 'vitest';
import { painterOf } from '../../components/painter.ts';
import { MARKS } from '../../src/tui/columns/marks.ts';
import { contrast, nearest256, parseRgb, rgbOf256 } from '../../src/text/colour-depth.ts';
import { assumedBackground, chooseTheme, colourLevel, paint, themes } from '../../src/text/theme.ts';
import type { Style, ThemeName, Token } from '../../src/text/theme.ts';
import { isChange } from '../../src/tui/tree/mark.ts';

const ESC = '\u001b';
const coloured = ['dark', 'light', 'high-contrast', 'colour-blind'] as const;

/** The colour of the 256 that stands in for one of the theme. */
const rough = (hex: string) => rgbOf256(nearest256(parseRgb(hex)));

describe('the measure of contrast', () => {
  it('is that of WCAG', () => {
    expect(contrast([0, 0, 0], [255, 255, 255])).toBeCloseTo(21);
    expect(contrast(parseRgb('#777777'), parseRgb('#ffffff'))).toBeCloseTo(4.48, 2);
  });
});

describe.each(coloured)('the theme %s', (name) => {
  const theme = themes[name];
  const ground = assumedBackground[name];
  const least = name === 'high-contrast' ? 7 : 4.5;
  const foregrounds = Object.entries(theme).filter(([, style]) => style.fg !== undefined);

  it.each(foregrounds)('can be read: %s', (_, style) => {
    expect(contrast(parseRgb(style.fg!), parseRgb(style.bg ?? ground))).toBeGreaterThanOrEqual(least);
  });

  it.each(foregrounds)('can be read in 256 colours: %s', (_, style) => {
    const behind = style.bg === undefined ? parseRgb(ground) : rough(style.bg);
    expect(contrast(rough(style.fg!), behind)).toBeGreaterThanOrEqual(4.5);
  });

  const layers = (['selected', 'barFill'] as const).filter((token) => theme[token].bg !== undefined);
  const shownThere =
    name === 'colour-blind' ? (['text', 'dim', 'base'] as const) : foregrounds.map(([token]) => token);
  it.each(layers)('can be read on %s', (layer) => {
    const behind = parseRgb(theme[layer].bg!);
    const unreadable = shownThere.filter((token) => {
      const { fg, bg } = theme[token as Token];
      return bg === undefined && contrast(parseRgb(fg!), behind) < 4.5;
    });
    expect(unreadable).toEqual([]);
  });
});

describe.each(Object.keys(themes) as ThemeName[])('in the theme %s', (name) => {
  it('each kind of change has a letter of its own, so that none is told by its colour alone', () => {
    const kinds = Object.entries(MARKS).filter(([mark]) => isChange(Number(mark)));
    const looks = kinds.map(([, { letter, token }]) => `${letter} ${themes[name][token].fg ?? ''}`);
    expect(kinds).toHaveLength(6);
    expect(new Set(looks).size).toBe(6);
    expect(new Set(kinds.map(([, { letter }]) => letter)).size).toBe(6);
  });

  it('shows the selected row and each letter where there are no colours', () => {
    const painter = painterOf({ theme: name, level: 0, unicode: false });
    const row = painter.selected([['added', '+ file']], true);
    expect(row).toContain('+ file');
    expect(row).toContain(`${ESC}[7m`);
    expect(row).not.toMatch(/\[(?:3|4|9|10)\d/);
  });
});

describe('the theme for colour-blind people', () => {
  it('takes its hues from the palette of Okabe and Ito', () => {
    const palette = new Set(['#e69f00', '#56b4e9', '#009e73', '#f0e442', '#0072b2', '#d55e00', '#cc79a7']);
    const strangers = Object.values(themes['colour-blind']).filter(({ fg }) => {
      if (fg === undefined || palette.has(fg)) return false;
      const [red, green, blue] = parseRgb(fg);
      return red !== green || green !== blue;
    });
    expect(strangers).toEqual([]);
  });
});

describe('the theme none', () => {
  it('has no colour', () => {
    for (const style of Object.values(themes.none)) expect(style).not.toHaveProperty('fg');
    for (const style of Object.values(themes.none)) expect(style).not.toHaveProperty('bg');
  });

  it('has every token of the others', () => {
    expect(Object.keys(themes.none)).toEqual(Object.keys(themes.dark));
  });
});

describe('paint', () => {
  const style: Style = { fg: '#ff8000', bold: true };

  it.each([
    [0, `${ESC}[1mx${ESC}[22m`],
    [1, `${ESC}[1m${ESC}[33mx${ESC}[39m${ESC}[22m`],
    [2, `${ESC}[1m${ESC}[38;5;208mx${ESC}[39m${ESC}[22m`],
    [3, `${ESC}[1m${ESC}[38;2;255;128;0mx${ESC}[39m${ESC}[22m`],
  ] as const)('at level %d', (level, expected) => {
    expect(paint(style, 'x', level)).toBe(expected);
  });

  it('undoes only what it did', () => {
    expect(paint({ bg: '#000000', inverse: true }, 'x', 3)).toBe(
      `${ESC}[7m${ESC}[48;2;0;0;0mx${ESC}[49m${ESC}[27m`,
    );
    expect(paint({ italic: true, underline: true, strike: true }, 'x', 0)).toBe(
      `${ESC}[9m${ESC}[4m${ESC}[3mx${ESC}[23m${ESC}[24m${ESC}[29m`,
    );
  });

  it('goes on with its own style after painted text inside', () => {
    const inner = paint({ fg: '#ff0000' }, 'b', 1);
    expect(paint({ fg: '#0000ff' }, `a${inner}c`, 1)).toBe(
      `${ESC}[34ma${ESC}[31mb${ESC}[39m${ESC}[34mc${ESC}[39m`,
    );
    expect(paint({ dim: true }, `a${paint({ bold: true }, 'b', 0)}c`, 0)).toBe(
      `${ESC}[2ma${ESC}[1mb${ESC}[22m${ESC}[2mc${ESC}[22m`,
    );
  });

  it('adds nothing to no text and to no style', () => {
    expect(paint(style, '', 3)).toBe('');
    expect(paint({}, 'x', 3)).toBe('x');
  });

  it.each([
    ['#ffaba3', 91],
    ['#a01c20', 31],
    ['#9fdc8c', 92],
    ['#aab2c0', 37],
    ['#555c66', 90],
    ['#ffffff', 97],
    ['#56b4e9', 96],
  ])('keeps the hue of %s in 16 colours', (fg, code) => {
    expect(paint({ fg }, 'x', 1)).toBe(`${ESC}[${code}mx${ESC}[39m`);
  });
});

describe('chooseTheme', () => {
  it.each<[Record<string, string>, ThemeName]>([
    [{}, 'dark'],
    [{ NO_COLOR: '1' }, 'none'],
    [{ NO_COLOR: '' }, 'dark'],
    [{ TERM: 'dumb' }, 'none'],
    [{ COLORFGBG: '0;15' }, 'light'],
    [{ COLORFGBG: '15;default;0' }, 'dark'],
    [{ EXHUME_THEME: 'colour-blind', NO_COLOR: '1' }, 'colour-blind'],
    [{ EXHUME_THEME: 'constructor' }, 'dark'],
  ])('%j gives %s', (env, name) => {
    expect(chooseTheme(env)).toBe(name);
  });

  it('believes the terminal about its background', () => {
    expect(chooseTheme({ COLORFGBG: '15;0' }, [253, 246, 227])).toBe('light');
    expect(chooseTheme({ COLORFGBG: '0;15' }, [0, 43, 54])).toBe('dark');
  });
});

describe('colourLevel', () => {
  it.each<[Record<string, string>, boolean, number]>([
    [{ TERM: 'xterm' }, true, 1],
    [{ TERM: 'xterm-256color' }, true, 2],
    [{ TERM: 'xterm-256color', COLORTERM: 'truecolor' }, true, 3],
    [{ TERM: 'xterm-256color' }, false, 0],
    [{ TERM: 'dumb' }, true, 0],
    [{ TERM: 'xterm', NO_COLOR: '1' }, true, 0],
    [{ FORCE_COLOR: '3' }, false, 3],
  ])('%j on a terminal %s gives %d', (env, isTerminal, level) => {
    expect(colourLevel(env, isTerminal)).toBe(level);
  });
});
