import { useSyncExternalStore } from 'react';
import { Screen } from './Screen.tsx';
import { type TerminalUser, useTerminal } from './use-terminal.ts';

/**
 * The program on the screen: keys go to the store, its model is drawn.
 * @param onReady is given the controls of the terminal once it is drawn
 * @param onClose is called when it goes from the screen, whatever ends it, a signal included
 */
export function App({ store, onReady, onClose }: TerminalUser) {
  const model = useSyncExternalStore(store.subscribe, store.model);
  useTerminal({ store, onReady, onClose });
  return <Screen model={model} />;
}
