/** Real recordings, of which samples/README.md says what is true. */

import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { PstatError } from '../../src/base/errors.ts';
import { collectSides, pairSides } from '../../src/compare/collect-sides.ts';
import { compareSides } from '../../src/compare/compare.ts';
import type { ComparedFunction, Comparison } from '../../src/compare/comparison.ts';
import { evaluateGate } from '../../src/compare/gate.ts';
import { streamProfiles } from '../../src/input/load.ts';
import { verdictSentence } from '../../src/render/views/compare-text.ts';
import { compareView } from '../../src/view/compare-view.ts';

async function compared(before: string, after: string): Promise<Comparison> {
  const [first, second] = [`samples/${before}`, `samples/${after}`];
  const pair = pairSides(
    await collectSides(first, streamProfiles([first]), {}),
    await collectSides(second, streamProfiles([second]), {}),
  );
  if ('routes' in pair) throw new Error('several routes');
  return compareSides(pair.sides);
}

function onTop(comparison: Comparison, count: number): readonly ComparedFunction[] {
  const query = { sort: ['tottime'], reverse: false, limit: count, filtered: false, onlyChanged: true } as const;
  return compareView(comparison, query, null).rows;
}

const named = (comparison: Comparison, name: string) => comparison.rows.filter((row) => row.name === name);

describe('ten Python requests before and after', async () => {
  const comparison = await compared('before', 'after');

  test('list.append is called 2,997 times less, in the median', () => {
    expect(named(comparison, "<method 'append' of 'list' objects>")).toMatchObject([
      { count: { before: 9241, after: 6244, delta: -2997, changed: true } },
    ]);
  });

  test('_link_rel_types is new, for certain: it is called once in each request', () => {
    expect(named(comparison, '_link_rel_types')).toMatchObject([
      { status: 'new', verdict: 'new', line: 33, count: { after: 1, changed: true } },
    ]);
  });

  test('_serialize_links moved from line 33 to 49, and is one row', () => {
    const rows = named(comparison, '_serialize_links');
    expect(rows).toMatchObject([{ status: 'moved', line: 49, count: { before: 1000, after: 1000, changed: false } }]);
    expect(rows[0]?.movedFrom).toMatch(/resource_provider\.py:33$/);
  });

  test('no other count changed, nothing else is new or gone', () => {
    const changed = comparison.rows.filter(
      ({ count, status }) => count.changed || status === 'new' || status === 'removed',
    );
    expect(changed.map(({ name }) => name).sort()).toEqual(["<method 'append' of 'list' objects>", '_link_rel_types']);
  });

  test('the total, 24 % less by its medians, is not significant', () => {
    expect(comparison).toMatchObject({ verdict: 'no-change', basis: 'counted', total: { significant: false } });
    expect(comparison.total.ratio).toBeCloseTo(0.763, 3);
    expect(comparison.total.low).toBeLessThan(0);
    expect(comparison.total.high).toBeGreaterThan(0);
  });

  test('the first rows are what is certain', () => {
    const certain = onTop(comparison, 2).map(({ name, verdict }) => [name, verdict]);
    expect(certain).toEqual(
      expect.arrayContaining([
        ['_link_rel_types', 'new'],
        ["<method 'append' of 'list' objects>", expect.stringMatching(/^(?:faster|calls-changed)$/)],
      ]),
    );
  });

  test('the verdict says what holds only if each request was a process', () => {
    expect(comparison.before).toMatchObject({ runs: 10, requests: 10, isProcessKnown: false });
    expect(verdictSentence(comparison)).toMatch(
      /^no significant change \(.*10 v 10 requests of 10 v 10 processes, counted time\), if each request was a process of its own$/,
    );
  });

  test('runs unlike the rest are noted, and nothing about the order of the sides', () => {
    expect(comparison.notes).toContainEqual(
      expect.objectContaining({
        code: 'outlier',
        side: 'before',
        source: 'samples/before/GET.resource_providers.201ms.1795332265.prof',
      }),
    );
    expect(comparison.notes).toContainEqual(
      expect.objectContaining({
        code: 'outlier',
        side: 'after',
        source: 'samples/after/GET.resource_providers.156ms.1795332265.prof',
      }),
    );
    expect(comparison.notes.map(({ code }) => code)).not.toContain('one-after-the-other');
  });
});

describe('one Node program, run once each', () => {
  test('the same work in 1.9 and 2.9 s is no regression', async () => {
    const comparison = await compared('compare/base-1.cpuprofile', 'compare/base-2.cpuprofile');
    expect(comparison.total.ratio).toBeGreaterThan(1.5);
    expect(comparison).toMatchObject({ verdict: 'inconclusive', total: { significant: null } });
    expect(
      comparison.rows.filter(({ self, total }) => self.significant !== null || total.significant !== null),
    ).toEqual([]);
    for (const target of ['total', 'function'] as const) {
      const threshold = { percent: 5, microseconds: null };
      expect(evaluateGate(comparison, { target, threshold, isStrict: false })).toMatchObject({
        outcome: 'undecided',
        failures: [],
        reason: 'too-few-runs',
      });
    }
  });

  test('a slower comparer comes first', async () => {
    const [first] = onTop(await compared('compare/base-1.cpuprofile', 'compare/slowsort.cpuprofile'), 1);
    expect(first).toMatchObject({ name: 'compare', verdict: 'inconclusive', self: { significant: null } });
    expect(first?.self.ratio).toBeGreaterThan(30);
  });

  test('a removed function comes first', async () => {
    const [first] = onTop(await compared('compare/base-1.cpuprofile', 'compare/nohash.cpuprofile'), 1);
    expect(first).toMatchObject({ name: 'hashAll', status: 'removed', verdict: 'inconclusive', self: { after: null } });
  });

  test('a renamed function is asked about, and its neighbours in the renamed file moved', async () => {
    const comparison = await compared('compare/base-1.cpuprofile', 'compare/renamed.cpuprofile');
    expect(named(comparison, 'compare')).toMatchObject([
      { status: 'removed', hint: { kind: 'renamed', name: 'comparator' } },
    ]);
    expect(named(comparison, 'comparator')).toMatchObject([
      { status: 'new', hint: { kind: 'renamed', name: 'compare' } },
    ]);
    for (const name of ['hashAll', 'sortAll', 'format', 'parse', 'main']) {
      expect(named(comparison, name)).toMatchObject([{ status: 'moved' }]);
    }
  });
});

test('any two sound profiles, however odd, are compared or rejected', async () => {
  const odd = readdirSync('samples/odd').filter((file) => !file.endsWith('.py'));
  const outcomes = { compared: 0, rejected: 0 };
  for (const before of odd) {
    for (const after of odd) {
      try {
        const { rows, verdict } = await compared(`odd/${before}`, `odd/${after}`);
        expect(verdict).toBe('inconclusive');
        expect(rows.filter(({ self }) => self.significant !== null)).toEqual([]);
        outcomes.compared++;
      } catch (error) {
        if (!(error instanceof PstatError)) throw error;
        outcomes.rejected++;
      }
    }
  }
  expect(outcomes.compared).toBeGreaterThan(100);
});
