/** Tests focus and ignore against filtering every stack. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PstatError } from '../../src/base/errors.ts';
import { readProfile } from '../../src/input/read-bytes.ts';
import { buildCallGraph } from '../../src/model/call-graph.ts';
import { merge } from '../../src/model/merge.ts';
import { normalize } from '../../src/model/normalize/normalize.ts';
import type { StacksProfile } from '../../src/model/profile.ts';
import type { PatternLike } from '../../src/query/pattern.ts';
import { Stats, type StatsOptions } from '../../src/query/stats.ts';
import { draw } from '../support/draw.ts';
import {
  countEdges,
  countFunctions,
  edgeTable,
  functionTable,
  profileOf,
  type StackSample,
  stackSamples,
  withoutZeros,
} from '../support/stacks.ts';
import { traced, WORKED_EXAMPLE } from '../support/traced.ts';
import { accountedFor, record } from '../support/v8.ts';

/** The text that patterns match for functions of these drawings. */
const shown = (name: string) => `app.js:1(${name})`;

const pattern = fc.constantFrom<PatternLike>(
  '(a)',
  '(b)',
  '(c)',
  '1(',
  '/\\((a|b)\\)$/',
  /\(C\)/i,
  '/^[^(]*\\(e/',
  'zzz',
  '(no stack)',
);

function hits(wanted: PatternLike, { stack }: StackSample): boolean {
  const frames = stack.length === 0 ? [':0((no stack))'] : stack.map(shown);
  const [, source, flags] = /^\/(.+)\/([a-z]*)$/.exec(String(wanted)) ?? [];
  const test = source === undefined ? undefined : new RegExp(source, flags);
  return frames.some((frame) => (test === undefined ? frame.includes(String(wanted)) : test.test(frame)));
}

function tables({ graph }: Stats) {
  return { functions: functionTable(graph), edges: edgeTable(graph) };
}

describe('random patterns on random stacks', () => {
  const patterns = fc.array(pattern, { maxLength: 3 });

  test('keep the stacks that match every focus and no ignore', () => {
    fc.assert(
      fc.property(stackSamples, patterns, patterns, (stacks, focus, ignore) => {
        fc.pre(focus.length + ignore.length > 0);
        const kept = stacks.filter(
          (stack) => focus.every((wanted) => hits(wanted, stack)) && !ignore.some((no) => hits(no, stack)),
        );
        const stats = new Stats(profileOf(stacks), { focus, ignore });
        expect(tables(stats)).toEqual({ functions: countFunctions(kept), edges: countEdges(kept) });
        const weight = (list: readonly StackSample[]) => list.reduce((sum, each) => sum + each.weight, 0);
        const [all, counted] = [weight(stacks), weight(kept)];
        expect(stats.summary).toMatchObject({
          counted,
          shareOf: counted,
          excluded: all - counted,
          duration: all,
        });
        expect(stats.summary.samples).toBe(kept.length);
      }),
      { numRuns: 150 },
    );
  });

  test('focus and ignore of the same pattern add up to the profile', () => {
    fc.assert(
      fc.property(stackSamples, pattern, (stacks, wanted) => {
        const profile = profileOf(stacks);
        const [kept, dropped] = [{ focus: [wanted] }, { ignore: [wanted] }].map(
          (each) => new Stats(profile, each).summary,
        );
        const { counted, samples } = new Stats(profile).summary;
        expect((kept?.counted ?? 0) + (dropped?.counted ?? 0)).toBe(counted);
        expect(Number(kept?.samples) + Number(dropped?.samples)).toBe(samples);
      }),
    );
  });

  test('focus and ignore together of the same pattern keep nothing', () => {
    fc.assert(
      fc.property(stackSamples, pattern, (stacks, wanted) => {
        const stats = new Stats(profileOf(stacks), { focus: [wanted], ignore: [wanted] });
        expect(stats.functions()).toMatchObject({ rows: [], matched: 0, of: 0 });
        expect(stats.summary.excluded).toBe(stats.summary.duration);
      }),
    );
  });

  test('callers are those on the remaining stacks', () => {
    fc.assert(
      fc.property(stackSamples, (stacks) => {
        const kept = stacks.filter(({ stack }) => stack.includes('b'));
        const focused = new Stats(profileOf(stacks), { focus: ['(b)'] });
        const alone = new Stats(profileOf([...kept, { stack: [], weight: 0 }]));
        const names = (stats: Stats) =>
          stats
            .callers('(a)')
            .rows.flatMap(({ edges }) => edges.rows.map(({ name, self, total }) => [name, self, total]));
        expect(names(focused)).toEqual(names(alone));
      }),
    );
  });

  test('focus before merging equals focus after merging', () => {
    fc.assert(
      fc.property(stackSamples, stackSamples, pattern, (one, other, wanted) => {
        const merged = new Stats(merge([profileOf(one), profileOf(other)]), { focus: [wanted] });
        const kept = [...one, ...other].filter((stack) => hits(wanted, stack));
        expect(functionTable(merged.graph)).toEqual(countFunctions(kept));
      }),
    );
  });
});

describe('patterns', () => {
  const server = normalize(
    draw(`
      main  main  main  main  main  (program) (idle) (idle) (idle)
      parse parse parse print print
                  scan
    `),
    'server.cpuprofile',
  );
  const rowsOf = (options: StatsOptions) =>
    new Stats(server, options)
      .functions({ sort: ['name'] })
      .rows.map(({ name, self, total }) => `${name} ${self}/${total}`);

  test('keep the callers and callees of matches', () => {
    expect(rowsOf({ focus: ['parse'] })).toEqual(['main 0/3000', 'parse 2000/3000', 'scan 1000/1000']);
    expect(rowsOf({ focus: ['parse'], ignore: ['scan'] })).toEqual(['main 0/2000', 'parse 2000/2000']);
  });

  test('may match anywhere on a stack; every focus must match', () => {
    expect(rowsOf({ focus: ['main', 'scan'] })).toEqual(['main 0/1000', 'parse 0/1000', 'scan 1000/1000']);
    expect(rowsOf({ focus: ['parse', 'print'] })).toEqual([]);
    expect(rowsOf({ ignore: ['scan', 'print'] })).toEqual(['(program) 1000/1000', 'main 0/2000', 'parse 2000/2000']);
  });

  test('exclude (idle) like any other stack', () => {
    expect(new Stats(server, { focus: ['main'] }).summary).toMatchObject({ counted: 5000, idle: 0, excluded: 4000 });
    expect(new Stats(server, { focus: ['(idle)'], idle: true }).summary).toMatchObject({
      counted: 0,
      idle: 3000,
      shareOf: 3000,
    });
    expect(new Stats(server, { ignore: ['(idle)'] }).summary).toMatchObject({ counted: 6000, idle: 0, excluded: 3000 });
  });

  test("'' matches every stack", () => {
    expect(new Stats(server, { focus: [''] }).summary).toMatchObject({ counted: 6000, idle: 3000, excluded: 0 });
    expect(new Stats(server, { ignore: [''] }).summary).toMatchObject({ counted: 0, idle: 0, excluded: 9000 });
  });

  test('match the path as written and as displayed', () => {
    const rows = (focus: string, options: StatsOptions = {}) =>
      new Stats(record({ samples: 'main a', deltas: [0, 10], duration: 20 }), {
        focus: [focus],
        ...options,
      }).functions().of;
    expect(rows('file:///app.js:1(a)')).toBe(2);
    expect(rows('/^app\\.js/', { paths: 'base' })).toBe(2);
    expect(rows('/^app\\.js/', { paths: 'full' })).toBe(0);
  });

  // V8's (root) is on every stack: if it matched, `--ignore root` would exclude everything.
  test.each(['root', '(root)', '/\\(root\\)/', ':0('])('do not match %s, which is not a row', (wanted) => {
    expect(new Stats(server, { ignore: [wanted], focus: ['main'] }).summary.counted).toBe(5000);
  });

  test('change shares only by excluding time', () => {
    const { shareOf, counted } = new Stats(server, { focus: ['print'] }).summary;
    expect([shareOf, counted]).toEqual([2000, 2000]);
  });

  test('that are invalid are rejected', () => {
    for (const options of [{ focus: ['/(/'] }, { ignore: ['/(/'] }]) {
      expect(() => new Stats(server, options)).toThrow(PstatError);
    }
  });
});

test('garbage collection stays with the stack that it interrupted', () => {
  const profile = record({ samples: 'a gc b gc', deltas: [0, 1000, 1000, 1000], duration: 4000 });
  const { functions } = tables(new Stats(profile, { focus: ['(b)'] }));
  expect(withoutZeros(functions)).toEqual({
    main: [0, 2000, 0, 2],
    b: [1000, 2000, 1, 2],
    '(garbage collector)': [1000, 1000, 1, 1],
  });
});

test('beforeFirstSample and afterLastSample are not excluded', () => {
  const profile = record({ samples: 'a lost b', deltas: [5000, 1000, 1000], duration: 90_000 });
  const { summary } = new Stats(profile, { focus: ['(b)'] });
  expect(summary).toMatchObject({
    beforeFirstSample: 5000,
    afterLastSample: profile.afterLastSample,
    excluded: 1000,
    counted: 1000,
  });
  expect(accountedFor(summary)).toBe(90_000);
});

describe('edges profiles are rejected', () => {
  const pairs = [traced(WORKED_EXAMPLE), readProfile(sampledPairs(), 'x.pstats')];

  test.each(pairs.map((profile) => [profile.format, profile] as const))('%s', (_, profile) => {
    for (const options of [{ focus: ['work'] }, { ignore: ['work'] }, { focus: [''], ignore: [''] }]) {
      try {
        new Stats(profile, options);
        expect.fail('no error');
      } catch (error) {
        expect(error).toBeInstanceOf(PstatError);
        expect(error).toMatchObject({
          kind: 'missing-data',
          fact: expect.stringMatching(/caller-callee edges, not stacks/),
        });
      }
    }
    expect(new Stats(profile, { focus: [], ignore: [] }).profile).toBe(profile);
  });

  /** ('__sampled__',): True, and nothing else. */
  function sampledPairs(): Uint8Array {
    return Buffer.concat([Buffer.from('{(\x01\0\0\0u\x0b\0\0\0__sampled__T0', 'latin1')]);
  }
});

test('the input profile does not change', () => {
  const profile: StacksProfile = profileOf([
    { stack: ['a', 'b'], weight: 10 },
    { stack: [], weight: 0 },
  ]);
  const before = functionTable(buildCallGraph(profile));
  new Stats(profile, { focus: ['zzz'] });
  expect(functionTable(buildCallGraph(profile))).toEqual(before);
  expect(profile.excluded).toBe(0);
});
