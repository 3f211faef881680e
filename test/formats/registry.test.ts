import { describe, expect, test } from 'vitest';
import { FORMATS, formatByName } from '../../src/formats/registry.ts';

describe('the registry', () => {
  test('gives every format a name of its own, and extensions with a dot', () => {
    const names = FORMATS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const extension of FORMATS.flatMap(({ extensions }) => extensions))
      expect(extension).toMatch(/^(?:\.[a-z]+)+$/);
  });

  test('finds the format that a name has the longest extension of', () => {
    expect(formatByName('out/app.pb.gz')?.name).toBe('pprof');
    expect(formatByName('app.speedscope.json')?.name).toBe('speedscope');
    expect(formatByName('APP.PROF')?.name).toBe('prof');
    expect(formatByName('app.json')).toBeUndefined();
  });
});
