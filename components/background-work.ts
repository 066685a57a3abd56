import type { Effect } from '../src/tui/effects.ts';
import { searchPaths } from '../src/tui/search.ts';
import { runSliced } from '../src/session/slices.ts';
import type { Store } from '../src/tui/store.ts';
import { matchPaths, parseFilter } from '../src/tui/tree/filter.ts';

type Work = Extract<Effect, { type: 'search' | 'filter' }>;

/** Runs searches and filters in slices, so that keys and drawing are not delayed. A new one replaces the last of its kind. */
export class BackgroundWork {
  readonly #store: Store;
  readonly #running = new Map<Work['type'], AbortController>();

  constructor(store: Store) {
    this.#store = store;
  }

  start(work: Work): void {
    this.#running.get(work.type)?.abort();
    const controller = new AbortController();
    this.#running.set(work.type, controller);
    if (work.type === 'search') void this.#search(work.query, controller.signal);
    else void this.#filter(work.filter, controller.signal);
  }

  stop(): void {
    for (const controller of this.#running.values()) controller.abort();
  }

  async #search(query: string, signal: AbortSignal): Promise<void> {
    const paths = this.#store.model().stacked?.ledger.paths;
    if (paths === undefined || query.trim() === '') return;
    const end = await runSliced(
      searchPaths(paths, query),
      (progress) => this.#store.dispatch({ type: 'found', query, ...progress }),
      signal,
    );
    if (end !== null && !signal.aborted) this.#store.dispatch({ type: 'found', query, ...end });
  }

  async #filter(filter: Extract<Work, { type: 'filter' }>['filter'], signal: AbortSignal): Promise<void> {
    const paths = this.#store.model().stacked?.ledger.paths;
    const parsed = parseFilter(filter.text);
    if (paths === undefined || !parsed.ok) return;
    const matches = await runSliced(matchPaths(paths, parsed), () => {}, signal);
    if (matches !== null && !signal.aborted) this.#store.dispatch({ type: 'filtered', filter, matches });
  }
}
