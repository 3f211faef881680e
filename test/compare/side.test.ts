import { describe, expect, test } from 'vitest';
import { PstatError } from '../../src/base/errors.ts';
import { type Side, sideOf } from '../../src/compare/side.ts';
import { Stats } from '../../src/query/stats.ts';
import { sampledProfile, sampledRun, type Timed, tracedRun, undisturbedRun } from '../support/runs.ts';

/** A request of process `pid` with so many samples of 1 ms in `f`. */
function request(pid: number | null, samples: number, { more = [] as readonly Timed[], busy = samples * 1000 } = {}) {
  const functions = [{ name: 'f', calls: samples }, ...more];
  return sampledRun(functions, {
    source: `a/${pid}-${samples}.cpuprofile`,
    request: { busy, elapsed: 2 * samples * 1000, worker: pid === null ? null : `${pid}/0` },
  });
}

/** name -> process -> self time in ms */
function selfOf({ functions, self }: Side): Record<string, number[]> {
  return Object.fromEntries(
    [...functions.name].map((name, fn) => [name, [...(self[fn] ?? [])].map((us) => us / 1000)]),
  );
}

const node = (pid: number, number: number, folder = 'a') =>
  `${folder}/CPU.20261122.07214${number}.${pid}.${number - 1}.00${number}.cpuprofile`;

test('a function of a module that was imported again is one function', () => {
  const files = ['file:///srv/a.mjs?update=1', 'file:///srv/a.mjs?update=2', 'file:///srv/a.mjs#frag'];
  const side = sideOf([sampledRun(files.map((file) => ({ name: 'f', file, calls: 2 })))]);
  expect(side.functions.file).toEqual(['file:///srv/a.mjs']);
  expect(selfOf(side)).toEqual({ f: [6] });
});

describe('files of one process', () => {
  test('are one run: the times of its threads add up', () => {
    const side = sideOf([
      sampledRun([{ name: 'f', calls: 5 }], { source: node(7, 1) }),
      sampledRun([{ name: 'f', calls: 3 }, { name: 'g' }], { source: node(7, 2) }),
    ]);
    expect(side.processes).toHaveLength(1);
    expect(side.processes[0]).toMatchObject({ isKnown: true, requests: 0, functionTime: 9000, samples: 9 });
    expect(selfOf(side)).toEqual({ f: [8], g: [1] });
    expect(side.count[0]).toEqual([8]);
  });

  test('say CPU and elapsed time of the process, which do not add up', () => {
    const thread = (calls: number, cpu: number, elapsed: number) =>
      sampledRun([{ name: 'f', calls }], { run: { id: 'x', cpu, elapsed } });
    const [process] = sideOf([thread(5, 9000, 6000), thread(3, 8000, 5000)]).processes;
    expect(process?.totals).toMatchObject({ counted: 8000, cpu: 9000, elapsed: 6000, busy: null, undisturbed: null });
  });

  test('of a number that comes again are of another process with the same pid', () => {
    const run = (number: number) => sampledRun([{ name: 'f', calls: number }], { source: node(1, number) });
    const side = sideOf([run(1), run(2), run(1), run(2)]);
    expect(side.processes.map(({ sources }) => sources.length)).toEqual([2, 2]);
  });

  test('of another folder are of another process', () => {
    const side = sideOf([node(1, 1, 'a'), node(1, 2, 'b')].map((source) => sampledRun([{ name: 'f' }], { source })));
    expect(side.processes).toHaveLength(2);
  });

  test('with an id are one, though their numbers come again', () => {
    const run = () => sampledRun([{ name: 'f' }], { source: node(1, 1), run: { id: 'x' } });
    expect(sideOf([run(), run()]).processes).toHaveLength(1);
  });
});

test('files that name no process are a process each', () => {
  const side = sideOf([tracedRun([{ name: 'f' }], 'run.prof'), tracedRun([{ name: 'f' }], 'run.prof')]);
  expect(side.processes.map(({ isKnown, requests }) => [isKnown, requests])).toEqual([
    [false, 0],
    [false, 0],
  ]);
});

describe('requests of one process', () => {
  const side = sideOf([
    request(7, 2),
    request(8, 10),
    request(7, 3, { more: [{ name: 'g', calls: 4 }] }),
    request(7, 20),
    request(8, 20),
  ]);

  test('are one run', () => {
    expect(side.processes.map(({ requests, isKnown }) => [requests, isKnown])).toEqual([
      [3, true],
      [2, true],
    ]);
  });

  test('give means of the functions, for medians of sparse samples are 0', () => {
    expect(selfOf(side)).toEqual({ f: [25 / 3, 15], g: [4 / 3, 0] });
    expect(side.count[0]).toEqual([25 / 3, 15]);
    expect(side.processes.map(({ functionTime }) => functionTime)).toEqual([29_000 / 3, 15_000]);
  });

  test('give the median of the totals', () => {
    expect(side.processes.map(({ totals }) => [totals.busy, totals.counted, totals.elapsed])).toEqual([
      [3000, 7000, 6000],
      [15_000, 15_000, 30_000],
    ]);
  });

  test('do not know the CPU time of one request', () => {
    const [process] = sideOf([
      sampledRun([{ name: 'f' }], { run: { id: 'x', cpu: 5000 }, request: { busy: 1000 } }),
    ]).processes;
    expect(process?.totals.cpu).toBeNull();
  });
});

test("requests of Werkzeug's names are a process each, and not known to be", () => {
  const side = sideOf([1, 2, 3].map((i) => tracedRun([{ name: 'f' }], `a/GET.x.000012ms.155240859${i}.prof`)));
  expect(side.processes.map(({ isKnown, requests }) => [isKnown, requests])).toEqual([
    [false, 1],
    [false, 1],
    [false, 1],
  ]);
});

describe('the queued time of a process', () => {
  const late = { source: 'a.cpuprofile', run: { id: 'x', interval: 1000, thread: { cpu: 4000, queued: 2000 } } };
  const functions = [
    { name: 'f', calls: 2 },
    { name: 'g', calls: 2, late: 1000 },
  ];

  test('is subtracted from its undisturbed total, whether it is subtracted from the samples or not', () => {
    const both = [sampledRun(functions, late), undisturbedRun(functions, late)];
    for (const stats of both) {
      const [process] = sideOf([stats]).processes;
      expect(process?.totals).toMatchObject({ counted: 6000, undisturbed: 4000, elapsed: 6000 });
      expect(process?.queued).toBe(2000);
    }
  });

  test('is subtracted from the functions that were taken late', () => {
    expect(selfOf(sideOf([sampledRun(functions, late)]))).toEqual({ f: [2], g: [4] });
    expect(selfOf(sideOf([undisturbedRun(functions, late)]))).toEqual({ f: [2], g: [2] });
  });

  test('is subtracted from the busy time of a request', () => {
    const busy = sampledRun(functions, { ...late, request: { busy: 6500 } });
    expect(sideOf([busy]).processes[0]?.totals.busy).toBe(4500);
  });

  test('is not known if a file does not know it', () => {
    const [process] = sideOf([sampledRun(functions, late), sampledRun(functions, { run: { id: 'x' } })]).processes;
    expect(process).toMatchObject({ queued: null, totals: { undisturbed: null, counted: 12_000 } });
  });

  test('counts the profiles of which it was subtracted', () => {
    expect(sideOf([sampledRun(functions, late), undisturbedRun(functions, late)])).toMatchObject({
      undisturbed: 1,
      profiles: 2,
    });
  });
});

test('stacks that were left out make CPU, elapsed and busy time unknown', () => {
  const profile = sampledProfile([{ name: 'f' }, { name: 'g' }], {
    run: { id: 'x', cpu: 2000, elapsed: 2000 },
    request: { busy: 2000, elapsed: 2000 },
  });
  const [process] = sideOf([new Stats(profile, { focus: ['(f)'] })]).processes;
  expect(process?.totals).toEqual({ undisturbed: null, counted: 1000, cpu: null, elapsed: null, busy: null });
});

describe('requests that were hardly sampled', () => {
  test('are those whose samples cover less than half of the busy time', () => {
    const side = sideOf([request(7, 2, { busy: 4001 }), request(7, 2, { busy: 4000 }), request(8, 2)]);
    expect(side.processes.map(({ undersampled }) => undersampled)).toEqual([1, 0]);
  });

  test('are not those that had no processor for most of it', () => {
    const late = { run: { interval: 1000, thread: { cpu: 1000, queued: 5000 } }, request: { busy: 6000 } };
    const functions = [{ name: 'f', late: 5000 }];
    expect(sideOf([undisturbedRun(functions, late)]).processes[0]?.undersampled).toBe(0);
  });

  test('are not those of which a part was asked for', () => {
    const profile = sampledProfile([{ name: 'f' }, { name: 'g', calls: 9 }], { request: { busy: 10_000 } });
    expect(sideOf([new Stats(profile, { focus: ['(f)'] })]).processes[0]?.undersampled).toBe(0);
  });
});

test('callees are collected over all files, without recursion and idle time', () => {
  const side = sideOf([
    tracedRun([{ name: 'main' }, { name: 'f', caller: 'main' }]),
    tracedRun([{ name: 'main' }, { name: 'g', caller: 'main' }, { name: 'h', caller: 'h' }]),
  ]);
  const nameOf = (fn: number) => side.functions.name[fn];
  expect([...side.callees].map(([caller, callees]) => [nameOf(caller), [...callees].map(nameOf)])).toEqual([
    ['main', ['f', 'g']],
  ]);
});

test('the garbage collector is no callee: it is below whatever it interrupted', () => {
  const gc = { name: '(garbage collector)', file: '', line: 0, kind: 'gc', caller: 'f' } as const;
  expect(sideOf([sampledRun([{ name: 'f' }, gc])]).callees.size).toBe(0);
});

test('of what a file says of its process, the first file counts', () => {
  const run = (interval: number) =>
    sampledRun([{ name: 'f' }], {
      run: { id: 'x', interval, node: 'v20.19.0', start: Date.UTC(2026, 0, 1) },
    });
  expect(sideOf([run(200), run(1000)]).processes[0]).toMatchObject({
    interval: 200,
    node: 'v20.19.0',
    recordedAt: Date.UTC(2026, 0, 1) / 1000,
  });
});

test('a side without a profile is rejected, and one of samples and calls', () => {
  expect(() => sideOf([])).toThrow(PstatError);
  expect(() => sideOf([tracedRun([{ name: 'f' }]), sampledRun([{ name: 'f' }])])).toThrow(PstatError);
});
