/** Tests --by owner: the time of libraries is charged to the user's own functions. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PstatError } from '../../src/base/errors.ts';
import type { FunctionInfo } from '../../src/model/function-table.ts';
import { normalize } from '../../src/model/normalize/normalize.ts';
import { timeWithoutOwner } from '../../src/query/owners.ts';
import { Stats, type StatsOptions } from '../../src/query/stats.ts';
import { draw } from '../support/draw.ts';
import { profileOf, type StackSample, stackSamples } from '../support/stacks.ts';
import { traced, WORKED_EXAMPLE } from '../support/traced.ts';

const LIBRARIES: Readonly<Record<string, Partial<FunctionInfo>>> = {
  express: { file: '/srv/node_modules/express/index.js' },
  b: { file: 'node:http' },
  d: { kind: 'native', file: '' },
  '(gc)': { kind: 'gc', file: '' },
  '(program)': { kind: 'program', file: '' },
  '(idle)': { kind: 'idle', file: '' },
};

function describeFunction(name: string): FunctionInfo {
  return { kind: 'js', name, file: '/srv/app.js', line: 1, column: 1, ...LIBRARIES[name] };
}

function ownTimes(picture: string, options: StatsOptions = {}): Record<string, number | null> {
  const stats = new Stats(normalize(draw(picture, { describe: describeFunction }), 'drawn'), options);
  return Object.fromEntries(stats.owners().rows.map(({ name, self }) => [name, self]));
}

test('the time without an owner is that of (no own frame)', () => {
  fc.assert(
    fc.property(stackSamples, (samples) => {
      const stats = new Stats(profileOf(samples, { describe: describeFunction }));
      const row = stats.owners().rows.find(({ name }) => name === '(no own frame)');
      if (!('callTree' in stats.profile)) throw new TypeError('no stacks');
      expect(timeWithoutOwner(stats.profile, stats.origins)).toBe(row?.self ?? 0);
    }),
  );
});

describe('--by owner', () => {
  test('charges libraries, natives and the garbage collector to the nearest own function above them', () => {
    const times = ownTimes(`
      main main main    main main    main
           a    a       a    a       express
                express d    d       a
                             (gc)    b
    `);
    expect(times).toEqual({ a: 5000, main: 1000 });
  });

  test('charges stacks without own code to (no own frame), the last row', () => {
    const times = ownTimes(`
      express express (program) express main
      b       b                 main
    `);
    expect(Object.entries(times)).toEqual([
      ['main', 2000],
      ['(no own frame)', 3000],
    ]);
  });

  test('gives (no own frame) no time of the owners that its stacks call', () => {
    const profile = normalize(draw('express express\nmain', { describe: describeFunction }), 'drawn');
    expect(new Stats(profile).owners().rows).toMatchObject([
      { name: 'main', self: 1000, total: 1000, selfCount: 1, totalCount: 1 },
      { name: '(no own frame)', self: 1000, total: 1000, selfCount: 1, totalCount: 1 },
    ]);
  });

  test('excludes idle time unless it is a row', () => {
    const picture = `
      main (idle) (idle)
    `;
    expect(ownTimes(picture)).toEqual({ main: 1000 });
    expect(ownTimes(picture, { idle: true })).toEqual({ main: 1000, '(idle)': 2000 });
  });

  test('shows (no own frame) below a limit', () => {
    const profile = normalize(draw('a c express', { describe: describeFunction }), 'drawn');
    const { rows, matched } = new Stats(profile).owners({ limit: 1 });
    expect(rows.map(({ name }) => name)).toEqual(['a', '(no own frame)']);
    expect(matched).toBe(3);
  });

  test('rejects a profile of edges', () => {
    expect(() => new Stats(traced(WORKED_EXAMPLE)).owners()).toThrow(PstatError);
  });

  test('adds up to the counted time and charges each stack to its last own function', () => {
    fc.assert(
      fc.property(stackSamples, (stacks) => {
        const stats = new Stats(profileOf(stacks, { describe: describeFunction }));
        const { rows } = stats.owners();
        expect(rows.reduce((sum, { self }) => sum + (self ?? Number.NaN), 0)).toBe(stats.summary.counted);
        const times = Object.fromEntries(rows.map(({ name, self }) => [name, self]));
        expect(withoutZeros(times)).toEqual(withoutZeros(sumByOwner(stacks)));
      }),
    );
  });
});

function sumByOwner(stacks: readonly StackSample[]): Record<string, number> {
  const times: Record<string, number> = {};
  for (const { stack, weight } of stacks) {
    const owner = stack.findLast((name) => !(name in LIBRARIES)) ?? '(no own frame)';
    times[owner] = (times[owner] ?? 0) + weight;
  }
  return times;
}

function withoutZeros<T>(times: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(times).filter(([, time]) => time !== 0));
}
