import { describe, expect, test } from 'vitest';
import { PstatError } from '../../src/base/errors.ts';
import { compare } from '../../src/compare/compare.ts';
import { failures, isUndecided, parseThreshold } from '../../src/compare/threshold.ts';
import { tracedRun } from '../support/runs.ts';

describe('what may stand there', () => {
  test.each([
    ['5%', { percent: 5, microseconds: null }],
    ['0%', { percent: 0, microseconds: null }],
    ['2.5%', { percent: 2.5, microseconds: null }],
    ['3ms', { percent: null, microseconds: 3000 }],
    ['1.5s', { percent: null, microseconds: 1.5e6 }],
    ['200us', { percent: null, microseconds: 200 }],
  ])('%s', (text, threshold) => {
    expect(parseThreshold(text)).toEqual(threshold);
  });

  test.each(['', '5', '%', '-5%', '5 %', '5.%', '+3ms', '3 parsecs', 'NaN%', '1e3%'])('not %j', (text) => {
    expect(() => parseThreshold(text)).toThrow(PstatError);
  });
});

/** Ten runs of twenty functions at 1 ms; `f0` takes what is said, the machine is that much slower in all of them. */
function runs(f0: number, { count = 10, slower = 1, name = 'f0' } = {}) {
  return Array.from({ length: count }, (_, run) =>
    tracedRun(
      Array.from({ length: 20 }, (_, fn) => ({
        name: fn === 0 ? name : `f${fn}`,
        line: fn + 1,
        time: slower * (fn === 0 ? f0 : 1000) * (1 + ((run * 7 + fn * 13) % 17) / 1000),
      })),
    ),
  );
}

const failing = (threshold: string, watched: 'whole' | 'function', ...sides: Parameters<typeof compare>) =>
  failures(compare(...sides), parseThreshold(threshold), watched);

describe('a failure', () => {
  // 29 ms grow by 3.5: 12 % of the whole, 35 % of the function.
  const before = runs(10_000);
  const after = runs(13_500);

  test.each([
    ['11%', 'whole', ['the whole +12.0%']],
    ['13%', 'whole', []],
    ['3ms', 'whole', ['the whole +12.0%']],
    ['4ms', 'whole', []],
    ['34%', 'function', ['f0 +34.8%']],
    ['36%', 'function', []],
    ['3ms', 'function', ['f0 +34.8%']],
    ['4ms', 'function', []],
  ] as const)('above %s of the %s: %j', (threshold, watched, names) => {
    expect(failing(threshold, watched, before, after)).toEqual(names);
  });

  test('is not what got faster, nor what cannot be told from noise', () => {
    expect(failing('0%', 'whole', after, before)).toEqual([]);
    expect(failing('0%', 'function', after, before)).toEqual([]);
    expect(failing('0%', 'function', before, runs(10_000))).toEqual([]);
  });

  test('follows the measure', () => {
    expect(failing('30%', 'function', before, after, { measure: 'total' })).toEqual(['f0 +34.8%']);
  });

  // A share of what was there before, with the machine's speed taken out of both.
  test('is the same share on a machine that was half as fast before', () => {
    expect(failing('11%', 'whole', runs(10_000, { slower: 2 }), after)).toEqual(['the whole +12.0%']);
    expect(failing('34%', 'function', runs(10_000, { slower: 2 }), after)).toEqual(['f0 +34.8%']);
  });

  test('is the same share on a machine that was half as fast after', () => {
    expect(failing('13%', 'whole', before, runs(13_500, { slower: 2 }))).toEqual([]);
    expect(failing('36%', 'function', before, runs(13_500, { slower: 2 }))).toEqual([]);
  });
});

describe('undecided', () => {
  const sides = (count: number) => compare(runs(10_000, { count }), runs(30_000, { count }));

  test('with runs too few for any p', () => {
    for (const watched of ['whole', 'function'] as const) {
      expect(isUndecided(sides(1), watched)).toBe(true);
      expect(isUndecided(sides(3), watched)).toBe(true);
      expect(failures(sides(3), parseThreshold('5%'), watched)).toEqual([]);
    }
  });

  test('with runs that suffice for the whole and for no function', () => {
    expect(isUndecided(sides(4), 'whole')).toBe(false);
    expect(isUndecided(sides(4), 'function')).toBe(true);
    expect(isUndecided(sides(6), 'function')).toBe(false);
  });
});
