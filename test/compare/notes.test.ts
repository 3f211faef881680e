import { describe, expect, test } from 'vitest';
import { compare } from '../../src/compare/compare.ts';
import type { CompareNote } from '../../src/compare/comparison.ts';
import { compareNotes, noteText } from '../../src/render/views/compare-text.ts';
import { type Sampling, sampledRun, tracedRun, undisturbedRun } from '../support/runs.ts';

/** A run of ten functions at 1 ms each, times `slower`. */
function run(source: string, slower = 1) {
  const functions = Array.from({ length: 10 }, (_, fn) => ({ name: `f${fn}`, line: fn + 1, time: 1000 * slower }));
  return tracedRun(functions, source);
}

const runs = (sources: readonly string[]) => sources.map((source) => run(source));
const plain = (count: number) => runs(Array.from({ length: count }, (_, i) => `run-${i}.prof`));
const requests = (seconds: readonly number[]) =>
  runs(seconds.map((second) => `a/GET.x.000012ms.${1_795_332_000 + second}.prof`));
const notes = (...sides: Parameters<typeof compare>) => compare(...sides).notes;
const codes = (...sides: Parameters<typeof compare>) => notes(...sides).map(({ code }) => code);
const texts = (...sides: Parameters<typeof compare>) =>
  notes(...sides)
    .map(noteText)
    .join('\n');

/** Sampled runs of 2,000 samples. */
const sampled = (count: number, sampling: (i: number) => Sampling, calls = 200) =>
  Array.from({ length: count }, (_, i) =>
    sampledRun(
      Array.from({ length: 10 }, (_, fn) => ({ name: `f${fn}`, line: fn + 1, calls })),
      { source: `run-${i}.cpuprofile`, ...sampling(i) },
    ),
  );

test('sound runs have no notes', () => {
  expect(notes(plain(10), plain(10))).toEqual([]);
  expect(
    notes(
      sampled(10, () => ({})),
      sampled(10, () => ({})),
    ),
  ).toEqual([]);
});

describe('too few runs', () => {
  test('for one function among ten are said, where they suffice for the total', () => {
    expect(notes(plain(4), plain(4))).toEqual([{ code: 'few-runs-for-functions', runsNeeded: 6, family: 10 }]);
    expect(texts(plain(4), plain(4))).toBe(
      'too few runs to find one function among 10; record 6 or more for each side',
    );
    expect(codes(plain(6), plain(6))).toEqual([]);
  });

  test('for one function are no note where several changed: then each of them can be found', () => {
    const slower = Array.from({ length: 4 }, (_, i) => run(`slower-${i}.prof`, 2));
    expect(compare(plain(4), slower).rows.map(({ verdict }) => verdict)).toEqual(Array(10).fill('slower'));
    expect(codes(plain(4), slower)).toEqual([]);
  });

  test('for a total are no note: the verdict says it', () => {
    expect(notes(plain(1), plain(1))).toEqual([]);
    expect(notes(plain(3), plain(3))).toEqual([]);
  });
});

describe('sides that were recorded one after the other', () => {
  test('are noted, whichever was first', () => {
    expect(codes(requests([0, 2, 4, 6]), requests([10, 12, 14, 16]))).toContain('one-after-the-other');
    expect(codes(requests([10, 12, 14, 16]), requests([0, 2, 4, 6]))).toContain('one-after-the-other');
  });

  test('are not those recorded in turn', () => {
    expect(codes(requests([0, 2, 4, 6]), requests([1, 3, 5, 7]))).not.toContain('one-after-the-other');
  });

  test("are known from Node's names", () => {
    const node = (seconds: readonly string[]) =>
      runs(seconds.map((s, i) => `CPU.20261122.0721${s}.1${i}.0.001.cpuprofile`));
    expect(codes(node(['00', '02', '04', '06']), node(['10', '12', '14', '16']))).toContain('one-after-the-other');
    expect(codes(node(['00', '12', '04', '16']), node(['10', '02', '14', '06']))).not.toContain('one-after-the-other');
  });

  test('are known from pstat.run', () => {
    const started = (from: number) => sampled(4, (i) => ({ run: { id: `${from} ${i}`, start: from + 1000 * i } }));
    expect(codes(started(0), started(10_000))).toContain('one-after-the-other');
    expect(codes(started(0), started(500))).not.toContain('one-after-the-other');
  });

  test('are not known from other names, nor of one run', () => {
    expect(codes(plain(4), requests([0, 2, 4, 6]))).not.toContain('one-after-the-other');
    expect(codes(requests([0]), requests([9]))).not.toContain('one-after-the-other');
  });
});

describe('sampling intervals', () => {
  const side = (interval: number) => sampled(1, () => ({ interval }));

  test('that differ are noted', () => {
    expect(texts(side(1000), side(100))).toContain(
      'every 1.00 ms before and every 100 µs after: times compare, numbers of samples do not',
    );
  });

  test('that differ by less than a fifth are not', () => {
    expect(codes(side(1000), side(1050))).toEqual([]);
  });

  test('are those that were requested, where the file says it', () => {
    const asked = (interval: number) => sampled(1, () => ({ interval: 1000, run: { interval } }));
    expect(codes(asked(1000), asked(200))).toEqual(['different-intervals']);
  });
});

describe('versions of Node', () => {
  const side = (...versions: (string | null)[]) =>
    sampled(versions.length, (i) => ({ run: { node: versions[i] ?? null } }));

  test('that differ are noted', () => {
    expect(notes(side('v20.19.0'), side('v22.1.0'))).toEqual([
      { code: 'different-node', before: 'v20.19.0', after: 'v22.1.0' },
    ]);
    expect(texts(side('v20.19.0', 'v22.1.0'), side('v22.1.0', 'v22.1.0'))).toBe(
      'Node v20.19.0, v22.1.0 before, v22.1.0 after',
    );
  });

  test('that are the same, or not known, are not', () => {
    expect(codes(side('v20.19.0'), side('v20.19.0'))).toEqual([]);
    expect(codes(side('v20.19.0'), side(null))).toEqual([]);
    expect(codes(plain(1), plain(1))).toEqual([]);
  });
});

describe('few samples', () => {
  const few = () => sampled(4, () => ({}), 9);

  test('are noted where nothing was found', () => {
    expect(codes(few(), few())).toContain('few-samples');
    expect(texts(few(), few())).toContain('record longer or with `pstat record --interval 200us`');
  });

  test('are not, where the total changed, nor for counted calls', () => {
    expect(
      codes(
        few(),
        sampled(4, () => ({}), 90),
      ),
    ).not.toContain('few-samples');
    expect(codes(plain(4), plain(4))).not.toContain('few-samples');
  });
});

describe('a run far from its siblings', () => {
  const odd = [...plain(4), run('a/odd.prof', 3)];

  test('is named with its time', () => {
    expect(notes(odd, plain(5))).toContainEqual({
      code: 'outlier',
      side: 'before',
      runs: 1,
      source: 'a/odd.prof',
      time: expect.closeTo(30_000),
      median: expect.closeTo(10_000),
    });
    expect(texts(odd, plain(5))).toContain('1 run before is far from the median of 10.0 ms: odd.prof (30.0 ms)');
    expect(texts(plain(5), odd)).toContain('1 run after is far from the median');
  });

  test('may be far too fast', () => {
    expect(texts([...plain(4), run('fast.prof', 0.3)], plain(5))).toContain('fast.prof (3.00 ms)');
  });

  test('may be one of three runs; two of five are too many', () => {
    expect(codes([...plain(2), run('a.prof', 4)], plain(5))).toContain('outlier');
    expect(codes([...plain(3), run('a.prof', 4), run('b.prof', 4)], plain(5))).not.toContain('outlier');
  });

  test('is not reported for two runs, which have no median to be far from, nor of half of the runs', () => {
    expect(codes([run('a.prof'), run('b.prof', 4)], plain(5))).not.toContain('outlier');
    expect(codes([...plain(2), run('a.prof', 4), run('b.prof', 4)], plain(5))).not.toContain('outlier');
  });
});

describe('a busy machine', () => {
  const late = (queued: number) => (i: number) => ({
    run: { id: `${queued} ${i}`, interval: 1000, thread: { cpu: 1, queued } },
  });
  const functions = (late: number) => [{ name: 'f', calls: 1000, late }];
  const counted = (queued: number) =>
    Array.from({ length: 4 }, (_, i) => sampledRun(functions(queued === 0 ? 0 : 1000), late(queued)(i)));
  const undisturbed = (queued: number) =>
    Array.from({ length: 4 }, (_, i) => undisturbedRun(functions(queued === 0 ? 0 : 1000), late(queued)(i)));

  test('is noted with the time without a processor', () => {
    expect(notes(counted(0), counted(500_000))[0]).toEqual({
      code: 'queued',
      before: 0,
      after: 500_000,
      isRemoved: false,
      of: 'run',
    });
    expect(texts(counted(0), counted(500_000))).toContain(
      'the machine was busy: 0 µs before and 500.0 ms after of each run without a processor',
    );
  });

  test('is noted as subtracted where it was', () => {
    expect(notes(undisturbed(0), undisturbed(500_000))).toContainEqual(
      expect.objectContaining({ code: 'queued', isRemoved: true }),
    );
    expect(texts(undisturbed(0), undisturbed(500_000))).toContain('without a processor, subtracted');
  });

  test('is not noted below 2 %, nor where it is not known', () => {
    expect(codes(counted(10_000), counted(10_000))).not.toContain('queued');
    expect(codes(plain(4), plain(4))).not.toContain('queued');
  });
});

describe('CPU time beside the counted time', () => {
  const side = (calls: number, cpu: number) =>
    Array.from({ length: 4 }, (_, i) =>
      sampledRun([{ name: 'f', calls: calls + i }], { run: { id: `${calls} ${cpu} ${i}`, cpu: cpu + i } }),
    );
  const waiting = compare(side(1000, 9e5), side(1200, 9e5));
  const others = compare(side(1000, 9e5), side(1000, 12e5));

  test('that did not change, where counted time rose, says that the program waits longer', () => {
    expect(waiting.notes[0]).toMatchObject({ code: 'waits-longer', cpu: { delta: 0 }, own: { significant: true } });
    expect(noteText(waiting.notes[0] as CompareNote)).toMatch(/^CPU time did not change .* the program waits longer$/);
  });

  test('that rose, where counted time did not, says that other threads do more', () => {
    expect(others.notes[0]).toMatchObject({ code: 'other-threads', own: { significant: false } });
    expect(noteText(others.notes[0] as CompareNote)).toMatch(/^CPU time rose .* more work on other threads$/);
  });

  test('that rose, where counted time varies too much to tell, says nothing', () => {
    const varied = (cpu: number) =>
      [600, 1400, 900, 1300].map((calls, i) =>
        sampledRun([{ name: 'f', calls }], { run: { id: `${cpu} ${i}`, cpu: cpu + i } }),
      );
    const comparison = compare(varied(9e5), varied(9.1e5));
    expect(comparison.otherTotals.find(({ basis }) => basis === 'cpu')?.change.significant).toBe(true);
    expect(comparison.notes.map(({ code }) => code)).not.toContain('other-threads');
  });

  test('says nothing of waiting where the undisturbed time did not rise: the machine was busier', () => {
    const busy = (late: number) =>
      Array.from({ length: 4 }, (_, i) =>
        sampledRun([{ name: 'f', calls: 1000, late }], {
          run: { id: `${late} ${i}`, interval: 1000, cpu: 9e5 + i, thread: { cpu: 9e5, queued: 1000 * late + i } },
        }),
      );
    const comparison = compare(busy(0), busy(1000));
    expect(comparison).toMatchObject({ basis: 'counted', verdict: 'slower' });
    expect(comparison.notes.map(({ code }) => code)).not.toContain('waits-longer');
  });

  test('says nothing where both rose', () => {
    expect(codes(side(1000, 9e5), side(1200, 12e5))).not.toContain('waits-longer');
    expect(codes(side(1000, 9e5), side(1200, 12e5))).not.toContain('other-threads');
  });

  test('says nothing about CPU time itself', () => {
    const { notes: ofCpu } = compare(side(1000, 9e5), side(1200, 9e5), { time: 'cpu' });
    expect(ofCpu.map(({ code }) => code)).not.toContain('waits-longer');
  });
});

test('requests of which the samples cover less than half are counted by side', () => {
  const side = (...busy: number[]) =>
    busy.map((time, i) =>
      sampledRun([{ name: 'f', calls: 4 }], { source: `${time}.${i}.cpuprofile`, request: { busy: time } }),
    );
  expect(notes(side(4000, 9000, 4100), side(4000, 4100))).toContainEqual({
    code: 'undersampled',
    side: 'before',
    files: 1,
  });
  expect(texts(side(4000, 9000, 4100), side(4000))).toContain('the samples of 1 request before cover less than half');
  expect(codes(side(7900), side(4000))).not.toContain('undersampled');
});

test('people read two notes, and how many there are', () => {
  const many = notes([...requests([0, 2, 4, 6]), run('odd.prof', 3)], [...requests([10, 12, 14]), run('slow.prof', 3)]);
  const note: CompareNote = { code: 'one-after-the-other' };
  const lines = compareNotes([note, note, note, note, ...many], '--json').map(({ text }) => text);
  expect(lines).toHaveLength(3);
  expect(lines.at(-1)).toBe(`${2 + many.length} more notes: --json`);
  expect(compareNotes([note], '--json')).toHaveLength(1);
});
