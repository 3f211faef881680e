import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

test('the committed kernel is what its sources compile to', async () => {
  // @ts-expect-error: a script, without types
  const { kernelModule } = await import('../../../../src/formats/v8/scanner/kernel/compile.mjs');
  expect(await kernelModule()).toBe(await readFile('src/formats/v8/scanner/kernel-bytes.ts', 'utf8'));
});
