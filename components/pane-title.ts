import { fit } from '../src/text/fit.ts';
import { displayWidth } from '../src/text/width.ts';
import type { Segment } from '../src/tui/columns/segment.ts';
import type { Painter } from './painter.ts';

/** Returns the title line of a pane; in brackets if the pane has the focus, so that it shows without colour. */
export function paneTitle(
  painter: Painter,
  options: {
    readonly title: string;
    /** Drawn at the right edge if there is room. */
    readonly right: readonly Segment[];
    readonly width: number;
    readonly isFocused: boolean;
  },
): string {
  const { width, isFocused, right } = options;
  const rightWidth = right.reduce((sum, [, text]) => sum + displayWidth(text), 0);
  const hasRight = rightWidth > 0 && rightWidth + displayWidth(options.title) + 4 <= width;
  const room = width - (hasRight ? rightWidth : 0);
  const inner = fit(options.title, room - 2, { pad: false });
  const title = isFocused ? `[${inner}]` : ` ${inner} `;
  return painter.row([
    [isFocused ? 'borderActive' : 'header', title],
    [null, ' '.repeat(Math.max(0, room - displayWidth(title)))],
    ...(hasRight ? right : []),
  ]);
}
