import { Box } from 'ink';
import type { Rect } from '../src/tui/selectors/layout.ts';
import { Row } from './Row.tsx';

/** A column of rows, padded or cut to the height of its rectangle. */
export function Rows({ rect, lines }: { readonly rect: Rect; readonly lines: readonly string[] }) {
  const rows = Array.from({ length: rect.height }, (_, i) => lines[i] ?? '');
  return (
    <Box flexDirection="column" width={rect.width} height={rect.height} flexShrink={0}>
      {rows.map((text, i) => (
        // The position of a row is its identity.
        // oxlint-disable-next-line react/no-array-index-key
        <Row key={i} text={text} />
      ))}
    </Box>
  );
}
