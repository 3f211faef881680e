/** Tests that times of lines add up to the counted time. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadProfile, Stats } from '../../src/index.ts';
import { normalizeStacks } from '../../src/model/normalize/sampled.ts';
import { unknownLineShare } from '../../src/query/lines.ts';
import { groupsView } from '../../src/view/views.ts';
import { draw, fromStacks } from '../support/draw.ts';
import { withTicks } from '../support/lines.ts';
import { stackSamples } from '../support/stacks.ts';

function linesOf(stats: Stats): string[] {
  return stats.groups('line').rows.map(({ name, file, line, self }) => `${name} ${file}:${line} ${self}`);
}

const describe = (name: string) => ({ kind: 'js', name, file: `${name}.js`, line: 1, column: 1 }) as const;

test('a line has the time of all call nodes, and the name of its hottest function', () => {
  const onOneLine = (name: string) => ({ ...describe(name), file: 'app.js' });
  const raw = draw('main main\na    b', { describe: onOneLine });
  const profile = normalizeStacks(
    withTicks(raw, [
      [2, 7, 1],
      [3, 7, 1],
    ]),
    'drawn',
  );
  expect(new Stats(profile).groups('line').rows).toMatchObject([
    { name: 'a', file: 'app.js', line: 7, self: 2000, selfCount: 2, total: null, functions: 2 },
  ]);
});

test('a line of an anonymous function has no other function’s name on the screen', () => {
  const raw = draw('main main\n\u2026    \u2026', {
    describe: (name) => ({ ...describe(name === '\u2026' ? '' : name), file: 'app.js' }),
  });
  const profile = normalizeStacks(withTicks(raw, [[2, 7, 2]]), 'drawn');
  expect(groupsView('line', new Stats(profile), {}).rows.map(({ label }) => label)).toEqual(['(anonymous)']);
});

test('the share of unknown lines is that of moved functions without a line', () => {
  const profile = normalizeStacks(withTicks(draw('a a a b', { describe }), [[2, 7, 1]]), 'drawn');
  const shareWhereMoved = (...moved: string[]) => {
    const generated = profile.functions.name.map((name) =>
      moved.includes(name) ? { file: 'dist.js', line: 1, column: 1 } : null,
    );
    return unknownLineShare({ ...profile, functions: { ...profile.functions, generated } });
  };
  expect(shareWhereMoved('a', 'b')).toBe(0.75);
  expect(shareWhereMoved('b')).toBe(0);
  expect(unknownLineShare(profile)).toBe(0);
});

test('time without a line is in a row of its file, or of its kind where there is none', () => {
  const raw = draw('a a (gc)', {
    describe: (name) => (name === '(gc)' ? { ...describe(name), kind: 'gc', file: '' } : describe(name)),
  });
  expect(linesOf(new Stats(normalizeStacks(withTicks(raw, []), 'drawn')))).toEqual([
    '(no line) a.js:null 2000',
    '(garbage collector) null:null 1000',
  ]);
});

test('lines, those without one included, add up to the counted time', () => {
  const ticks = fc.array(fc.tuple(fc.nat(30), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 9 })));
  fc.assert(
    fc.property(stackSamples, ticks, (stacks, all) => {
      const times = Float64Array.from(stacks, (_, i) => 1000 * i);
      const duration = 1000 * stacks.length;
      const raw = fromStacks(
        stacks.map(({ stack }) => stack),
        { describe },
      );
      const known = all.filter(([node]) => node < raw.nodes.length);
      const stats = new Stats(normalizeStacks(withTicks({ ...raw, times, duration }, known), 'drawn'));
      const { rows } = stats.groups('line');
      expect(rows.reduce((sum, { self }) => sum + (self ?? Number.NaN), 0)).toBe(stats.summary.counted);
      expect(rows.reduce((sum, { selfCount }) => sum + Number(selfCount), 0)).toBe(stats.summary.samples);
    }),
  );
});

test.each(['samples/resource-providers.cpuprofile', 'samples/node-trace.json.gz'])(
  'lines of %s add up in every window',
  async (file) => {
    for (const window of [{}, { from: 100_000 }, { from: 50_000, to: 130_000 }]) {
      const stats = new Stats(await loadProfile(file, window));
      const { rows } = stats.groups('line');
      expect(rows.reduce((sum, { self }) => sum + (self ?? Number.NaN), 0)).toBe(stats.summary.counted);
    }
  },
);

test("lines of Python's sampler are those of its rows", async () => {
  const stats = new Stats(await loadProfile('samples/odd/sampled-3.15.pstats'));
  expect(linesOf(stats)).toContain('handle /srv/app/main.py:20 30000');
});

test('a profile without lines is an error', async () => {
  const traced = new Stats(await loadProfile('samples/GET.resource_providers.prof'));
  expect(() => traced.groups('line')).toThrow('does not say which lines were executing');
});

test('lines have no cumtime to sort by', async () => {
  const stats = new Stats(await loadProfile('samples/resource-providers.cpuprofile'));
  expect(() => stats.groups('line', { sort: ['cumtime'] })).toThrow('sort key cumtime: lines, and groups of');
});
