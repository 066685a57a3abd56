import { Box } from 'ink';
import { fit } from '../src/text/fit.ts';
import type { Size } from '../src/tui/model.ts';
import { SMALLEST } from '../src/tui/selectors/layout.ts';
import { Row } from './Row.tsx';

/** Shown if the window is too small. */
export function TooSmall({ size }: { readonly size: Size }) {
  const { columns, rows } = size;
  const lines = [
    `exhume needs ${SMALLEST.columns} columns and ${SMALLEST.rows} rows;`,
    `this window has ${columns} and ${rows}.`,
    'Enlarge the window, or press q to quit.',
  ];
  return (
    <Box flexDirection="column" width={columns} height={rows}>
      {lines.slice(0, rows).map((line) => (
        <Row key={line} text={fit(line, columns)} />
      ))}
    </Box>
  );
}
