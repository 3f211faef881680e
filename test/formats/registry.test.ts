import { describe, expect, test } from 'vitest';
import { FORMATS, writerOf } from '../../src/formats/registry.ts';

describe('the registry', () => {
  test('gives every format a name of its own, and extensions with a dot', () => {
    const names = FORMATS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const extension of FORMATS.flatMap(({ extensions }) => extensions)) expect(extension).toMatch(/^\.[a-z]+$/);
  });

  test('has a writer for prof, and none for unknown names', () => {
    expect(writerOf('prof')).toBeTypeOf('function');
    expect(() => writerOf('pickle')).toThrow(RangeError);
  });
});
