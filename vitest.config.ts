import { defineConfig } from 'vitest/config';

/** Tests that want more than a clone and a Node: a terminal, image tools, engines. */
const APART = ['test/smoke/**', 'test/made-images/**', 'test/engines/real/**'];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: APART,
          globalSetup: ['test/compile.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'smoke',
          // A real terminal on a busy machine may be late; what is wrong stays wrong.
          retry: 2,
          include: ['test/smoke/**/*.test.ts'],
          globalSetup: ['test/smoke/build.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'made-images',
          include: ['test/made-images/**/*.test.ts'],
          globalSetup: ['test/compile.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: 'engines',
          include: ['test/engines/real/**/*.test.ts'],
          globalSetup: ['test/compile.ts'],
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
