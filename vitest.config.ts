import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Tests of the built program that `npm test` runs after the unit tests. */
const SMOKE = ['main-job', 'contract', 'package'].map((name) => `test/smoke/${name}.test.ts`);
/** Tests that need more than a clone and Node: a terminal, image tools, engines. */
const APART = ['test/smoke/**', 'test/made-images/**', 'test/engines/real/**'];

/** Milliseconds after which a test counts as hanging: far more than the longest takes on a busy machine. */
const LIMIT = 20 * 60_000;
const limits = { testTimeout: LIMIT, hookTimeout: LIMIT };

export default defineConfig({
  test: {
    // By default vitest leaves one core free; on two cores that halves the speed.
    maxWorkers: availableParallelism(),
    teardownTimeout: LIMIT,
    projects: [
      {
        test: {
          ...limits,
          name: 'unit',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: APART,
          globalSetup: ['test/compile.ts'],
        },
      },
      {
        test: {
          ...limits,
          name: 'smoke',
          include: SMOKE,
          globalSetup: ['test/smoke/build.ts'],
        },
      },
      {
        test: {
          ...limits,
          name: 'terminal',
          // A real terminal may be late on a busy machine; real failures fail again.
          retry: 2,
          include: ['test/smoke/**/*.test.ts'],
          exclude: SMOKE,
          globalSetup: ['test/smoke/build.ts'],
        },
      },
      {
        test: {
          ...limits,
          name: 'made-images',
          include: ['test/made-images/**/*.test.ts'],
          globalSetup: ['test/compile.ts'],
        },
      },
      {
        test: {
          ...limits,
          name: 'engines',
          include: ['test/engines/real/**/*.test.ts'],
          globalSetup: ['test/compile.ts'],
          fileParallelism: false,
        },
      },
    ],
  },
});
