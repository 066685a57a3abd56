import * as fc from 'fast-check';

/**
 * How many times the usual number of cases property tests draw: EXHUME_RUNS, default 1. A default run draws the
 * same cases each time, so that a failure comes from the change; with EXHUME_RUNS each run draws new ones.
 */
const wanted = process.env['EXHUME_RUNS'];
const factor = Number(wanted ?? 1);
if (!(factor > 0)) throw new Error(`EXHUME_RUNS is ${wanted}, which is not a positive number`);

fc.configureGlobal({ ...cases(25), ...(wanted === undefined ? { seed: 1 } : {}) });

/** The parameters of a property test that draws `usual` cases in a default run; without them it draws 25. */
export function cases(usual: number): { readonly numRuns: number } {
  return { numRuns: Math.max(1, Math.round(usual * factor)) };
}

export { fc };
