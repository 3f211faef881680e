/** Which time is compared. */

import { describe, expect, test } from 'vitest';
import { PstatError } from '../../src/base/errors.ts';
import { cpuRatiosOf, queuedSharesOf } from '../../src/compare/basis.ts';
import { mapBoth } from '../../src/compare/both.ts';
import { type CompareOptions, compare } from '../../src/compare/compare.ts';
import type { Basis } from '../../src/compare/comparison.ts';
import { sideOf } from '../../src/compare/side.ts';
import { Stats } from '../../src/query/stats.ts';
import { type Sampling, sampledProfile, sampledRun, tracedRun, undisturbedRun } from '../support/runs.ts';

const FUNCTIONS = [
  { name: 'f', calls: 4 },
  { name: 'g', calls: 4, late: 500 },
];

/** 8 samples of 1 ms, half of them 0.5 ms late: 10 ms counted, 2 ms of it without a processor, 8 ms undisturbed. */
const KNOWN: Sampling = {
  run: { interval: 1000, elapsed: 11_000, cpu: 9000, thread: { cpu: 8000, queued: 2000 } },
};

const counted = () => sampledRun(FUNCTIONS, KNOWN);
const undisturbed = () => undisturbedRun(FUNCTIONS, KNOWN);
const unknown = () => sampledRun(FUNCTIONS);
/** Of which the profiler measured 12 ms of work. */
const request = (run: Sampling['run'] = undefined) =>
  sampledRun(FUNCTIONS, { request: { busy: 12_000, elapsed: 20_000 }, ...(run === undefined ? {} : { run }) });

const of = (time: CompareOptions['time'], ...sides: [Stats, Stats]) =>
  compare([sides[0]], [sides[1]], time === undefined ? {} : { time });

describe('auto', () => {
  test('is undisturbed time where it was subtracted from all profiles', () => {
    const { basis, functionBasis, total, before } = of('auto', undisturbed(), undisturbed());
    expect([basis, functionBasis, total.before]).toEqual(['undisturbed', 'undisturbed', 8000]);
    expect(before.totals).toEqual([8000]);
  });

  test('is counted time otherwise', () => {
    for (const run of [counted(), unknown()]) {
      const { basis, functionBasis, total } = of(undefined, run, run);
      expect([basis, functionBasis, total.before]).toEqual(['counted', 'counted', 10_000]);
    }
    expect(of('auto', counted(), unknown()).basis).toBe('counted');
    expect(compare([tracedRun([{ name: 'f' }])], [tracedRun([{ name: 'f' }])])).toMatchObject({ basis: 'counted' });
  });

  test('is the busy time of requests where all of them measured it', () => {
    const { basis, functionBasis, total } = of('auto', request(), request());
    expect([basis, functionBasis, total.before]).toEqual(['busy', 'counted', 12_000]);
    expect(of('auto', request(), unknown()).basis).toBe('counted');
  });

  test('takes the queued time off the busy time where it is known', () => {
    expect(of('auto', request(KNOWN.run), request(KNOWN.run)).total.before).toBe(10_000);
  });

  test('is counted time of requests of which a part was asked for', () => {
    const profile = sampledProfile(FUNCTIONS, { request: { busy: 12_000 } });
    const part = new Stats(profile, { focus: ['(f)'] });
    expect(of('auto', part, part)).toMatchObject({ basis: 'counted', total: { before: 4000 } });
  });
});

describe('a time that was asked for', () => {
  test.each<[Basis, number]>([
    ['undisturbed', 8000],
    ['counted', 10_000],
    ['cpu', 9000],
    ['elapsed', 11_000],
  ])('%s is %i µs', (time, expected) => {
    for (const run of [counted(), undisturbed()]) {
      const { basis, total } = of(time, run, run);
      expect([basis, total.before]).toEqual([time, expected]);
    }
  });

  test('leaves the time of the functions as the profiles have it', () => {
    expect(of('cpu', undisturbed(), undisturbed()).functionBasis).toBe('undisturbed');
    expect(of('cpu', counted(), counted()).functionBasis).toBe('counted');
  });

  test.each<[Basis, RegExp]>([
    ['undisturbed', /before\.cpuprofile.* does not record how long the thread had no processor; record on Linux/],
    ['cpu', /does not record the CPU time of the process; record a whole program with `pstat record`/],
    ['busy', /does not record the busy time of a request; record requests with the request profiler/],
  ])('%s is rejected where a file does not know it', (time, message) => {
    const run = sampledRun(FUNCTIONS, { source: 'before.cpuprofile' });
    expect(() => of(time, run, run)).toThrow(PstatError);
    expect(() => of(time, run, run)).toThrow(message);
  });

  test('elapsed is rejected for traced profiles, which have no start and end', () => {
    const run = tracedRun([{ name: 'f' }]);
    expect(() => of('elapsed', run, run)).toThrow(/run\.prof.* does not record how long the whole recording took/);
  });

  test('is rejected if one side does not know it', () => {
    expect(() => of('cpu', counted(), unknown())).toThrow(PstatError);
    expect(() => of('cpu', unknown(), counted())).toThrow(PstatError);
  });

  test('cpu is not of one request', () => {
    expect(() => of('cpu', request(KNOWN.run), request(KNOWN.run))).toThrow(/CPU time of the process/);
  });

  test.each<Basis>(['cpu', 'elapsed'])('%s is not of a part of a recording', (time) => {
    const part = new Stats(sampledProfile(FUNCTIONS, KNOWN), { ignore: ['(g)'] });
    expect(() => of(time, part, part)).toThrow(PstatError);
  });
});

describe('profiles with undisturbed time and profiles with counted time', () => {
  test('are not compared', () => {
    expect(() => of('auto', undisturbed(), counted())).toThrow(PstatError);
    expect(() => compare([undisturbed(), unknown()], [undisturbed()])).toThrow(
      'undisturbed and counted time cannot be compared',
    );
  });
});

describe('the other totals', () => {
  test('are all that both sides know and that differ', () => {
    const { otherTotals } = of('auto', undisturbed(), undisturbed());
    expect(otherTotals.map(({ basis, change }) => [basis, change.before])).toEqual([
      ['counted', 10_000],
      ['cpu', 9000],
      ['elapsed', 11_000],
    ]);
  });

  test('are not those of which one side knows nothing', () => {
    expect(of('auto', counted(), unknown()).otherTotals.map(({ basis }) => basis)).toEqual(['elapsed']);
  });

  test('are tested by themselves', () => {
    const runs = (cpu: number) =>
      Array.from({ length: 4 }, (_, i) =>
        sampledRun(FUNCTIONS, { run: { ...KNOWN.run, id: `${cpu} ${i}`, cpu: cpu + i } }),
      );
    const { verdict, otherTotals } = compare(runs(9000), runs(12_000));
    expect(verdict).toBe('no-change');
    const cpu = otherTotals.find(({ basis }) => basis === 'cpu');
    expect(cpu?.change).toMatchObject({ before: 9001.5, after: 12_001.5, significant: true });
  });
});

describe('CPU ÷ counted time', () => {
  const sidesOf = (before: readonly Stats[], after: readonly Stats[]) => mapBoth({ before, after }, sideOf);

  test('is known where the functions have counted time and each process its CPU time', () => {
    expect(cpuRatiosOf(sidesOf([counted()], [counted()]))).toEqual({ before: [0.9], after: [0.9] });
  });

  test('is not suggested for where the functions have undisturbed time', () => {
    expect(cpuRatiosOf(sidesOf([undisturbed()], [undisturbed()]))).toBeNull();
  });

  test('is not known where a process does not know its CPU time, or says it was none', () => {
    expect(cpuRatiosOf(sidesOf([counted()], [unknown()]))).toBeNull();
    const none = sampledRun(FUNCTIONS, { run: { cpu: 0 } });
    expect(cpuRatiosOf(sidesOf([counted()], [none]))).toBeNull();
  });

  test('queued shares are known where each process knows its queued time', () => {
    expect(queuedSharesOf(sidesOf([counted()], [undisturbed()]))).toEqual({ before: [0.2], after: [0.2] });
    expect(queuedSharesOf(sidesOf([counted()], [unknown()]))).toBeNull();
  });

  test('an empty recording has no queued share', () => {
    const empty = sampledRun([], { run: { interval: 1000, thread: { cpu: 0, queued: 0 } } });
    expect(queuedSharesOf(sidesOf([empty], [counted()]))).toEqual({ before: [0], after: [0.2] });
  });
});
