import { Text } from 'ink';
import { memo } from 'react';

/** One row of text, already fitted and painted. */
export const Row = memo(function Row({ text }: { readonly text: string }) {
  // Ink gives an empty text no row.
  return <Text wrap="truncate">{text === '' ? ' ' : text}</Text>;
});
