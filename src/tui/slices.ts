/** Milliseconds of work before keys and drawing get their turn. */
const BUDGET = 6;

/**
 * Runs a generator in slices of a few milliseconds, so that a long piece of work is never felt.
 * @param step told of what it yields; the last value of a slice only
 * @param signal ends it between two slices
 * @returns what the generator returned; null when the signal ended it
 */
export async function runSliced<Y, R>(
  work: Generator<Y, R>,
  step: (value: Y) => void,
  signal: AbortSignal,
): Promise<R | null> {
  for (;;) {
    const end = performance.now() + BUDGET;
    let last: Y;
    do {
      const { done, value } = work.next();
      if (done === true) return value;
      last = value;
    } while (performance.now() < end);
    step(last);
    await new Promise(setImmediate);
    if (signal.aborted) return null;
  }
}
