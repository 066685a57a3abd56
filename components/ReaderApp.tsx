import { Static, Text } from 'ink';
import { useEffect, useState } from 'react';
import { spoken } from './spoken.ts';
import { type TerminalUser, useTerminal } from './use-terminal.ts';

/** The program for a screen reader: prints each line once, below the previous ones. */
export function ReaderApp({ store, onReady, onClose }: TerminalUser) {
  const [lines, setLines] = useState<readonly string[]>(() => spoken(null, store.model()));
  useEffect(() => {
    let before = store.model();
    return store.subscribe(() => {
      const model = store.model();
      const more = spoken(before, model);
      before = model;
      if (more.length > 0) setLines((all) => [...all, ...more]);
    });
  }, [store]);
  useTerminal({ store, onReady, onClose });
  return (
    <Static items={[...lines]}>
      {(line, i) => (
        // Lines never move, so the index identifies them.
        // oxlint-disable-next-line react/no-array-index-key
        <Text key={i}>{line === '' ? ' ' : line}</Text>
      )}
    </Static>
  );
}
