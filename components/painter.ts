import { splitEscaped } from '../src/text/escape.ts';
import { paint, themes, type Token } from '../src/text/theme.ts';
import { displayWidth, graphemes } from '../src/text/width.ts';
import type { Look } from '../src/tui/model.ts';

/** A stretch of a row: what it means, and its text. */
export type Segment = readonly [token: Token | null, text: string];

/** Draws stretches in the looks of a model. */
export interface Painter {
  readonly look: Look;
  /** Paints text that holds no escapes of hostile text. */
  readonly paint: (token: Token | null, text: string) => string;
  /** Paints text from an image, escaped before; its escapes get a style of their own. */
  readonly name: (token: Token | null, text: string) => string;
  /**
   * A row of stretches.
   * @param bar cells from the left that get the faint background of a bar
   */
  readonly row: (segments: readonly Segment[], bar?: number) => string;
  /** A row that is selected, in a pane that has the focus or has not. */
  readonly selected: (segments: readonly Segment[], isFocused: boolean) => string;
}

/** Makes a painter. */
export function painterOf(look: Look): Painter {
  const theme = themes[look.theme];
  const level = look.theme === 'none' ? 0 : look.level;
  const paintToken = (token: Token | null, text: string): string =>
    token === null ? text : paint(theme[token], text, level);
  const name = (token: Token | null, text: string): string => {
    if (!text.includes('\\')) return paintToken(token, text);
    const parts = splitEscaped(text).map((part) =>
      part.escaped ? paintToken('escaped', part.text) : part.text,
    );
    return paintToken(token, parts.join(''));
  };
  const row = (segments: readonly Segment[], bar = 0): string => {
    if (bar <= 0) return segments.map(([token, text]) => name(token, text)).join('');
    const [inside, outside] = splitAt(segments, bar);
    return paintToken('barFill', row(inside)) + row(outside);
  };
  return {
    look,
    paint: paintToken,
    name,
    row,
    selected: (segments, isFocused) =>
      isFocused ? paintToken('selected', row(segments)) : paintToken('header', row(segments)),
  };
}

/** Divides stretches at a cell; a wide character on the edge stays with the first part. */
function splitAt(segments: readonly Segment[], cells: number): [Segment[], Segment[]] {
  const inside: Segment[] = [];
  const outside: Segment[] = [];
  let left = cells;
  for (const [token, text] of segments) {
    const width = displayWidth(text);
    if (left <= 0) outside.push([token, text]);
    else if (width <= left) inside.push([token, text]);
    else {
      const head = headOf(text, left);
      inside.push([token, head]);
      outside.push([token, text.slice(head.length)]);
    }
    left -= width;
  }
  return [inside, outside];
}

function headOf(text: string, cells: number): string {
  let head = '';
  for (const each of graphemes(text)) {
    if (displayWidth(head) >= cells) break;
    head += each;
  }
  return head;
}
