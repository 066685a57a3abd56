import { useInput, usePaste } from 'ink';
import { useSyncExternalStore } from 'react';
import type { Action } from '../src/tui/actions.ts';
import { keyAction } from '../src/tui/key-actions.ts';
import { keyNames } from '../src/tui/key-names.ts';
import type { Store } from '../src/tui/store.ts';
import { takesText } from '../src/tui/contexts.ts';
import { Screen } from './Screen.tsx';

/** The program on the screen: keys go to the store, its model is drawn. */
export function App({ store }: { readonly store: Store }) {
  const model = useSyncExternalStore(store.subscribe, store.model);
  useInput((input, key) => {
    // Fast typing comes as one event: each key sees what the one before has done.
    for (const name of keyNames(input, key)) dispatchKey(store, name);
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
