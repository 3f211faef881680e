/** Tests merging against sums over the stacks of all files. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PstatError } from '../../src/base/errors.ts';
import { buildCallGraph } from '../../src/model/call-graph.ts';
import { addCounts } from '../../src/model/count.ts';
import { withoutAddresses } from '../../src/model/function-names.ts';
import { merge, ProfileMerger } from '../../src/model/merge.ts';
import { mergeLines } from '../../src/model/merge-lines.ts';
import { normalize } from '../../src/model/normalize/normalize.ts';
import type { EdgesProfile, Profile, StacksProfile } from '../../src/model/profile.ts';
import { draw } from '../support/draw.ts';
import { noteTexts } from '../support/notes.ts';
import {
  countEdges,
  countFunctions,
  edgeTable,
  type FigureTable,
  functionTable,
  profileOf,
  stackSamples,
} from '../support/stacks.ts';
import { type Dict, type Entry, traced } from '../support/traced.ts';
import { accountedFor, record, summaryOf } from '../support/v8.ts';

function sampled(profile: Profile): StacksProfile {
  if (!('callTree' in profile)) throw new Error('not sampled');
  return profile;
}

function tables(profile: Profile) {
  const graph = buildCallGraph(profile);
  return { functions: functionTable(graph), edges: edgeTable(graph), sums: graph.sums };
}

/** Adds two tables row by row. */
function added(first: FigureTable, second: FigureTable): FigureTable {
  const sums: Record<string, FigureTable[string]> = { ...first };
  for (const [name, figure] of Object.entries(second)) {
    const known = first[name];
    sums[name] =
      known === undefined
        ? figure
        : [known[0] + figure[0], known[1] + figure[1], addCounts(known[2], figure[2]), addCounts(known[3], figure[3])];
  }
  return sums;
}

const NAMES = ['app.py:1(f)', 'app.py:2(g)', 'app.py:3(h)', '{built-in method len}', 'gone.py:1(x)'];

/** Times in quarters of a second, which add up exactly in any order; counts on both sides of 2^53. */
const time = fc.nat(4000).map((quarters) => quarters / 4);
const count = fc.oneof(fc.nat(1000), fc.constantFrom(2 ** 53 - 1, 2n ** 53n, 2n ** 70n));
const caller = fc.oneof(fc.tuple(count, count, time, time), count);
const entry: fc.Arbitrary<Entry> = fc.tuple(
  count,
  count,
  time,
  time,
  fc.dictionary(fc.constantFrom(...NAMES), caller, { noNullPrototype: true }),
);
const dicts: fc.Arbitrary<Dict> = fc.dictionary(fc.constantFrom(...NAMES.slice(0, 4)), entry, {
  noNullPrototype: true,
});

describe('one profile', () => {
  test('is returned as it is', () => {
    const profile = record({ samples: 'a', deltas: [10], duration: 20 });
    expect(merge([profile])).toBe(profile);
    const calls = traced({ 'a.py:1(<function f at 0x7f01>)': [1, 1, 1, 1, {}] });
    expect(merge([calls])).toBe(calls);
  });
});

describe('ProfileMerger', () => {
  test('returns null for no profile and a single profile as it is', () => {
    const merging = new ProfileMerger();
    expect(merging.finish()).toBeNull();
    const profile = profileOf([]);
    merging.add(profile);
    expect(merging.finish()).toBe(profile);
  });

  test('does not change profiles', () => {
    fc.assert(
      fc.property(fc.array(dicts, { minLength: 1, maxLength: 4 }), (files) => {
        const [first = {}, ...others] = files;
        const merging = new ProfileMerger();
        for (const dict of files) merging.add(Object.freeze(traced(dict)));
        expect(merging.finish()).toEqual(merge([traced(first), ...others.map((dict) => traced(dict))]));
      }),
    );
  });

  test('rejects a profile of another kind in add', () => {
    const merging = new ProfileMerger();
    merging.add(profileOf([]));
    expect(() => merging.add(traced({}))).toThrow(PstatError);
  });
});

describe('sampled profiles', () => {
  test('merged with itself have every value twice', () => {
    fc.assert(
      fc.property(stackSamples, (stacks) => {
        const profile = profileOf(stacks);
        const once = tables(profile);
        expect(tables(merge([profile, profile]))).toEqual({
          functions: added(once.functions, once.functions),
          edges: added(once.edges, once.edges),
          sums: {
            counted: once.sums.counted * 2,
            idle: 0,
            selfCount: Number(once.sums.selfCount) * 2,
            totalCount: null,
          },
        });
      }),
    );
  });

  test('have the sums over the stacks of all files', () => {
    fc.assert(
      fc.property(fc.array(stackSamples, { minLength: 1, maxLength: 4 }), (files) => {
        const [first = [], ...others] = files;
        const merged = merge([profileOf(first), ...others.map((stacks) => profileOf(stacks))]);
        expect(functionTable(buildCallGraph(merged))).toEqual(countFunctions(files.flat()));
        expect(edgeTable(buildCallGraph(merged))).toEqual(countEdges(files.flat()));
      }),
    );
  });

  test('give the same values in any order', () => {
    fc.assert(
      fc.property(stackSamples, stackSamples, stackSamples, (x, y, z) => {
        const [a, b, c] = [profileOf(x), profileOf(y), profileOf(z)];
        expect(tables(merge([c, a, b]))).toEqual(tables(merge([a, b, c])));
        expect(tables(merge([merge([a, b]), c]))).toEqual(tables(merge([a, b, c])));
      }),
    );
  });

  test('have one call node per path', () => {
    const one = draw(`
      main main
      a    b
    `);
    const other = draw(`
      main main
      b    a
    `);
    const [first, second] = [normalize(one, 'one'), normalize(other, 'other')];
    expect(sampled(merge([first, second])).callTree.length).toBe(sampled(first).callTree.length);
  });

  test('have a call tree in depth-first order', () => {
    fc.assert(
      fc.property(stackSamples, stackSamples, (x, y) => {
        const { parent, subtreeEnd } = sampled(merge([profileOf(x), profileOf(y)])).callTree;
        parent.forEach((above, node) => {
          expect(above).toBeLessThan(node);
          expect(subtreeEnd[node]).toBeGreaterThan(node);
          if (above !== -1) expect(subtreeEnd[node]).toBeLessThanOrEqual(subtreeEnd[above] ?? 0);
        });
      }),
    );
  });

  const first = record({ samples: 'a idle gc lost', deltas: [5000, 1000, 1000, 1000], duration: 100_000 });
  const second = record({ samples: 'a gc b', deltas: [300, 1000, 1000], duration: 4000 });

  test('add up durations, and the breakdown holds', () => {
    const merged = sampled(merge([first, second]));
    expect(merged).toMatchObject({
      duration: 104_000,
      beforeFirstSample: 5300,
      afterLastSample: first.afterLastSample + second.afterLastSample,
    });
    expect(accountedFor(summaryOf(merged))).toBe(104_000);
  });

  test('keep idle time separate and garbage collection attached', () => {
    const { functions, edges } = tables(merge([first, second]));
    expect(functions['(idle)']).toEqual([1000, 1000, 1, 1]);
    expect(functions['(garbage collector)']).toEqual([2000, 2000, 2, 2]);
    expect(edges['a > (garbage collector)']).toEqual([1000, 1000, 1, 1]);
  });

  test('list all sources in the given order', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((name) => normalize(draw('main'), name));
    if (a === undefined || b === undefined || c === undefined) throw new Error('three were drawn');
    expect(merge([merge([b, a]), c]).sources).toEqual(['b', 'a', 'c']);
  });

  test('keep the interval if all files have the same one', () => {
    const every = (interval: number) => normalize(draw('main main main', { interval }), 'drawing');
    const single = normalize(draw('main'), 'drawing');
    expect(sampled(merge([every(1000), every(1000)])).interval).toBe(1000);
    expect(sampled(merge([every(1000), every(500)])).interval).toBeNull();
    expect(sampled(merge([single, every(500)])).interval).toBeNull();
    expect(sampled(merge([every(500), single])).interval).toBeNull();
  });

  test('have no timeline', () => {
    expect(first.timeline).not.toBeNull();
    expect(sampled(merge([first, second])).timeline).toBeNull();
  });

  test('do not change the input profiles', () => {
    const before = tables(first);
    merge([first, first, second]);
    expect(tables(first)).toEqual(before);
  });

  test('name the file of each note', () => {
    const named = normalize(draw('main'), 'quiet.cpuprofile');
    const notes = noteTexts(merge([first, named]));
    expect(notes.length).toBe(first.notes.length);
    for (const note of notes) expect(note).toContain('test.cpuprofile');
  });
});

describe('traced profiles', () => {
  test('merged with itself have every value twice', () => {
    fc.assert(
      fc.property(dicts, (dict) => {
        const once = tables(traced(dict));
        const { functions, edges } = tables(merge([traced(dict), traced(dict)]));
        expect(functions).toEqual(added(once.functions, once.functions));
        expect(edges).toEqual(added(once.edges, once.edges));
      }),
    );
  });

  test('have the sums of all functions and edges', () => {
    fc.assert(
      fc.property(dicts, dicts, (x, y) => {
        const [one, other] = [tables(traced(x)), tables(traced(y))];
        const { functions, edges } = tables(merge([traced(x), traced(y)]));
        expect(functions).toEqual(added(one.functions, other.functions));
        expect(edges).toEqual(added(one.edges, other.edges));
      }),
    );
  });

  test('give the same values in any order', () => {
    fc.assert(
      fc.property(dicts, dicts, dicts, (x, y, z) => {
        const [a, b, c] = [traced(x), traced(y), traced(z)];
        expect(tables(merge([c, a, b]))).toEqual(tables(merge([a, b, c])));
      }),
    );
  });

  test('list functions in order of first appearance', () => {
    const one = traced({ 'a:1(g)': [1, 1, 1, 1, {}], 'a:2(f)': [1, 1, 1, 1, {}] });
    const other = traced({ 'a:3(e)': [1, 1, 1, 1, {}], 'a:1(g)': [1, 1, 1, 1, {}] });
    const { rows, functions } = buildCallGraph(merge([one, other]));
    expect(Array.from(rows, (fn) => functions.name[fn])).toEqual(['g', 'f', 'e']);
  });

  test('have a row for a caller that has metrics in one file only', () => {
    const one = traced({ 'a:2(g)': [1, 1, 1, 1, { 'a:1(f)': [1, 1, 1, 1] }] });
    const other = traced({ 'a:1(f)': [3, 3, 3, 3, {}] });
    expect(tables(merge([one, other])).functions).toEqual({ g: [1, 1, 1, 1], f: [3, 3, 3, 3] });
  });

  test('add counts beyond 2^53 exactly', () => {
    const calls = traced({ 'a:1(f)': [1, 2 ** 53 - 1, 1, 1, {}] });
    expect(tables(merge([calls, calls])).functions).toEqual({ f: [2, 2, 2n ** 54n - 2n, 2] });
  });
});

describe('object addresses in names', () => {
  const named = (address: string) => ({ [`a.py:1(<function f at ${address}>)`]: [1, 1, 1, 1, {}] }) satisfies Dict;

  test('are removed before functions are compared', () => {
    const merged = merge([traced(named('0x7f1300aa')), traced(named('0x7F99bbCC'))]);
    expect(tables(merged).functions).toEqual({ '<function f>': [2, 2, 2, 2] });
  });

  test('are removed within one file if it is merged', () => {
    const twice = traced({ ...named('0x1'), ...named('0x2') });
    expect(buildCallGraph(twice).rows.length).toBe(2);
    expect(tables(merge([twice, traced({})])).functions).toEqual({ '<function f>': [2, 2, 2, 2] });
  });

  test('are removed from callers', () => {
    const calling = (address: string): EdgesProfile =>
      traced({ 'a:2(g)': [1, 1, 1, 1, { [`a:1(<f at ${address}>)`]: [1, 1, 1, 1] }] });
    expect(tables(merge([calling('0x1'), calling('0x2')])).edges).toEqual({ '<f> > g': [2, 2, 2, 2] });
  });

  test('stay in a single profile', () => {
    expect(Object.keys(tables(merge([traced(named('0x7f13'))])).functions)).toEqual(['<function f at 0x7f13>']);
  });

  test.each([
    ['<function f at 0x7f13>', '<function f>'],
    ['<a at 0x1 b at 0xAb>', '<a b>'],
    ['look at 0 x', 'look at 0 x'],
    ['cat0x1', 'cat0x1'],
    ['f', 'f'],
  ])('%s is %s', (name, cut) => expect(withoutAddresses(name)).toBe(cut));
});

describe('profiles of different kinds', () => {
  const samples = normalize(draw('main'), 'a.cpuprofile');
  const calls = traced({ 'a:1(f)': [1, 1, 1, 1, {}] }, 'b.prof');

  test.each([
    ['samples first', [samples, calls] as const],
    ['calls first', [calls, samples] as const],
    ['the last of many', [samples, samples, calls] as const],
  ])('do not merge: %s', (_, profiles) => {
    const rejected = catchError(() => merge([...profiles]));
    expect(rejected.kind).toBe('missing-data');
    expect(rejected.message).toMatch(/samples.*calls|calls.*samples/);
    expect(rejected.message).toMatch(/a\.cpuprofile.*b\.prof|b\.prof.*a\.cpuprofile/);
  });

  function catchError(run: () => unknown): PstatError {
    try {
      run();
    } catch (error) {
      if (error instanceof PstatError) return error;
      throw error;
    }
    throw new Error('nothing was rejected');
  }
});

describe('mergeLines', () => {
  /** Functions on the lines that were executing, as Bun writes them: `f:3` is line 3 of f. */
  const executing = (picture: string): StacksProfile => {
    const describe = (key: string) => {
      const [name = '', line = '0'] = key.split(':');
      return { kind: 'js', name: name === '_' ? '' : name, file: 'app.js', line: Number(line), column: 7 } as const;
    };
    return { ...sampled(normalize(draw(picture, { describe }), 'bun.cpuprofile')), linesAreSampled: true };
  };
  const placesOf = (profile: Profile) => {
    const { functions, rows } = buildCallGraph(profile);
    return Array.from(rows, (fn) => `${functions.name[fn]}:${functions.line[fn]}:${functions.column[fn]}`).sort();
  };

  const profile = executing(`
    main:1 main:2 main:2 main:3
    f:10   f:10   f:12   f:12
           f:11
  `);

  test('merges rows of one name and file at the first line, without a column', () => {
    expect(placesOf(profile)).toHaveLength(6);
    expect(placesOf(mergeLines(profile))).toEqual(['f:10:0', 'main:1:0']);
  });

  test('makes one row of a function whose module was imported again with another query or fragment', () => {
    const files = ['file:///srv/a.mjs', 'file:///srv/a.mjs?update=2', 'file:///srv/a.mjs#frag', 'http://h/a.js?id=1'];
    const describe = (name: string) =>
      ({ kind: 'js', name: 'f', file: files[Number(name.slice(1))] ?? '', line: 3, column: 1 }) as const;
    const again = mergeLines(normalize(draw('f0 f1 f2 f3', { describe }), 'x.cpuprofile'));
    const { functions, rows } = buildCallGraph(again);
    expect(Array.from(rows, (fn) => functions.file[fn])).toEqual(['file:///srv/a.mjs', 'http://h/a.js?id=1']);
  });

  test('counts a stack once for a function that was on it in several rows', () => {
    expect(tables(mergeLines(profile)).functions).toEqual({ main: [0, 4000, 0, 4], f: [4000, 4000, 4, 4] });
    expect(tables(mergeLines(profile)).edges).toEqual({
      'main > f': [3000, 4000, 3, 4],
      'f > f': [1000, 1000, 1, 1],
    });
  });

  test('keeps functions of other files and functions without a name', () => {
    const anonymous = executing(`
      _:1 _:2 <lambda>:3 <lambda>:4 <module>:5 <module>:6
    `);
    expect(placesOf(mergeLines(anonymous))).toEqual([':1:7', ':2:7', '<lambda>:3:7', '<lambda>:4:7', '<module>:5:0']);
    const calls = traced({ 'a.py:1(f)': [1, 1, 1, 1, {}], 'b.py:2(f)': [1, 1, 1, 1, {}] });
    expect(placesOf(mergeLines(calls))).toEqual(['f:1:0', 'f:2:0']);
  });

  test('adds up functions and edges of edges profiles', () => {
    const pairs = traced({
      'a.py:10(main)': [1, 40, 0.25, 4, {}],
      'a.py:11(main)': [2, 20, 0.5, 2, {}],
      'b.py:20(f)': [30, 30, 3, 3, { 'a.py:10(main)': 30 }],
      'b.py:21(f)': [27, 27, 2.5, 2.5, { 'a.py:10(main)': 9, 'a.py:11(main)': 18 }],
    });
    expect(tables(mergeLines(pairs))).toMatchObject({
      functions: { main: [0.75, 6, 60, 3], f: [5.5, 5.5, 57, 57] },
      edges: { 'main > f': [Number.NaN, Number.NaN, 57, Number.NaN] },
    });
  });

  describe('cumtimes of edges profiles, which can only be added', () => {
    const notesOf = (dict: Parameters<typeof traced>[0]) => noteTexts(mergeLines(traced(dict)));
    const row = [1, 1, 1, 2] as const;
    const ONE = '1 function may be recursive: its cumtime is the sum over its lines, and may count time more than once';

    test('are noted if one line of a function calls another', () => {
      expect(notesOf({ 'a.py:1(f)': [...row, {}], 'a.py:2(f)': [...row, { 'a.py:1(f)': 1 }] })).toEqual([ONE]);
    });

    test('are noted if several functions call each other in a cycle', () => {
      const circle = { 'a.py:1(f)': [...row, { 'b.py:1(g)': 1 }], 'a.py:2(f)': [...row, {}] } as const;
      expect(notesOf({ ...circle, 'b.py:1(g)': [...row, { 'a.py:2(f)': 1 }] })).toEqual([ONE]);
      expect(
        notesOf({
          ...circle,
          'b.py:1(g)': [...row, { 'a.py:2(f)': 1 }],
          'b.py:2(g)': [...row, { 'a.py:1(f)': 1 }],
        }),
      ).toEqual([expect.stringMatching(/^2 functions may be recursive: their cumtimes/)]);
    });

    test('are not noted if no line calls another', () => {
      const main = { 'a.py:9(main)': [...row, {}] } as const;
      const lines = {
        'a.py:1(f)': [...row, { 'a.py:9(main)': 1 }],
        'a.py:2(f)': [...row, { 'a.py:9(main)': 1 }],
      } as const;
      expect(notesOf({ ...main, ...lines })).toEqual([]);
      expect(notesOf({ ...main, ...lines, 'b.py:1(g)': [...row, { 'a.py:2(f)': 1 }] })).toEqual([]);
    });

    test('are not noted for a recursive function with one line', () => {
      const lambdas = {
        'a.py:1(<lambda>)': [...row, { 'a.py:2(<lambda>)': 1 }],
        'a.py:2(<lambda>)': [...row, {}],
      } as const;
      expect(
        notesOf({
          ...lambdas,
          'a.py:2(<lambda>)': [...row, { 'a.py:1(<lambda>)': 1 }],
          'a.py:3(f)': [...row, {}],
          'a.py:4(f)': [...row, {}],
        }),
      ).toEqual([]);
      expect(
        notesOf({
          'a.py:1(f)': [...row, { 'a.py:1(f)': 1 }],
          'b.py:1(g)': [...row, { 'a.py:1(f)': 1 }],
          'b.py:2(g)': [...row, { 'a.py:1(f)': 1 }],
        }),
      ).toEqual([]);
    });
  });

  test('keeps totals and metadata', () => {
    fc.assert(
      fc.property(stackSamples, (stacks) => {
        const before = profileOf(stacks);
        const after = sampled(mergeLines(before));
        const { duration, beforeFirstSample, afterLastSample, excluded, interval, sources, format, notes } = before;
        expect(after).toMatchObject({
          duration,
          beforeFirstSample,
          afterLastSample,
          excluded,
          interval,
          sources,
          format,
          notes,
        });
        expect(tables(after)).toEqual(tables(before)); // each function of these drawings has one line
      }),
    );
  });

  test('removes the note that suggests --merge-lines', () => {
    expect(noteTexts(summaryOf(profile)).join()).toMatch(/^2 functions have one row per executed line; --merge-lines/);
    expect(noteTexts(summaryOf(sampled(mergeLines(profile))))).toEqual([]);
  });

  test('does not count unnamed functions in the note', () => {
    expect(noteTexts(summaryOf(executing('_:1 _:2 <lambda>:3 <lambda>:4')))).toEqual([]);
  });

  test('keeps object addresses in names', () => {
    const calls = traced({ 'a.py:1(<function f at 0x7f13>)': [1, 1, 1, 1, {}] });
    expect(Object.keys(tables(mergeLines(calls)).functions)).toEqual(['<function f at 0x7f13>']);
  });
});
