import { luminance, nearest16, nearest256, parseRgb } from './colour-depth.ts';
import type { Rgb } from './colour-depth.ts';

/** The meaning of a run of text; a theme decides how it looks. */
export type Token =
  | 'text'
  | 'dim'
  | 'accent'
  | 'added'
  | 'modified'
  | 'metadata'
  | 'replaced'
  | 'deleted'
  | 'readded'
  | 'shadowed'
  | 'warning'
  | 'error'
  | 'selected'
  | 'header'
  | 'border'
  | 'borderActive'
  | 'escaped'
  | 'match'
  | 'base'
  | 'gone'
  | 'setuid'
  | 'secret'
  | 'folder'
  | 'key'
  | 'barFill';

/** Colours as `#rrggbb`. An absent property keeps the value of the surrounding text. */
export interface Style {
  readonly fg?: string;
  readonly bg?: string;
  readonly bold?: true;
  readonly dim?: true;
  readonly italic?: true;
  readonly underline?: true;
  readonly inverse?: true;
  readonly strike?: true;
}

export type ThemeName = 'dark' | 'light' | 'high-contrast' | 'colour-blind' | 'none';
export type Theme = Readonly<Record<Token, Style>>;

/** Colours that a terminal supports: none, 16, 256, all. */
export type ColourLevel = 0 | 1 | 2 | 3;

interface Palette {
  readonly text: string;
  readonly dim: string;
  readonly accent: string;
  readonly green: string;
  readonly yellow: string;
  readonly cyan: string;
  readonly purple: string;
  readonly red: string;
  readonly lime: string;
  readonly sand: string;
  readonly orange: string;
  readonly pink: string;
  readonly match: Style;
  readonly selected: Style;
  readonly barFill: Style;
}

/** Colour never carries meaning alone: the text of the row says the same. */
function coloured(palette: Palette): Theme {
  return {
    text: { fg: palette.text },
    dim: { fg: palette.dim },
    accent: { fg: palette.accent },
    added: { fg: palette.green },
    modified: { fg: palette.yellow },
    metadata: { fg: palette.cyan },
    replaced: { fg: palette.purple },
    deleted: { fg: palette.red },
    readded: { fg: palette.lime },
    shadowed: { fg: palette.sand, italic: true },
    warning: { fg: palette.orange, bold: true },
    error: { fg: palette.red, bold: true },
    selected: palette.selected,
    header: { fg: palette.text, bold: true },
    border: { fg: palette.dim },
    borderActive: { fg: palette.accent, bold: true },
    escaped: { fg: palette.pink, underline: true },
    match: palette.match,
    base: { fg: palette.dim },
    gone: { fg: palette.purple, italic: true },
    setuid: { fg: palette.pink, bold: true },
    secret: { fg: palette.yellow, bold: true },
    folder: { fg: palette.accent },
    key: { fg: palette.accent, bold: true },
    barFill: palette.barFill,
  };
}

/** The background for which each theme's contrast is computed: the common one with the lowest contrast. */
export const assumedBackground: Readonly<Record<Exclude<ThemeName, 'none'>, string>> = {
  dark: '#282c34',
  light: '#f2f2f2',
  'high-contrast': '#000000',
  'colour-blind': '#121212',
};

/**
 * The style of each token, by theme. In `dark`, `light` and `high-contrast` every foreground is also
 * readable on the backgrounds of `selected` and `barFill`. `colour-blind` inverts the selected row
 * instead, because the palette of Okabe and Ito has no second background. `none` is for NO_COLOR.
 */
export const themes: Readonly<Record<ThemeName, Theme>> = {
  dark: coloured({
    text: '#e6e9ef',
    dim: '#aab2c0',
    accent: '#8ecbff',
    green: '#9fdc8c',
    yellow: '#f0cc74',
    cyan: '#86d7e6',
    purple: '#e0b5f5',
    red: '#ffaba3',
    lime: '#c5e26d',
    sand: '#c7bda8',
    orange: '#ffc285',
    pink: '#ffb0e0',
    match: { fg: '#1a1a1a', bg: '#f0cc74' },
    selected: { bg: '#3a4254', bold: true },
    barFill: { bg: '#34405a' },
  }),
  light: coloured({
    text: '#1f2328',
    dim: '#555c66',
    accent: '#0b4fa8',
    green: '#155f24',
    yellow: '#69490a',
    cyan: '#045a68',
    purple: '#6a2d9c',
    red: '#a01c20',
    lime: '#475500',
    sand: '#5d5340',
    orange: '#833b00',
    pink: '#8f1370',
    match: { fg: '#1a1a1a', bg: '#ffd95a' },
    selected: { bg: '#cfe0f6', bold: true },
    barFill: { bg: '#dde3ea' },
  }),
  'high-contrast': coloured({
    text: '#ffffff',
    dim: '#d8d8d8',
    accent: '#7fd0ff',
    green: '#7dff7d',
    yellow: '#ffff66',
    cyan: '#66ffff',
    purple: '#f0b8ff',
    red: '#ffb3ad',
    lime: '#d0ff50',
    sand: '#e8dcc0',
    orange: '#ffc46b',
    pink: '#ffb3e6',
    match: { fg: '#000000', bg: '#ffff00', bold: true },
    selected: { bg: '#00305a', bold: true, underline: true },
    barFill: { bg: '#2a2a2a' },
  }),
  'colour-blind': coloured({
    text: '#f2f2f2',
    dim: '#b8b8b8',
    accent: '#56b4e9',
    green: '#009e73',
    yellow: '#f0e442',
    cyan: '#56b4e9',
    purple: '#cc79a7',
    red: '#d55e00',
    lime: '#009e73',
    sand: '#b8b8b8',
    orange: '#e69f00',
    pink: '#cc79a7',
    match: { fg: '#000000', bg: '#f0e442' },
    selected: { inverse: true, bold: true },
    barFill: { bg: '#003a5c' },
  }),
  none: {
    text: {},
    dim: { dim: true },
    accent: { bold: true },
    added: { bold: true },
    modified: {},
    metadata: {},
    replaced: {},
    deleted: { strike: true },
    readded: { bold: true },
    shadowed: { dim: true },
    warning: { bold: true },
    error: { bold: true, underline: true },
    selected: { inverse: true },
    header: { bold: true },
    border: { dim: true },
    borderActive: { bold: true },
    escaped: { underline: true },
    match: { bold: true, underline: true },
    base: { dim: true },
    gone: { dim: true, strike: true },
    setuid: { underline: true },
    secret: { bold: true, underline: true },
    folder: {},
    key: { bold: true },
    barFill: {},
  },
};

/**
 * Wraps text in the SGR sequences of a style. Each attribute ends with its own reset (39, 49, 22, ...)
 * and is set again after a painted run inside `text` has reset it, so painted text nests.
 * @param text escaped text, which may contain painted runs
 * @param level 0 sets attributes but no colours, as the theme `none` needs
 */
export function paint(style: Style, text: string, level: ColourLevel): string {
  if (text === '') return '';
  let painted = text;
  const wrap = (open: string, close: number) => {
    const undo = `\x1b[${close}m`;
    painted = open + (painted.includes(undo) ? painted.replaceAll(undo, undo + open) : painted) + undo;
  };
  if (style.fg !== undefined && level > 0) wrap(colourSequence(style.fg, level, false), 39);
  if (style.bg !== undefined && level > 0) wrap(colourSequence(style.bg, level, true), 49);
  // Bold and dim share one reset sequence.
  const weight = (style.bold ? '\x1b[1m' : '') + (style.dim ? '\x1b[2m' : '');
  if (weight !== '') wrap(weight, 22);
  if (style.italic) wrap('\x1b[3m', 23);
  if (style.underline) wrap('\x1b[4m', 24);
  if (style.inverse) wrap('\x1b[7m', 27);
  if (style.strike) wrap('\x1b[9m', 29);
  return painted;
}

const sequences = new Map<string, string>();

function colourSequence(hex: string, level: ColourLevel, background: boolean): string {
  const id = `${hex} ${level} ${background}`;
  let sequence = sequences.get(id);
  if (sequence === undefined) {
    sequence = `\x1b[${colourCode(parseRgb(hex), level, background)}m`;
    sequences.set(id, sequence);
  }
  return sequence;
}

function colourCode(rgb: Rgb, level: ColourLevel, background: boolean): string {
  const kind = background ? 48 : 38;
  if (level === 3) return `${kind};2;${rgb.join(';')}`;
  if (level === 2) return `${kind};5;${nearest256(rgb)}`;
  const index = nearest16(rgb);
  return String((index < 8 ? 30 + index : 82 + index) + (background ? 10 : 0));
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Chooses a theme: the one that EXHUME_THEME names; `none` if NO_COLOR is not empty or TERM=dumb; else
 * the one for the background, as the terminal reported it or as COLORFGBG says; `dark` if it is unknown.
 * @param backgroundRgb channels from 0 to 255
 */
export function chooseTheme(env: Environment, backgroundRgb?: Rgb): ThemeName {
  const wanted = env['EXHUME_THEME'];
  if (wanted !== undefined && isThemeName(wanted)) return wanted;
  if (env['NO_COLOR'] || env['TERM'] === 'dumb') return 'none';
  if (backgroundRgb) return luminance(backgroundRgb) > MIDDLE_LUMINANCE ? 'light' : 'dark';
  const reported = /;(\d+)$/.exec(env['COLORFGBG'] ?? '')?.[1];
  return reported === '7' || reported === '15' ? 'light' : 'dark';
}

/** The luminance on which black and white text have the same contrast. */
const MIDDLE_LUMINANCE = Math.sqrt(1.05 * 0.05) - 0.05;

/** Reports whether a text is the name of a theme. */
export function isThemeName(name: string): name is ThemeName {
  return Object.hasOwn(themes, name);
}

/**
 * Determines how many colours to use: the level of FORCE_COLOR (0 to 3); else none if NO_COLOR is not
 * empty, TERM=dumb or the output is not a terminal; else as many as COLORTERM and TERM indicate.
 * @param isTerminal whether the output stream is a terminal
 */
export function colourLevel(env: Environment, isTerminal: boolean): ColourLevel {
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined && /^[0-3]$/.test(forced)) return Number(forced) as ColourLevel;
  if (env['NO_COLOR'] || env['TERM'] === 'dumb' || !isTerminal) return 0;
  if (/^(?:truecolor|24bit)$/i.test(env['COLORTERM'] ?? '')) return 3;
  return /-(?:256color|direct)$/.test(env['TERM'] ?? '') ? 2 : 1;
}
