import { Text } from 'ink';
import { memo } from 'react';

/** One row of text that is fitted and painted already. */
export const Row = memo(function Row({ text }: { readonly text: string }) {
  // An empty text would take no row at all.
  return <Text wrap="truncate">{text === '' ? ' ' : text}</Text>;
});
