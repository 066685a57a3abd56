/** Maximum duration of one slice, in milliseconds. */
const BUDGET = 6;

/**
 * Runs a generator in slices of a few milliseconds, so that long work does not block the event loop.
 * @param step receives, after each slice, the last value yielded in it; null values are skipped
 * @param signal stops the work between two slices
 * @returns the generator's return value; null if the signal stopped it
 */
export async function runSliced<Y, R>(
  work: Generator<Y | null, R>,
  step: (value: Y) => void,
  signal: AbortSignal,
): Promise<R | null> {
  for (;;) {
    const end = performance.now() + BUDGET;
    let last: Y | null = null;
    do {
      const { done, value } = work.next();
      if (done === true) return value;
      last = value ?? last;
    } while (performance.now() < end);
    if (last !== null) step(last);
    await new Promise(setImmediate);
    if (signal.aborted) return null;
  }
}
