/** Real recordings, of which samples/README.md says what is true. */

import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { PstatError } from '../../src/base/errors.ts';
import { compare } from '../../src/compare/compare.ts';
import type { ComparedFunction, Comparison } from '../../src/compare/comparison.ts';
import { failures, parseThreshold } from '../../src/compare/threshold.ts';
import { compareHeader } from '../../src/render/compare-text.ts';
import { loadRuns } from '../../src/runs.ts';
import { compareView } from '../../src/view/compare-view.ts';

async function compared(before: string, after: string): Promise<Comparison> {
  const options = { load: { thread: null }, stats: {} };
  return compare(await loadRuns(`samples/${before}`, options), await loadRuns(`samples/${after}`, options));
}

function onTop(comparison: Comparison, count: number): readonly ComparedFunction[] {
  const question = { sort: ['tottime'], reverse: false, limit: count, filtered: false } as const;
  return compareView(comparison, question, { failures: null, notes: [] }).rows;
}

const named = (comparison: Comparison, name: string) => comparison.rows.filter((row) => row.name === name);

describe('ten Python requests before and after', async () => {
  const comparison = await compared('before', 'after');

  test('list.append is called 2,997 times less', () => {
    expect(named(comparison, "<method 'append' of 'list' objects>")).toMatchObject([
      { count: { before: 9241, after: 6244, delta: -2997, changed: true } },
    ]);
  });

  test('_link_rel_types is new', () => {
    expect(named(comparison, '_link_rel_types')).toMatchObject([{ status: 'new', line: 33, count: { after: 1 } }]);
  });

  test('_serialize_links moved from line 33 to 49, and is one row', () => {
    const rows = named(comparison, '_serialize_links');
    expect(rows).toMatchObject([{ status: 'moved', line: 49, count: { before: 1000, after: 1000, changed: false } }]);
    expect(rows[0]?.cameFrom).toMatch(/resource_provider\.py:33$/);
  });

  test('no other count changed, nothing else is new or gone', () => {
    const changed = comparison.rows.filter(
      ({ count, status }) => count.changed || status === 'new' || status === 'removed',
    );
    expect(changed.map(({ name }) => name).sort()).toEqual(["<method 'append' of 'list' objects>", '_link_rel_types']);
  });

  test('the whole, 24 % less by its medians, cannot be told from noise', () => {
    expect(comparison.whole.ratio).toBeCloseTo(0.763, 3);
    expect(comparison.whole.significant).toBe(false);
    expect(comparison.whole.low).toBeLessThan(0);
    expect(comparison.whole.high).toBeGreaterThan(0);
  });

  test('what the screen says first', () => {
    expect(onTop(comparison, 2).map(({ name, verdict }) => [name, verdict])).toEqual([
      ["<method 'append' of 'list' objects>", 'faster'],
      ['_link_rel_types', 'new'],
    ]);
  });

  test('a careful reader is told of requests, of the machine, and of the runs that are unlike the rest', () => {
    const notes = comparison.notes.join('\n');
    expect(notes).toContain('not independent runs');
    expect(compareHeader(comparison).join('\n')).toContain('machine  28% faster after, or everything is;');
    expect(notes).toContain('GET.resource_providers.201ms.1795332265.prof');
    expect(notes).toContain('GET.resource_providers.156ms.1795332265.prof');
    expect(notes).not.toContain('one after the other');
  });
});

describe('one Node program, run once each', () => {
  test('the same work in 1.9 and 2.9 s is no regression', async () => {
    const comparison = await compared('compare/base-1.cpuprofile', 'compare/base-2.cpuprofile');
    expect(comparison.whole.ratio).toBeGreaterThan(1.5);
    expect(comparison.whole.significant).toBeNull();
    expect(
      comparison.rows.filter(({ self, total }) => self.significant !== null || total.significant !== null),
    ).toEqual([]);
    for (const watched of ['whole', 'function'] as const) {
      expect(failures(comparison, parseThreshold('5%'), watched)).toEqual([]);
    }
  });

  test('a slower comparer comes out on top', async () => {
    const [first] = onTop(await compared('compare/base-1.cpuprofile', 'compare/slowsort.cpuprofile'), 1);
    expect(first).toMatchObject({ name: 'compare', verdict: 'unclear', self: { significant: null } });
    expect(first?.self.ratio).toBeGreaterThan(30);
  });

  test('a removed function comes out on top', async () => {
    const [first] = onTop(await compared('compare/base-1.cpuprofile', 'compare/nohash.cpuprofile'), 1);
    expect(first).toMatchObject({ name: 'hashAll', status: 'removed', verdict: 'removed', self: { after: null } });
  });

  test('a renamed function is one gone and one new, its neighbours in the renamed file are none', async () => {
    const comparison = await compared('compare/base-1.cpuprofile', 'compare/renamed.cpuprofile');
    expect(named(comparison, 'compare')).toMatchObject([{ status: 'removed', verdict: 'removed' }]);
    expect(named(comparison, 'comparator')).toMatchObject([{ status: 'new', verdict: 'new' }]);
    for (const name of ['hashAll', 'sortAll', 'format', 'parse', 'main']) {
      expect(named(comparison, name)).toMatchObject([{ status: 'moved' }]);
    }
    expect(onTop(comparison, 3).map(({ name }) => name)).toEqual(expect.arrayContaining(['compare', 'comparator']));
  });

  // Before hashAll, too, which nobody touched and which differs by more.
  test('a renamed function comes out on top', async () => {
    const rows = onTop(await compared('compare/base-1.cpuprofile', 'compare/renamed.cpuprofile'), 2);
    expect(rows.map(({ name }) => name).sort()).toEqual(['comparator', 'compare']);
  });
});

test('any two sound profiles, however odd, are compared or refused', async () => {
  const odd = readdirSync('samples/odd').filter((file) => !file.endsWith('.py'));
  const outcomes = { compared: 0, refused: 0 };
  for (const before of odd) {
    for (const after of odd) {
      try {
        const { rows, notes } = await compared(`odd/${before}`, `odd/${after}`);
        expect(rows.filter(({ self }) => self.significant !== null)).toEqual([]);
        expect(notes[0]).toContain('one run a side');
        outcomes.compared++;
      } catch (error) {
        if (!(error instanceof PstatError)) throw error;
        outcomes.refused++;
      }
    }
  }
  expect(outcomes.compared).toBeGreaterThan(100);
});
