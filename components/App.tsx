import { type SuspendTerminal, useApp, useInput, usePaste } from 'ink';
import { useEffect, useSyncExternalStore } from 'react';
import type { Action } from '../src/tui/actions.ts';
import { keyAction } from '../src/tui/key-actions.ts';
import { keyNames } from '../src/tui/key-names.ts';
import type { Store } from '../src/tui/store.ts';
import { takesText } from '../src/tui/contexts.ts';
import { Screen } from './Screen.tsx';

/** What only the one who draws can do with the terminal. */
export interface TerminalControls {
  readonly exit: () => void;
  readonly suspendTerminal: SuspendTerminal;
}

/**
 * The program on the screen: keys go to the store, its model is drawn.
 * @param onReady is given the controls of the terminal once it is drawn
 * @param onClose is called when it goes from the screen, whatever ends it, a signal included
 */
export function App({
  store,
  onReady,
  onClose,
}: {
  readonly store: Store;
  readonly onReady: (controls: TerminalControls) => void;
  readonly onClose: () => void;
}) {
  const model = useSyncExternalStore(store.subscribe, store.model);
  const { exit, suspendTerminal } = useApp();
  useEffect(() => onReady({ exit: () => exit(), suspendTerminal }), [exit, suspendTerminal, onReady]);
  useEffect(() => onClose, [onClose]);
  useInput((input, key) => {
    // Fast typing comes as one event: each key sees what the one before has done.
    store.batch(() => {
      for (const name of keyNames(input, key)) dispatchKey(store, name);
    });
  });
  usePaste((text) => {
    if (takesText(store.model())) store.dispatch({ type: 'text', text });
  });
  return <Screen model={model} />;
}

function dispatchKey(store: Store, name: string): void {
  const action: Action | null = keyAction(store.model(), name);
  if (action !== null) store.dispatch(action);
}
