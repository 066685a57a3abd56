import { Box } from 'ink';
import type { ReactNode } from 'react';
import { fit } from '../src/text/fit.ts';
import { displayWidth } from '../src/text/width.ts';
import type { Size } from '../src/tui/model.ts';
import { borderSigns } from './borders.ts';
import type { Painter } from './painter.ts';
import { Row } from './Row.tsx';

/**
 * A framed box in the middle of the screen.
 * @param inner cells inside the frame
 * @param already painted, each `inner.columns` cells wide; lines that do not fit are cut
 */
export function Frame({
  title,
  screen,
  inner,
  lines,
  painter,
}: {
  readonly title: string;
  readonly screen: Size;
  readonly inner: Size;
  readonly lines: readonly string[];
  readonly painter: Painter;
}): ReactNode {
  const signs = borderSigns(painter.look.unicode);
  const [topLeft, topRight, bottomLeft, bottomRight] = signs.corners;
  const name = ` ${fit(title, inner.columns - 4, { pad: false })} `;
  const top =
    topLeft +
    signs.horizontal +
    name +
    signs.horizontal.repeat(inner.columns + 1 - displayWidth(name)) +
    topRight;
  const bottom = bottomLeft + signs.horizontal.repeat(inner.columns + 2) + bottomRight;
  const side = painter.paint('borderActive', signs.vertical);
  const rows = [
    painter.paint('borderActive', top),
    ...Array.from(
      { length: inner.rows },
      (_, i) => `${side} ${lines[i] ?? ' '.repeat(inner.columns)} ${side}`,
    ),
    painter.paint('borderActive', bottom),
  ];
  const width = inner.columns + 4;
  return (
    <Box
      position="absolute"
      flexDirection="column"
      width={width}
      height={rows.length}
      marginLeft={Math.max(0, (screen.columns - width) >> 1)}
      marginTop={Math.max(0, (screen.rows - rows.length) >> 1)}
    >
      {rows.map((text, i) => (
        // oxlint-disable-next-line react/no-array-index-key
        <Row key={i} text={text} />
      ))}
    </Box>
  );
}
