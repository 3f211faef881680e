/**
 * Callgrind files against `pstat top` and `pstat callers`: as callgrind_annotate shows them (skipped by name where it is
 * missing, and an error in CI), and as an independent reader reads them.
 */

import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { sum } from '../../src/base/averages.ts';
import { type CallgrindEdge, readCallgrind } from '../support/callgrind.ts';
import { addEdge, type Edges, edgesOf, expectSame, functionsOnCycles, relatedRows } from '../support/edges.ts';
import { convert, fileOf, RECORDINGS, type Row, rowsOf } from '../support/viewers.ts';

/** A Python profile is written in ns, others in µs. */
const CASES = [
  ...RECORDINGS.map(([title, file]) => [title, file, 1] as const),
  ['a Python profile', 'samples/GET.resource_providers.prof', 1000] as const,
  ['Python profiles', 'samples/before', 1000] as const,
];

describe('a callgrind file', () => {
  test.each(CASES)('has the functions, edges and calls of %s', async (_, file, perMicrosecond) => {
    const expected = await expectedFigures(file, perMicrosecond);
    const written = readCallgrind(readFileSync(await convert(file, '.callgrind'), 'utf8'));
    expectSame(grouped(written.self, expected.groupOf), expected.self, expected.unit);
    expectSame(groupedEdges(written.edges, expected.groupOf), expected.edges, expected.unit);
    expectSame(
      groupedEdges(written.edges, expected.groupOf, ({ calls }) => calls),
      expected.calls,
      0,
    );
    expect(sum([...written.self.values()])).toBe(written.total);
    expect(Math.abs(sum([...expected.self.values()]) - written.total)).toBeLessThan(0.51);
  });
});

const isMissing = spawnSync('callgrind_annotate').error !== undefined && process.env['CI'] === undefined;

describe.skipIf(isMissing)('callgrind_annotate', () => {
  test.each(CASES)('shows the functions and edges of %s', async (_, file, perMicrosecond) => {
    const expected = await expectedFigures(file, perMicrosecond);
    const output = await convert(file, '.callgrind');
    expectSame(grouped(functionsShown(annotate(output)), expected.groupOf), expected.self, expected.unit);
    const tree = treeShown(annotate(output, '--tree=both', '--inclusive=yes'));
    expectSame(groupedEdges(tree.callers, expected.groupOf), expected.edges, expected.unit);
    expectSame(groupedEdges(tree.callees, expected.groupOf), expected.edges, expected.unit);
    const inclusive = grouped(tree.inclusive, expected.groupOf);
    for (const key of [...expected.cyclic, '???:(root)']) inclusive.delete(key);
    expectSame(inclusive, expected.inclusive, 2 * expected.unit);
  });

  function annotate(file: string, ...words: readonly string[]): string {
    const all = ['--threshold=100', '--auto=no', '--show-percs=no'];
    return execFileSync('callgrind_annotate', [...all, ...words, file], { encoding: 'utf8' });
  }

  function functionsShown(text: string): Entry[] {
    return [...text.matchAll(/^ *([\d,]+) {2}(.+:.+?)(?: \[\])?$/gm)].map(([, time, name = '']) => [
      name,
      number(time),
    ]);
  }

  function treeShown(text: string) {
    const tree = { inclusive: [] as Entry[], callers: [] as CallgrindEdge[], callees: [] as CallgrindEdge[] };
    for (const block of text.split('\n\n')) {
      const lines = [...block.matchAll(/^ *([\d,]+) {2}([<>*]) +(.+?)(?: \(([\d,]+)x\) \[\])?$/gm)];
      const name = lines.find(([, , mark]) => mark === '*')?.[3] ?? '';
      for (const [, word, mark, other = '', calls] of lines) {
        const figures = { time: number(word), calls: number(calls) };
        if (mark === '*') tree.inclusive.push([name, figures.time]);
        else if (mark === '<') tree.callers.push({ caller: other, callee: name, ...figures });
        else tree.callees.push({ caller: name, callee: other, ...figures });
      }
    }
    return tree;
  }

  const number = (word = '') => Number(word.replaceAll(',', ''));
});

type Entry = readonly [key: string, value: number];
type GroupOf = (name: string) => string;

const groupKey = (row: Row) => `${fileOf(row) || '???'}:${row.name || '(anonymous)'}`;

/** Figures of pstat in units of the file, and how many of them a figure of fractions may be off. */
async function expectedFigures(file: string, perMicrosecond: number) {
  const rows = await rowsOf(file);
  const callers = await relatedRows('callers', file);
  const units = (figures: ReadonlyMap<string, number>) =>
    new Map([...figures].map(([key, time]): Entry => [key, Number((time * perMicrosecond).toFixed(3))]));
  const totals = (figureOf: (row: Row) => number) =>
    grouped(
      rows.map((row): Entry => [groupKey(row), figureOf(row)]),
      (key) => key,
    );
  const edges = units(edgesOf(callers, groupKey));
  const self = units(totals(({ tottime }) => tottime));
  const calls = edgesOf(callers, groupKey, ({ ncalls, cumsamples }) => ncalls ?? cumsamples ?? 0);
  const inclusive = units(totals(({ cumtime }) => cumtime));
  // On a cycle, self time and that of callees add up to more than the inclusive time.
  const cyclic = functionsOnCycles(edges);
  for (const key of cyclic) inclusive.delete(key);
  const isWhole = [...self.values(), ...edges.values()].every(Number.isInteger);
  return { self, edges, calls, inclusive, cyclic, unit: isWhole ? 0 : 1, groupOf: groupsOf(rows) };
}

/** Functions of one file and name, which the file tells apart by line and column, are added up. */
function groupsOf(rows: readonly Row[]): GroupOf {
  const groups = new Map<string, string>();
  for (const row of rows)
    for (const suffix of ['', `:${row.line}`, `:${row.line}:${row.column}`]) {
      const name = groupKey(row) + suffix;
      if (suffix === '' || !groups.has(name)) groups.set(name, groupKey(row));
    }
  return (name) => groups.get(name) ?? name;
}

function grouped(entries: Iterable<Entry>, groupOf: GroupOf): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [key, value] of entries) sums.set(groupOf(key), (sums.get(groupOf(key)) ?? 0) + value);
  return sums;
}

function groupedEdges(
  edges: readonly CallgrindEdge[],
  groupOf: GroupOf,
  figureOf: (edge: CallgrindEdge) => number = ({ time }) => time,
): Edges {
  const sums: Edges = new Map();
  for (const edge of edges.filter(({ caller }) => caller !== '???:(root)'))
    addEdge(sums, groupOf(edge.caller), groupOf(edge.callee), figureOf(edge));
  return sums;
}
