import { rgbOf256 } from '../../src/text/colour-depth.ts';
import { displayWidth, graphemes } from '../../src/text/width.ts';

/** How a run of cells looks. */
interface Look {
  fg: string | null;
  bg: string | null;
  bold: boolean;
  dim: boolean;
  italic: boolean;
  underline: boolean;
  inverse: boolean;
  strike: boolean;
}

const PLAIN: Look = {
  fg: null,
  bg: null,
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  inverse: false,
  strike: false,
};

const CELL_WIDTH = 8.4;
const CELL_HEIGHT = 18;
const FONT_SIZE = 14;
const MARGIN = 12;

interface Run {
  readonly column: number;
  readonly text: string;
  readonly width: number;
  readonly look: Look;
}

/**
 * Draws a screen as SVG: what the program wrote, cell by cell, with nothing added.
 * @param screen lines with SGR sequences, as Ink writes them
 * @param size columns and rows of the terminal
 * @param colours of text and background where the program sets none
 */
export function ansiToSvg(
  screen: string,
  size: { readonly columns: number; readonly rows: number },
  colours: { readonly fg: string; readonly bg: string },
): string {
  const width = size.columns * CELL_WIDTH + 2 * MARGIN;
  const height = size.rows * CELL_HEIGHT + 2 * MARGIN;
  const parts = screen
    .split('\n')
    .slice(0, size.rows)
    .flatMap((line, row) => parseLine(line).flatMap((run) => drawRun(run, row, colours)));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${round(width)} ${round(height)}" width="${round(width)}" height="${round(height)}" font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="${FONT_SIZE}">`,
    `<rect width="100%" height="100%" rx="6" fill="${colours.bg}"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

function parseLine(line: string): Run[] {
  const runs: Run[] = [];
  let look = { ...PLAIN };
  let column = 0;
  for (const part of line.split(/(\x1b\[[0-9;:]*m)/)) {
    if (part.startsWith('\x1b[')) {
      look = applySgr(look, part.slice(2, -1));
      continue;
    }
    for (const text of splitByWidth(part)) {
      const width = displayWidth(text);
      if (width > 0) runs.push({ column, text, width, look });
      column += width;
    }
  }
  return runs;
}

/** ASCII stays together; every wider or composed character is placed by itself. */
function splitByWidth(text: string): string[] {
  return (
    text
      .match(/[\x20-\x7e]+|[^\x20-\x7e]+/g)
      ?.flatMap((run) => (/^[\x20-\x7e]/.test(run) ? [run] : graphemes(run))) ?? []
  );
}

function applySgr(before: Look, parameters: string): Look {
  const look = { ...before };
  const codes = parameters.split(/[;:]/).map((code) => Number(code || '0'));
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]!;
    if (code === 0) Object.assign(look, PLAIN);
    else if (code === 1) look.bold = true;
    else if (code === 2) look.dim = true;
    else if (code === 3) look.italic = true;
    else if (code === 4) look.underline = true;
    else if (code === 7) look.inverse = true;
    else if (code === 9) look.strike = true;
    else if (code === 22) Object.assign(look, { bold: false, dim: false });
    else if (code === 23) look.italic = false;
    else if (code === 24) look.underline = false;
    else if (code === 27) look.inverse = false;
    else if (code === 29) look.strike = false;
    else if (code === 39) look.fg = null;
    else if (code === 49) look.bg = null;
    else if (code === 38 || code === 48) {
      const [colour, used] = readColour(codes, i + 1);
      look[code === 38 ? 'fg' : 'bg'] = colour;
      i += used;
    } else if (code >= 30 && code <= 37) look.fg = hex(rgbOf256(code - 30));
    else if (code >= 90 && code <= 97) look.fg = hex(rgbOf256(code - 82));
    else if (code >= 40 && code <= 47) look.bg = hex(rgbOf256(code - 40));
    else if (code >= 100 && code <= 107) look.bg = hex(rgbOf256(code - 92));
  }
  return look;
}

function readColour(codes: readonly number[], at: number): [colour: string | null, used: number] {
  if (codes[at] === 5) return [hex(rgbOf256(codes[at + 1] ?? 0)), 2];
  if (codes[at] === 2) return [hex([codes[at + 1] ?? 0, codes[at + 2] ?? 0, codes[at + 3] ?? 0]), 4];
  return [null, 0];
}

function hex(rgb: readonly number[]): string {
  return `#${rgb.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

function drawRun(run: Run, row: number, colours: { readonly fg: string; readonly bg: string }): string[] {
  const { look } = run;
  const fg = (look.inverse ? look.bg : look.fg) ?? (look.inverse ? colours.bg : colours.fg);
  const bg = look.inverse ? (look.fg ?? colours.fg) : look.bg;
  const x = MARGIN + run.column * CELL_WIDTH;
  const y = MARGIN + row * CELL_HEIGHT;
  const width = run.width * CELL_WIDTH;
  const parts: string[] = [];
  if (bg !== null) {
    parts.push(
      `<rect x="${round(x)}" y="${y}" width="${round(width)}" height="${CELL_HEIGHT}" fill="${bg}"/>`,
    );
  }
  const text = run.text.trimEnd();
  if (text.trim() === '') return parts;
  const lead = text.length - text.trimStart().length;
  const drawn = text.trimStart();
  const style = [
    `fill="${fg}"`,
    look.bold ? 'font-weight="bold"' : '',
    look.dim ? 'opacity="0.6"' : '',
    look.italic ? 'font-style="italic"' : '',
    look.underline || look.strike
      ? `text-decoration="${[look.underline ? 'underline' : '', look.strike ? 'line-through' : ''].join(' ').trim()}"`
      : '',
  ].filter((attribute) => attribute !== '');
  const length = displayWidth(drawn) * CELL_WIDTH;
  parts.push(
    `<text x="${round(x + lead * CELL_WIDTH)}" y="${y + 13}" xml:space="preserve" textLength="${round(length)}" ${style.join(' ')}>${escapeXml(drawn)}</text>`,
  );
  return parts;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function round(value: number): string {
  return String(Math.round(value * 100) / 100);
}
