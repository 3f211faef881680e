import { configDefaults, defineConfig } from 'vitest/config';

/** The fast tests. Slow ones (simulations, servers, byte sweeps, foreign tools) are named *.slow.test.ts. */
export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    globalSetup: 'test/support/temporary-folder.ts',
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, '**/*.slow.test.ts'],
    // No fast test changes modules or globals, so files share their worker: half of the time was loading modules again.
    isolate: false,
    maxWorkers: '100%',
    // On a shared machine a property takes its time; no test asserts one.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
