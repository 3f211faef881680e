/** Runs of `pstat ab`: pairs for the total, all processes of a run together, files named from the root of the version. */

import { describe, expect, test } from 'vitest';
import { compare } from '../../src/compare/compare.ts';
import type { FunctionInfo } from '../../src/model/function-table.ts';
import type { Stats } from '../../src/query/stats.ts';
import { compareView } from '../../src/view/compare-view.ts';
import { sampledRun } from '../support/runs.ts';

/** Samples of 1 ms a block: the machine slows down over time, and the version after takes 2 ms more. */
const DRIFT = [10, 13, 17, 22, 28, 35, 43];

const runs = (side: 'before' | 'after', samples: readonly number[], blocks = samples.map((_, i) => i + 1)): Stats[] =>
  samples.map((calls, i) =>
    sampledRun([{ name: 'f', calls, file: `/tmp/${side}/lib/f.js` }], {
      source: `runs/${side}/${i}/CPU.cpuprofile`,
      run: { id: `${side} ${i}`, block: blocks[i] ?? 0, root: `/tmp/${side}` },
    }),
  );

const slower = DRIFT.map((samples) => samples + 2);

test('a change that is smaller than the drift is found in pairs', () => {
  const { isPaired, total, verdict } = compare(runs('before', DRIFT), runs('after', slower));
  expect({ isPaired, verdict, shift: total.shift }).toEqual({ isPaired: true, verdict: 'slower', shift: 2000 });
  expect(total.p).toBe(2 / 128);
});

test('pairs are of one block, whatever the order of the files', () => {
  const turned = runs('after', slower.toReversed(), [7, 6, 5, 4, 3, 2, 1]);
  expect(compare(runs('before', DRIFT), turned).total.shift).toBe(2000);
});

describe('sides are tested as a whole', () => {
  test.each<[string, Stats[], Stats[]]>([
    ['with fewer than 6 blocks', runs('before', DRIFT.slice(0, 5)), runs('after', slower.slice(0, 5))],
    ['where a run is missing', runs('before', DRIFT), runs('after', slower.slice(1))],
    ['where blocks differ', runs('before', DRIFT), runs('after', slower, [1, 2, 3, 4, 5, 6, 9])],
    [
      'where one side is of no blocks',
      runs('before', DRIFT),
      slower.map((calls) => sampledRun([{ name: 'f', calls }])),
    ],
  ])('%s', (_, before, after) => {
    const { isPaired, verdict } = compare(before, after);
    expect({ isPaired, verdict }).toEqual({ isPaired: false, verdict: 'no-change' });
  });
});

test('functions are matched by their files from the root of each version', () => {
  const { rows } = compare(runs('before', DRIFT), runs('after', slower));
  expect(rows.map(({ file, status }) => ({ file, status }))).toEqual([{ file: 'lib/f.js', status: 'matched' }]);
});

test('all processes of a run are one run, and their CPU times add up', () => {
  const process = (id: string, thread: number, cpu: number) =>
    sampledRun([{ name: 'f', calls: 4 }], {
      source: `before/0001/CPU.20261126.120000.${id}.${thread}.00${thread + 1}.cpuprofile`,
      run: { id, block: 1, cpu },
    });
  const run = [process('71', 0, 3000), process('71', 1, 3500), process('72', 0, 1000)];
  const { before, otherTotals, total } = compare(run, run);
  expect({ runs: before.runs, counted: total.before }).toEqual({ runs: 1, counted: 12_000 });
  expect(otherTotals.find(({ basis }) => basis === 'cpu')?.change.before).toBe(4500);
});

test('an edited function stands before what it calls, which names it', () => {
  const side = (parse: number, encode: number) =>
    DRIFT.map((_, i) =>
      sampledRun(
        [
          { name: 'main', calls: 20 },
          { name: 'parse', calls: parse + (i % 2), caller: 'main', line: 5 },
          { name: 'encode', calls: encode + (i % 2), caller: 'parse', line: 9 },
        ],
        { source: `${parse}/${i}.cpuprofile`, run: { id: `${parse} ${i}` } },
      ),
    );
  const isEdited = (before: FunctionInfo | null, after: FunctionInfo | null) =>
    before?.name === 'parse' && after?.name === 'parse';
  const comparison = compare(side(30, 20), side(40, 90), { isEdited });
  const query = { sort: ['tottime' as const], reverse: false, limit: '2', filtered: false, onlyChanged: true };
  const { rows } = compareView(comparison, query, null);
  expect(rows.map(({ name, verdict, edited, editedCaller }) => ({ name, verdict, edited, editedCaller }))).toEqual([
    { name: 'parse', verdict: 'slower', edited: true, editedCaller: null },
    { name: 'encode', verdict: 'slower', edited: false, editedCaller: 'parse' },
  ]);
  expect(compare(side(30, 20), side(40, 90)).rows.every(({ edited }) => edited === null)).toBe(true);
});
