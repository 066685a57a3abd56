import { splitEscaped } from '../src/text/escape.ts';
import { paint, themes, type Token } from '../src/text/theme.ts';
import { displayWidth, graphemes } from '../src/text/width.ts';
import type { Segment } from '../src/tui/columns/segment.ts';
import type { Look } from '../src/tui/model.ts';

/** Paints segments in the theme of a model. */
export interface Painter {
  readonly look: Look;
  /** Paints text that contains no escaped characters. */
  readonly paint: (token: Token | null, text: string) => string;
  /** Paints escaped text from an image; highlights the escaped characters. */
  readonly name: (token: Token | null, text: string) => string;
  /**
   * Paints a row of segments.
   * @param bar cells from the left that get the faint background of a bar
   */
  readonly row: (segments: readonly Segment[], bar?: number) => string;
  /** Paints a selected row, in a pane with or without the focus. */
  readonly selected: (segments: readonly Segment[], isFocused: boolean) => string;
}

/** Returns a painter. */
export function painterOf(look: Look): Painter {
  // Without colours, use the theme `none`, which shows the selected row by attributes.
  const shown = look.level === 0 ? 'none' : look.theme;
  const theme = themes[shown];
  const level = shown === 'none' ? 0 : look.level;
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
    if (bar <= 0) {
      return joined(segments)
        .map(([token, text, struck]) => (struck ? strike(name(token, text)) : name(token, text)))
        .join('');
    }
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

function strike(text: string): string {
  return text === '' ? '' : `\x1b[9m${text}\x1b[29m`;
}

/** Merges neighbours of the same look: each change of colour costs time and bytes. */
function joined(segments: readonly Segment[]): readonly Segment[] {
  const parts: Segment[] = [];
  for (const segment of segments) {
    const last = parts.at(-1);
    if (last !== undefined && last[0] === segment[0] && last[2] === segment[2]) {
      parts[parts.length - 1] = withText(last, last[1] + segment[1]);
    } else if (segment[1] !== '') parts.push(segment);
  }
  return parts;
}

/** Returns a segment with another text. */
function withText([token, , struck]: Segment, text: string): Segment {
  return struck ? [token, text, struck] : [token, text];
}

/** Splits segments at a cell; a wide character at the edge stays in the first part. */
function splitAt(segments: readonly Segment[], cells: number): [Segment[], Segment[]] {
  const inside: Segment[] = [];
  const outside: Segment[] = [];
  let left = cells;
  for (const segment of segments) {
    const text = segment[1];
    const width = displayWidth(text);
    if (left <= 0) outside.push(segment);
    else if (width <= left) inside.push(segment);
    else {
      const head = headOf(text, left);
      inside.push(withText(segment, head));
      outside.push(withText(segment, text.slice(head.length)));
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
