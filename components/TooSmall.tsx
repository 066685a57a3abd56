import { Box } from 'ink';
import { fit } from '../src/text/fit.ts';
import type { Size } from '../src/tui/model.ts';
import { SMALLEST } from '../src/tui/selectors/layout.ts';
import { Row } from './Row.tsx';

/** What stands there while there is no room. */
export function TooSmall({ size }: { readonly size: Size }) {
  const { columns, rows } = size;
  const lines = [
    `This needs ${SMALLEST.columns} columns and ${SMALLEST.rows} rows;`,
    `there are ${columns} and ${rows}.`,
    'Make the window larger, or press q to leave.',
  ];
  return (
    <Box flexDirection="column" width={columns} height={rows}>
      {lines.slice(0, rows).map((line) => (
        <Row key={line} text={fit(line, columns)} />
      ))}
    </Box>
  );
}
