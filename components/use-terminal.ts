import { type SuspendTerminal, useApp, useInput, usePaste } from 'ink';
import { useEffect } from 'react';
import type { Action } from '../src/tui/actions.ts';
import { keyAction } from '../src/tui/key-actions.ts';
import { keyNames } from '../src/tui/key-names.ts';
import type { Store } from '../src/tui/store.ts';
import { takesText } from '../src/tui/contexts.ts';

/** What only the one who draws can do with the terminal. */
export interface TerminalControls {
  readonly exit: () => void;
  readonly suspendTerminal: SuspendTerminal;
}

/** Who has the terminal: what is typed goes to the store. */
export interface TerminalUser {
  readonly store: Store;
  /** Is given the controls of the terminal once it is drawn. */
  readonly onReady: (controls: TerminalControls) => void;
  /** Is called when it goes from the screen, whatever ends it, a signal included. */
  readonly onClose: () => void;
}

/** Takes the keys and what is pasted, and hands out the controls. */
export function useTerminal({ store, onReady, onClose }: TerminalUser): void {
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
}

function dispatchKey(store: Store, name: string): void {
  const action: Action | null = keyAction(store.model(), name);
  if (action !== null) store.dispatch(action);
}
