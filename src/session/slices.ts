/** Milliseconds of work before keys and drawing get their turn. */
const BUDGET = 6;

/**
 * Runs a generator in slices of a few milliseconds, so that a long piece of work is never felt.
 * @param step told after a slice of the last thing that it yielded; null is nothing to tell
 * @param signal ends it between two slices
 * @returns what the generator returned; null when the signal ended it
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
