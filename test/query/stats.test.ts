/** Tests queries: selection, order and number of rows. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PstatError } from '../../src/base/errors.ts';
import type { FunctionInfo } from '../../src/model/function-table.ts';
import { normalize } from '../../src/model/normalize/normalize.ts';
import type { Profile } from '../../src/model/profile.ts';
import type { PatternLike } from '../../src/query/pattern.ts';
import { type FunctionRow, type Query, Stats, type StatsOptions } from '../../src/query/stats.ts';
import { draw } from '../support/draw.ts';
import { noteTexts } from '../support/notes.ts';
import { profileOf, stackSamples } from '../support/stacks.ts';
import { traced, WORKED_EXAMPLE } from '../support/traced.ts';

/**
 *     function   self   total   (ms)
 *     main          0       6
 *     parse         2       3
 *     scan          1       1
 *     print         2       2
 *     (program)     1       1
 *     (idle)        3       3
 */
const SERVER = normalize(
  draw(`
    main  main  main  main  main  (program) (idle) (idle) (idle)
    parse parse parse print print
                scan
  `),
  'server.cpuprofile',
);
const server = new Stats(SERVER);
const python = new Stats(traced(WORKED_EXAMPLE));

const names = ({ rows }: { rows: readonly FunctionRow[] }) => rows.map(({ name }) => name);

describe('functions', () => {
  test('are all but (idle) and (root), sorted by tottime', () => {
    const answer = server.functions();
    expect(names(answer)).toEqual(['parse', 'print', '(program)', 'scan', 'main']);
    expect(answer.sort).toEqual(['tottime']);
  });

  test('have times in µs, samples and cumsamples', () => {
    const [parse] = server.functions().rows;
    expect(parse).toMatchObject({ name: 'parse', self: 2000, total: 3000, selfCount: 2, totalCount: 3 });
  });

  test('of Python have times in µs, calls and primitive calls', () => {
    const { rows } = python.functions({ filter: ['/app/lib'] });
    expect(rows).toMatchObject([{ name: 'work', self: 1.5e6, total: 4e6, selfCount: 10, totalCount: 4 }]);
  });

  test('have null for what the file does not have', () => {
    const native = { kind: 'native', name: '', file: '', line: 0, column: 0 } as const;
    const [row] = new Stats(profileWith(native)).functions().rows;
    expect(row).toMatchObject({ name: '', shownName: '(anonymous)', file: null, line: null, column: null });
  });

  test('have the functions of functionOrder', () => {
    for (const query of [{}, { sort: ['name'], limit: 3 }, { sort: ['cumtime'], reverse: true }] as const) {
      expect(server.functionOrder(query)).toEqual(server.functions(query).rows.map((row) => row.function));
    }
  });

  test('are sorted by the given key', () => {
    expect(names(server.functions({ sort: ['name'] }))).toEqual(['(program)', 'main', 'parse', 'print', 'scan']);
    expect(names(server.functions({ sort: ['cumtime', 'name'] }))).toEqual([
      'main',
      'parse',
      'print',
      '(program)',
      'scan',
    ]);
    expect(names(python.functions({ sort: ['ncalls'], limit: 2 }))).toEqual([
      '<built-in method builtins.len>',
      "<method 'append' of 'list' objects>",
    ]);
    expect(() => server.functions({ sort: ['ncalls'] })).toThrow(PstatError);
  });

  test('are reversed by `reverse`', () =>
    expect(names(server.functions({ reverse: true }))).toEqual(names(server.functions()).toReversed()));

  test('reversed and limited are the last rows', () =>
    expect(names(server.functions({ reverse: true, limit: 2 }))).toEqual(['main', 'scan']));
});

describe('--filter and --exclude', () => {
  const asked = (query: Query) => names(server.functions({ sort: ['name'], ...query }));

  test('keep rows that match every filter', () => {
    expect(asked({ filter: ['p'] })).toEqual(['(program)', 'main', 'parse', 'print', 'scan']);
    expect(asked({ filter: ['1(p'] })).toEqual(['parse', 'print']);
    expect(asked({ filter: ['1(p', 'nt'] })).toEqual(['print']);
  });

  test('drop rows that match any exclude', () => {
    expect(asked({ exclude: ['scan', '/\\(main\\)/'] })).toEqual(['(program)', 'parse', 'print']);
    expect(asked({ filter: ['app.js:1('], exclude: ['print', '(program)'] })).toEqual(['main', 'parse', 'scan']);
  });

  test('of the same pattern divide the rows', () => {
    const pattern = fc.constantFrom<PatternLike>('', 'a', '(p', 'main', '/^app/', '/r/', /I/i, ':1(', 'nothing');
    const patterns = fc.array(pattern, { maxLength: 3 });
    fc.assert(
      fc.property(patterns, patterns, (filter, exclude) => {
        const { rows, matched, of } = server.functions({ filter, exclude });
        const hits = (wanted: PatternLike) => new Set(names(server.functions({ filter: [wanted] })));
        const kept = names(server.functions()).filter(
          (name) => filter.every((wanted) => hits(wanted).has(name)) && !exclude.some((no) => hits(no).has(name)),
        );
        expect(names({ rows })).toEqual(kept);
        expect([matched, of]).toEqual([kept.length, 5]);
      }),
    );
  });

  test('match file:line(name) as written and as displayed', () => {
    const file = 'file:///srv/my%20app/lib/x.js';
    const stats = (options?: StatsOptions) =>
      new Stats(profileWith({ kind: 'js', name: '', file, line: 7, column: 1 }), options);
    const found = (pattern: string, options?: StatsOptions) =>
      names(stats(options).functions({ filter: [pattern] })).length === 1;
    expect(
      ['my%20app/lib/x.js:7(', 'lib/x.js:7((anonymous))', '/^lib\\//', '/:7\\(\\)$/'].map((p) => found(p)),
    ).toEqual([true, true, true, true]);
    expect(found('/^x\\.js/')).toBe(false);
    expect(found('/^x\\.js/', { paths: 'base' })).toBe(true);
  });

  test('match the kind of what is in no file', () => {
    const native = { kind: 'native', name: 'writev', file: '', line: 0, column: 0 } as const;
    const stats = new Stats(profileWith(native));
    const counts = ['native(writev)', 'writev', '/^writev$/', 'native:'].map(
      (pattern) => stats.functions({ filter: [pattern] }).rows.length,
    );
    expect(counts).toEqual([1, 1, 1, 0]);
  });

  test("match Python's built-ins in braces", () => {
    expect(names(python.functions({ filter: ['/^\\{/'] }))).toHaveLength(2);
    expect(names(python.functions({ filter: ['/\\(work\\)$/'] }))).toEqual(['work', 'work']);
  });

  test('do not change values or shareOf', () => {
    const narrowed = server.functions({ filter: ['parse'] }).rows;
    expect(narrowed).toEqual(server.functions().rows.filter(({ name }) => name === 'parse'));
    expect(server.summary).toMatchObject({ counted: 6000, idle: 3000, shareOf: 6000, excluded: 0 });
  });
});

describe('--limit', () => {
  test('keeps that many rows and returns the number of matches', () => {
    expect(server.functions({ limit: 2 })).toMatchObject({ matched: 5, of: 5, rows: { length: 2 } });
    expect(server.functions({ limit: 2, exclude: ['main'] })).toMatchObject({ matched: 4, of: 5, rows: { length: 2 } });
  });

  test('0 and undefined keep all rows', () => {
    expect(server.functions({ limit: 0 }).rows).toHaveLength(5);
    expect(server.functions().rows).toHaveLength(5);
  });

  test('a share refers to the matching rows', () => {
    expect(server.functions({ limit: '50%' }).rows).toHaveLength(3);
    expect(server.functions({ limit: '50%', exclude: ['main'] }).rows).toHaveLength(2);
  });
});

describe('--idle', () => {
  const idle = new Stats(SERVER, { idle: true });

  test('adds the row (idle)', () =>
    expect(names(idle.functions())).toEqual(['(idle)', 'parse', 'print', '(program)', 'scan', 'main']));

  test('adds its time to shareOf', () => expect([server.summary.shareOf, idle.summary.shareOf]).toEqual([6000, 9000]));

  test('changes nothing else', () => {
    expect(idle.functions({ exclude: ['(idle)'] }).rows).toEqual(server.functions().rows);
    expect({ ...idle.summary, shareOf: null }).toEqual({ ...server.summary, shareOf: null });
    expect(idle.callers('', { limit: 0 }).rows.filter(({ name }) => name !== '(idle)')).toEqual(
      server.callers('').rows,
    );
  });

  test('does not affect a traced profile', () =>
    expect(new Stats(traced(WORKED_EXAMPLE), { idle: true }).functions()).toEqual(python.functions()));
});

describe('the summary', () => {
  test('of samples breaks down the duration', () =>
    expect(server.summary).toMatchObject({
      sources: ['server.cpuprofile'],
      counts: 'samples',
      stacks: true,
      duration: 9000,
      counted: 6000,
      idle: 3000,
      excluded: 0,
      beforeFirstSample: 0,
      afterLastSample: 0,
      samples: 9,
      interval: 1000,
      ncalls: null,
      pcalls: null,
    }));

  test('of calls has their number and no breakdown', () =>
    expect(python.summary).toMatchObject({
      counts: 'calls',
      stacks: false,
      duration: null,
      counted: 6e6,
      idle: null,
      excluded: null,
      beforeFirstSample: null,
      afterLastSample: null,
      samples: null,
      interval: null,
      ncalls: 1266,
      pcalls: 1260,
      shareOf: 6e6,
    }));

  test('notes a cumtime above the sum of tottimes', () => {
    const long = new Stats(traced({ 'a.py:1(f)': [1, 1, 1, 9, {}] }));
    expect(noteTexts(long.summary).join()).toMatch(/cumtime/);
    expect(long.functions().rows[0]?.total).toBe(9e6);
    expect(noteTexts(python.summary)).toEqual([]);
  });
});

describe('callers and callees', () => {
  const relations = (answer: ReturnType<Stats['callers']>) =>
    Object.fromEntries(answer.rows.map((row) => [row.name, names(row.edges)]));

  test('return each matching function with its callers or callees', () => {
    expect(relations(server.callers(''))).toEqual({
      parse: ['main'],
      print: ['main'],
      '(program)': [],
      scan: ['parse'],
      main: [],
    });
    expect(relations(server.callees('main'))).toEqual({ main: ['parse', 'print'] });
  });

  test('have the metrics of the edge, not of the function at its end', () => {
    const [parse] = server.callees('main').rows[0]?.edges.rows ?? [];
    expect(parse).toMatchObject({ name: 'parse', self: 2000, total: 3000, selfCount: 2, totalCount: 3 });
    const [main] = server.callers('parse').rows[0]?.edges.rows ?? [];
    expect(main).toMatchObject({ name: 'main', self: 2000, total: 3000, selfCount: 2, totalCount: 3 });
  });

  test("of Python have the edge's calls, primitive calls and times", () => {
    const edges = python.callers('/app/lib/util.py').rows[0]?.edges.rows ?? [];
    expect(edges).toMatchObject([
      { name: 'handle', selfCount: 4, totalCount: 4, self: 0.9e6, total: 4e6 },
      { name: 'work', selfCount: 6, totalCount: 0, self: 0.6e6, total: 1e6 },
    ]);
  });

  test('sort outer rows by tottime and inner rows by cumtime', () => {
    const { sort, rows } = server.callees('');
    expect(sort).toEqual(['tottime']);
    expect(rows[0]?.edges.sort).toEqual(['cumtime']);
    expect(names(server.callees('main').rows[0]?.edges ?? { rows: [] })).toEqual(['parse', 'print']);
  });

  test('sort both levels by the given key', () => {
    const { rows } = server.callees('', { sort: ['name'], reverse: true });
    expect(names({ rows })).toEqual(['scan', 'print', 'parse', 'main', '(program)']);
    expect(names(rows[3]?.edges ?? { rows: [] })).toEqual(['print', 'parse']);
  });

  test('without edge times sort inner rows by calls', () => {
    const counted = new Stats(
      traced({
        'a.py:1(f)': [1, 1, 1, 1, {}],
        'a.py:2(g)': [1, 1, 1, 1, {}],
        'a.py:3(h)': [5, 5, 1, 1, { 'a.py:1(f)': 2, 'a.py:2(g)': 3 }],
      }),
    );
    const [h] = counted.callers('(h)').rows;
    expect(h?.edges.rows).toMatchObject([
      { name: 'g', selfCount: 3, totalCount: null, self: null, total: null },
      { name: 'f', selfCount: 2 },
    ]);
  });

  test('select outer rows by FUNCTION and inner rows by filters', () => {
    expect(relations(server.callees('', { filter: ['print'] }))).toEqual({
      parse: [],
      print: [],
      '(program)': [],
      scan: [],
      main: ['print'],
    });
    expect(relations(server.callees('main', { exclude: ['main'] }))).toEqual({ main: ['parse', 'print'] });
    expect(relations(server.callees('main', { exclude: ['parse'] }))).toEqual({ main: ['print'] });
  });

  test('return the number of matches at both levels', () => {
    const answer = server.callees('p', { filter: ['print'], limit: 3 });
    expect(answer).toMatchObject({ matched: 5, of: 5, rows: { length: 3 } });
    const [main] = server.callees('main', { filter: ['print'] }).rows;
    expect(main?.edges).toMatchObject({ matched: 1, of: 2 });
    expect(server.callers('nothing')).toMatchObject({ matched: 0, of: 5, rows: [] });
  });

  test('apply the limit at both levels', () => {
    fc.assert(
      fc.property(stackSamples, fc.nat(4), (stacks, limit) => {
        const stats = new Stats(profileOf(stacks));
        const [all, limited] = [stats.callees(''), stats.callees('', { limit })];
        const kept = <T>(rows: readonly T[]) => (limit === 0 ? rows : rows.slice(0, limit));
        expect(names(limited)).toEqual(kept(names(all)));
        expect(limited.matched).toBe(all.matched);
        limited.rows.forEach(({ edges }, i) => {
          const whole = all.rows[i]?.edges;
          expect(edges.rows).toEqual(kept(whole?.rows ?? []));
          expect(edges.matched).toBe(whole?.matched);
        });
      }),
    );
  });

  test('have the same edges in both directions', () => {
    const pairs = (answer: ReturnType<Stats['callers']>, way: (row: string, edge: string) => string) =>
      answer.rows
        .flatMap((row) =>
          row.edges.rows.map(({ name, self, total, selfCount, totalCount }) =>
            JSON.stringify([way(row.name, name), self, total, selfCount, totalCount]),
          ),
        )
        .sort();
    fc.assert(
      fc.property(stackSamples, (stacks) => {
        const stats = new Stats(profileOf(stacks));
        const callers = pairs(stats.callers(''), (row, edge) => `${edge} > ${row}`);
        const callees = pairs(stats.callees(''), (row, edge) => `${row} > ${edge}`);
        expect(callers).toEqual(callees);
        expect(callers).toHaveLength(stats.graph.edges.length);
      }),
    );
  });

  test('have the same outer rows as functions', () => {
    fc.assert(
      fc.property(stackSamples, (stacks) => {
        const stats = new Stats(profileOf(stacks));
        const outer = stats.callers('').rows.map(({ edges: _, ...row }) => row);
        expect(outer).toEqual(stats.functions().rows);
      }),
    );
  });
});

test('a query does not change the profile', () => {
  const before = JSON.stringify([server.functions(), server.callers('')]);
  server.functions({ sort: ['name'], reverse: true, limit: 1, filter: ['main'] });
  server.callees('main', { limit: 1 });
  expect(JSON.stringify([server.functions(), server.callers('')])).toBe(before);
});

/** One sample of one function. */
function profileWith(info: FunctionInfo): Profile {
  return normalize(draw('f', { describe: () => info }), 'one.cpuprofile');
}
