import { type SuspendTerminal, useApp, useInput, usePaste } from 'ink';
import { useEffect } from 'react';
import { keyAction } from '../src/tui/key-actions.ts';
import { keyNames } from '../src/tui/key-names.ts';
import type { Store } from '../src/tui/store.ts';
import { takesText } from '../src/tui/contexts.ts';

/** Terminal functions that only Ink provides. */
export interface TerminalControls {
  readonly exit: () => void;
  readonly suspendTerminal: SuspendTerminal;
}

/** A store that receives the terminal's input. */
export interface TerminalUser {
  readonly store: Store;
  /** Receives the controls of the terminal after the first frame. */
  readonly onReady: (controls: TerminalControls) => void;
  /** Called when the screen closes for any reason, including a signal. */
  readonly onClose: () => void;
}

/** Dispatches keys and pasted text to the store, and provides the terminal controls. */
export function useTerminal({ store, onReady, onClose }: TerminalUser): void {
  const { exit, suspendTerminal } = useApp();
  useEffect(() => onReady({ exit: () => exit(), suspendTerminal }), [exit, suspendTerminal, onReady]);
  useEffect(() => onClose, [onClose]);
  useInput((input, key) => {
    // Fast typing arrives as one event. Each key acts on the model that the previous one left.
    store.batch(() => {
      for (const name of keyNames(input, key)) dispatchKey(store, name);
    });
  });
  usePaste((text) => {
    if (takesText(store.model())) store.dispatch({ type: 'text', text });
  });
}

function dispatchKey(store: Store, name: string): void {
  store.dispatch(keyAction(store.model(), name));
}
