/** Tests that lines and calls add up to a function's cumtime. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadProfile, Stats } from '../../src/index.ts';
import { profileOf, stackSamples } from '../support/stacks.ts';

test('calls add up to cumtime less tottime, also under recursion', () => {
  fc.assert(
    fc.property(stackSamples, (stacks) => {
      for (const { self, total, calls } of new Stats(profileOf(stacks)).listings('').rows) {
        expect(calls.reduce((sum, call) => sum + (call.total ?? Number.NaN), 0)).toBe((total ?? 0) - (self ?? 0));
      }
    }),
  );
});

test('a stack belongs to the call of the innermost frame', () => {
  const profile = profileOf([
    { stack: ['a', 'b', 'a', 'c'], weight: 100 },
    { stack: ['a', 'b'], weight: 10 },
    { stack: [], weight: 0 },
  ]);
  const [a] = new Stats(profile).listings('a').rows;
  expect(a?.calls.map(({ name, total }) => `${name} ${total}`)).toEqual(['c 100', 'b 10']);
});

test('a whole name wins over a part of one', async () => {
  const stats = new Stats(await loadProfile('samples/resource-providers.cpuprofile'));
  expect(stats.listings('encode').rows.map(({ name }) => name)).toEqual(['encode']);
  expect(stats.listings('ncodeJso').rows.map(({ name }) => name)).toEqual(['encodeJson']);
});

test('lines of a recorded function add up to its tottime', async () => {
  const stats = new Stats(await loadProfile('samples/resource-providers.cpuprofile'));
  for (const { self, lines, file } of stats.listings('').rows) {
    const sum = lines.reduce((all, line) => all + line.self, 0);
    expect(sum).toBeLessThanOrEqual(self ?? 0);
    if (file !== null && lines.length > 0) expect(sum).toBeGreaterThan(0);
  }
});

test('edges of a traced profile are calls, but for direct recursion', async () => {
  const stats = new Stats(await loadProfile('samples/GET.resource_providers.prof'));
  const [row] = stats.listings('_serialize_links').rows;
  const [callees] = stats.callees('_serialize_links').rows;
  expect(row?.calls.map(({ name, total, count }) => [name, total, count])).toEqual(
    callees?.edges.rows.map(({ name, total, selfCount }) => [name, total, selfCount]),
  );
});
