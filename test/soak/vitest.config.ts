import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: new URL('../..', import.meta.url).pathname,
  test: {
    include: ['test/soak/**/*.test.ts'],
    globalSetup: ['test/support/build-once.ts'],
    testTimeout: 3_600_000,
    hookTimeout: 60_000,
    // Each suite starts two processes of its own.
    maxWorkers: 1,
  },
});
