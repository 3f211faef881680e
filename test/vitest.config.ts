import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    // A property on a shared machine may take its time; none asserts one.
    testTimeout: 60_000,
  },
});
