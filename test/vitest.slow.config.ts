import { defineConfig } from 'vitest/config';

/** Simulations, servers, recorded programs, byte sweeps and foreign tools. */
export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    globalSetup: 'test/support/temporary-folder.ts',
    include: ['test/**/*.slow.test.ts'],
    maxWorkers: '100%',
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
