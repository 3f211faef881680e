import { describe, expect, test } from 'vitest';
import { compare } from '../../src/compare/compare.ts';
import { compareHeader } from '../../src/render/compare-text.ts';
import { sampledRun, tracedRun } from '../support/runs.ts';

/** A run of ten functions at 1 ms each, times what the machine makes of it. */
function run(source: string, slower = 1) {
  const functions = Array.from({ length: 10 }, (_, fn) => ({ name: `f${fn}`, line: fn + 1, time: 1000 * slower }));
  return tracedRun(functions, source);
}

const runs = (sources: readonly string[]) => sources.map((source) => run(source));
const plain = (count: number) => runs(Array.from({ length: count }, (_, i) => `run-${i}.prof`));
const requests = (seconds: readonly number[]) =>
  runs(seconds.map((second) => `a/GET.x.000012ms.${1_795_332_000 + second}.prof`));
const notes = (...sides: Parameters<typeof compare>) => compare(...sides).notes;

test('sound runs are not warned of', () => {
  expect(notes(plain(10), plain(10))).toEqual([]);
});

describe('too few runs', () => {
  test('one a side', () => {
    expect(notes(plain(1), plain(1))).toEqual([
      'one run a side says nothing about noise; counts of calls are exact: record 6 a side, in turn',
    ]);
  });

  test('one a side, sampled', () => {
    const side = [sampledRun(Array.from({ length: 10 }, (_, i) => ({ name: `f${i}`, calls: 50 })))];
    expect(notes(side, side)[0]).toMatch(
      /^one run a side says nothing about noise; intervals hold sampling error only: record \d+ a side/,
    );
  });

  test('3 v 3 can never reach 5 %', () => {
    expect(notes(plain(3), plain(3))).toEqual([
      '3 v 3 runs can never tell a change from noise at 5%: record 6 a side, in turn',
    ]);
    expect(notes(plain(1), plain(10))[0]).toMatch(/^1 v 10 runs can never/);
  });

  test('4 v 4 can tell the whole, and not a function among ten', () => {
    expect(notes(plain(4), plain(4))[0]).toMatch(
      /^4 v 4 runs can tell the whole, and hardly one function among 10: record 6 a side/,
    );
  });
});

describe('drift', () => {
  const WARNING = /recorded one after the other/;

  test('one side after the other', () => {
    expect(notes(requests([0, 2, 4, 6]), requests([10, 12, 14, 16])).join('\n')).toMatch(WARNING);
    expect(notes(requests([10, 12, 14, 16]), requests([0, 2, 4, 6])).join('\n')).toMatch(WARNING);
  });

  test('in turn', () => {
    expect(notes(requests([0, 2, 4, 6]), requests([1, 3, 5, 7])).join('\n')).not.toMatch(WARNING);
  });

  test('Node’s own names tell when, too', () => {
    const node = (seconds: readonly string[]) =>
      runs(seconds.map((s, i) => `CPU.20261122.0721${s}.1${i}.0.001.cpuprofile`));
    expect(notes(node(['00', '02', '04', '06']), node(['10', '12', '14', '16'])).join('\n')).toMatch(WARNING);
    expect(notes(node(['00', '12', '04', '16']), node(['10', '02', '14', '06'])).join('\n')).not.toMatch(WARNING);
  });

  test('names that tell nothing', () => {
    expect(notes(plain(4), requests([0, 2, 4, 6])).join('\n')).not.toMatch(WARNING);
  });
});

describe('requests of one process', () => {
  const WARNING = /not independent runs/;

  test('are warned of', () => {
    expect(notes(requests([0, 2, 4, 6]), requests([1, 3, 5, 7])).join('\n')).toMatch(WARNING);
  });

  test('one a side claims no independence; runs of their own have it', () => {
    expect(notes(requests([0]), requests([1])).join('\n')).not.toMatch(WARNING);
    expect(notes(plain(4), requests([1, 3, 5, 7])).join('\n')).not.toMatch(WARNING);
  });
});

test('sampling intervals that differ', () => {
  const side = (interval: number) => [
    sampledRun(
      Array.from({ length: 10 }, (_, i) => ({ name: `f${i}`, calls: 50 })),
      { interval },
    ),
  ];
  expect(notes(side(1000), side(100)).join('\n')).toMatch(
    /every 1\.00 ms before and every 100 µs after: times compare, numbers of samples do not/,
  );
  expect(notes(side(1000), side(1050)).join('\n')).not.toMatch(/samples were taken/);
});

test('a machine that was slower on one side stands above, and is no warning', () => {
  const slow = plain(4).map((_, i) => run(`slow-${i}.prof`, 1.5));
  const machine = (...sides: Parameters<typeof compare>) =>
    compareHeader(compare(...sides)).find((line) => line.startsWith('machine')) ?? '';
  expect(machine(plain(4), slow)).toMatch(/^machine {2}50% slower after, or everything is; taken out of every verdict/);
  expect(machine(slow, plain(4))).toMatch(/^machine {2}33% faster after, or everything is;/);
  expect(machine(plain(4), plain(4))).toBe('');
  expect(notes(plain(4), slow).join('\n')).not.toMatch(/slower|machine/);
});

describe('a run far from its siblings', () => {
  const with3 = [...plain(4), run('odd.prof', 3)];

  test('is named', () => {
    expect(notes(with3, plain(5)).join('\n')).toContain(
      '1 run before is far from the median of 10.0 ms: odd.prof (30.0 ms)',
    );
    expect(notes(plain(5), with3).join('\n')).toContain('1 run after is far from the median');
  });

  test('so is one that is far too fast', () => {
    expect(notes([...plain(4), run('fast.prof', 0.3)], plain(5)).join('\n')).toContain('fast.prof (3.00 ms)');
  });

  test('two runs have no median to be far from', () => {
    expect(notes([run('a.prof'), run('b.prof', 4)], plain(5)).join('\n')).not.toContain('far from');
  });
});
