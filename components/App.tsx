import { useSyncExternalStore } from 'react';
import { Screen } from './Screen.tsx';
import { type TerminalUser, useTerminal } from './use-terminal.ts';

/**
 * The full-screen program: keys go to the store, and its model is drawn.
 * @param onReady receives the controls of the terminal after the first frame
 * @param onClose called when the screen closes for any reason, including a signal
 */
export function App({ store, onReady, onClose }: TerminalUser) {
  const model = useSyncExternalStore(store.subscribe, store.model);
  useTerminal({ store, onReady, onClose });
  return <Screen model={model} />;
}
