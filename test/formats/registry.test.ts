import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ALL_FORMATS, readersOf } from '../../src/formats/all-readers.ts';
import { formatGroupOf, loadReaders, loadWriter } from '../../src/formats/registry.ts';

const FILES = [
  ['samples/GET.resource_providers.prof', 'python'],
  ['samples/resource-providers.cpuprofile', 'v8'],
] as const;

describe('the registry', () => {
  test('gives every format a name of its own, and extensions with a dot', () => {
    const names = ALL_FORMATS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { extensions } of ALL_FORMATS)
      for (const extension of extensions) expect(extension).toMatch(/^\.[a-z]+$/);
  });

  test.each(FILES)('loads for %s the readers that readProfile uses', async (file, group) => {
    const bytes = readFileSync(file);
    expect(formatGroupOf(bytes)).toBe(group);
    expect(await loadReaders(bytes)).toBe(readersOf(bytes));
  });

  test('loads the writer of .prof, and has no writer for other names', async () => {
    expect(await loadWriter('python', 'prof')).toBeTypeOf('function');
    await expect(loadWriter('python', 'pickle')).rejects.toThrow(RangeError);
  });
});
