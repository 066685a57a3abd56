import type { HistoryAlignment } from '../src/history/align.ts';
import type { StackedImage } from '../src/ledger/stacked-image.ts';
import type { Action } from '../src/tui/actions.ts';
import type { Store } from '../src/tui/store.ts';

/** Receives the progress of reading the image. */
export interface Feed {
  /** More has been read; only the newest value matters. */
  readonly stacked: (stacked: StackedImage, history: HistoryAlignment) => void;
  /** Opening or reading the image failed; one line for the user. */
  readonly failed: (message: string) => void;
  /** Anything else, as an action. */
  readonly dispatch: (action: Action) => void;
}

/** Milliseconds between updates of the tree while layers arrive. */
const STACKED_INTERVAL = 50;

/** Returns a feed of a store. While layers arrive fast, the store gets only the newest state of each interval. */
export function feedOf(store: Store): Feed & { readonly stop: () => void } {
  let pending: Extract<Action, { type: 'stacked' }> | null = null;
  let timer: NodeJS.Timeout | undefined;
  let last = 0;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    last = performance.now();
    const action = pending;
    pending = null;
    if (action !== null) store.dispatch(action);
  };
  return {
    stacked(stacked, history) {
      pending = { type: 'stacked', stacked, history };
      const wait = last + STACKED_INTERVAL - performance.now();
      if (wait <= 0 || stacked.complete) flush();
      else timer ??= setTimeout(flush, wait);
    },
    failed: (message) => store.dispatch({ type: 'failed', message }),
    dispatch: store.dispatch,
    stop: () => clearTimeout(timer),
  };
}
