/** Tests names and times of files, packages and categories. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PstatError } from '../../src/base/errors.ts';
import { readProfile } from '../../src/input/read-bytes.ts';
import type { FunctionInfo, FunctionKind } from '../../src/model/function-table.ts';
import { normalize } from '../../src/model/normalize/normalize.ts';
import type { Profile } from '../../src/model/profile.ts';
import { GROUPINGS as ALL_GROUPINGS, type Grouping } from '../../src/query/grouping.ts';
import { type GroupRow, type Query, Stats, type StatsOptions } from '../../src/query/stats.ts';
import { functionsView, groupsView } from '../../src/view/views.ts';
import { draw } from '../support/draw.ts';
import { known } from '../support/reading.ts';
import { countFunctions, type FigureTable, profileOf, stackSamples } from '../support/stacks.ts';
import { type Dict, traced, WORKED_EXAMPLE } from '../support/traced.ts';
import { record } from '../support/v8.ts';

/** Lines are tested in lines.test.ts. */
const GROUPINGS = ALL_GROUPINGS.filter((by) => by !== 'line');

// ---- names ---------------------------------------------------------------------------------------------------------

/** One sample of one function. */
function profileWith(info: Partial<FunctionInfo>): Profile {
  const describe = (name: string): FunctionInfo => ({ kind: 'js', name, file: '', line: 1, column: 1, ...info });
  return normalize(draw('f', { describe }), 'one.cpuprofile');
}

/** The file, the package and the category of a function. */
function groupsOf(info: Partial<FunctionInfo>): string[] {
  const stats = new Stats(profileWith(info), { idle: true });
  return GROUPINGS.map((by) => known(stats.groups(by).rows[0]).name);
}

const ENCODED = 'file:///srv/app/node_modules/%40scope/name/x.js';

describe('the file, package and category of a function', () => {
  test.each<[file: string, pack: string, category: string]>([
    ['file:///srv/app/main.js', '(app)', 'app'],
    ['/srv/app/main.js', '(app)', 'app'],
    ['C:\\srv\\app\\main.js', '(app)', 'app'],
    ['http://localhost:3000/static/main.js', '(app)', 'app'],
    ['https://example.com/app.js?v=1', '(app)', 'app'],
    ['chrome-extension://abcdef/background.js', '(app)', 'app'],
    ['webpack://app/./src/main.ts', '(app)', 'app'],
    ['src/main.ts', '(app)', 'app'],
    ['file:///srv/app/node_modules/express/lib/router/index.js', 'express', 'dependency'],
    ['file:///srv/app/node_modules/@scope/name/index.js', '@scope/name', 'dependency'],
    [ENCODED, '@scope/name', 'dependency'],
    ['file:///srv/app/node_modules/a/node_modules/b/index.js', 'b', 'dependency'],
    ['file:///srv/app/node_modules/@s/a/node_modules/@t/b/index.js', '@t/b', 'dependency'],
    ['file:///srv/app/node_modules/.pnpm/express@4.18.2/node_modules/express/index.js', 'express', 'dependency'],
    [
      'file:///srv/app/node_modules/.pnpm/@babel+core@7.1.0/node_modules/@babel/core/lib/index.js',
      '@babel/core',
      'dependency',
    ],
    ['/srv/app/.yarn/cache/express-npm-4.18.2.zip/node_modules/express/index.js', 'express', 'dependency'],
    ['C:\\app\\node_modules\\@scope\\name\\index.js', '@scope/name', 'dependency'],
    ['file:///C:/app/node_modules/express/index.js', 'express', 'dependency'],
    ['http://localhost:3000/node_modules/vue/dist/vue.js', 'vue', 'dependency'],
    ['webpack-internal:///./node_modules/react/index.js', 'react', 'dependency'],
    ['node_modules/express/index.js', 'express', 'dependency'],
    ['file:///srv/my_node_modules/main.js', '(app)', 'app'],
    ['node:fs', 'node:', 'node'],
    ['node:internal/modules/cjs/loader', 'node:', 'node'],
    ['internal/modules/cjs/loader.js', 'node:', 'node'],
    ['events.js', 'node:', 'node'],
    ['_http_server.js', 'node:', 'node'],
    ['evalmachine.<anonymous>', '(eval)', 'eval'],
  ])('%s: %s, %s', (file, pack, category) => {
    expect(groupsOf({ file })).toEqual([file, pack, category]);
  });

  test.each<[kind: FunctionKind, name: string, file: string, pack: string, category: string]>([
    ['native', 'writev', '(native)', '(native)', 'native'],
    ['eval', '', '(eval)', '(eval)', 'eval'],
    ['regexp', 'RegExp: a+', '(regexp)', '(regexp)', 'regexp'],
    ['gc', '(garbage collector)', '(garbage collector)', '(garbage collector)', 'gc'],
    ['program', '(program)', '(program)', '(program)', 'program'],
    ['idle', '(idle)', '(idle)', '(idle)', 'idle'],
    ['none', '(no stack)', '(no stack)', '(no stack)', 'program'],
    ['js', 'f', '(unknown)', '(unknown)', 'app'],
  ])('a function without a file, %s', (kind, name, ...groups) => {
    expect(groupsOf({ kind, name, line: 0, column: 0 })).toEqual(groups);
  });

  test('WebAssembly is a package, and its module a file', () => {
    const file = 'wasm://wasm/7a1c';
    expect(groupsOf({ kind: 'wasm', name: 'fib', file })).toEqual([file, '(wasm)', 'wasm']);
  });

  test.each<[key: string, file: string, pack: string, category: string]>([
    ['/srv/app/main.py:3(handle)', '/srv/app/main.py', '(app)', 'app'],
    [
      '/srv/venv/lib/python3.11/site-packages/sqlalchemy/engine/row.py:66(f)',
      '/srv/venv/lib/python3.11/site-packages/sqlalchemy/engine/row.py',
      'sqlalchemy',
      'dependency',
    ],
    [
      '/usr/lib/python3/dist-packages/yaml/loader.py:1(f)',
      '/usr/lib/python3/dist-packages/yaml/loader.py',
      'yaml',
      'dependency',
    ],
    [
      '/srv/venv/lib/python3.11/site-packages/six.py:1(f)',
      '/srv/venv/lib/python3.11/site-packages/six.py',
      'six',
      'dependency',
    ],
    [
      'C:\\venv\\Lib\\site-packages\\yaml\\loader.py:1(f)',
      'C:\\venv\\Lib\\site-packages\\yaml\\loader.py',
      'yaml',
      'dependency',
    ],
    [
      '/usr/lib/python3.11/json/encoder.py:205(iterencode)',
      '/usr/lib/python3.11/json/encoder.py',
      '(standard library)',
      'python',
    ],
    ['/usr/lib/python2.7/threading.py:1(f)', '/usr/lib/python2.7/threading.py', '(standard library)', 'python'],
    ['<frozen importlib._bootstrap>:1(f)', '<frozen importlib._bootstrap>', '(standard library)', 'python'],
    ['<string>:1(<module>)', '<string>', '(eval)', 'eval'],
  ])('of Python, %s', (key, ...groups) => {
    const stats = new Stats(traced({ [key]: [1, 1, 1, 1, {}] }));
    expect(GROUPINGS.map((by) => known(stats.groups(by).rows[0]).name)).toEqual(groups);
  });

  test("Python's built-ins, written as file ~", () => {
    const stats = new Stats(readProfile(builtIn('~'), 'x.prof'));
    const names = GROUPINGS.map((by) => known(stats.groups(by).rows[0]).name);
    expect(names).toEqual(['(built-ins)', '(built-ins)', 'native']);
  });

  test("Python's built-ins, written by `python -m profile`", () => {
    const stats = new Stats(readProfile(builtIn(''), 'x.prof'));
    expect(known(stats.groups('package').rows[0]).name).toBe('(built-ins)');
  });

  // A bare name.js is Node's only if Node before 16 had it, and not every folder named python3 is a library.
  test.each<[file: string, kind: FunctionKind, category: string]>([
    ['main.js', 'js', 'app'],
    ['server.js', 'js', 'app'],
    ['/srv/python3/app/main.py', 'python', 'app'],
    ['C:\\Python311\\Lib\\json\\encoder.py', 'python', 'python'],
    ['C:\\Users\\x\\AppData\\Local\\Programs\\Python\\Python311\\Lib\\threading.py', 'python', 'python'],
  ])('%s', (file, kind, category) => {
    expect(groupsOf({ file, kind })[2]).toBe(category);
  });

  /** A .prof of one function in C. */
  function builtIn(file: '~' | ''): Uint8Array {
    const text = (value: string) => `u${String.fromCharCode(value.length)}\0\0\0${value}`;
    const one = 'i\x01\0\0\0';
    const zero = 'g\0\0\0\0\0\0\0\0';
    return Buffer.from(
      `{(\x03\0\0\0${text(file)}i\0\0\0\0${text('len')}(\x05\0\0\0${one}${one}${zero}${zero}{00`,
      'latin1',
    );
  }
});

// ---- figures of stacks ---------------------------------------------------------------------------------------------

const FILES: Readonly<Record<string, string>> = {
  a: '/srv/app/main.js',
  b: '/srv/app/node_modules/express/lib/router.js',
  c: '/srv/app/node_modules/express/lib/view.js',
  d: 'node:fs',
  e: '/srv/app/lib/main.js',
};

const GROUP: Readonly<Record<Exclude<Grouping, 'line'>, (name: string) => string>> = {
  file: (name) => FILES[name] ?? '(no stack)',
  package: (name) => ({ a: '(app)', b: 'express', c: 'express', d: 'node:', e: '(app)' })[name] ?? '(no stack)',
  category: (name) => ({ a: 'app', b: 'dependency', c: 'dependency', d: 'node', e: 'app' })[name] ?? 'program',
};

const drawing = {
  describe: (name: string): FunctionInfo => ({ kind: 'js', name, file: FILES[name] ?? '', line: 1, column: 1 }),
};

function groupTable(rows: readonly GroupRow[]): FigureTable {
  return Object.fromEntries(
    rows.map(({ name, self, total, selfCount, totalCount }) => [
      name,
      [self ?? Number.NaN, total ?? Number.NaN, selfCount ?? Number.NaN, totalCount ?? Number.NaN],
    ]),
  );
}

describe.each(GROUPINGS)('by %s', (by) => {
  const groupOf = GROUP[by];

  test('counts a stack once for a group', () => {
    fc.assert(
      fc.property(stackSamples, (stacks) => {
        const inGroups = stacks.map(({ stack, weight }) => ({
          stack: stack.length === 0 ? [groupOf('')] : stack.map(groupOf),
          weight,
        }));
        const { rows } = new Stats(profileOf(stacks, drawing)).groups(by);
        expect(groupTable(rows)).toEqual(countFunctions(inGroups));
      }),
      { numRuns: 300 },
    );
  });

  test('has each function in one group, and groups add up to counted', () => {
    fc.assert(
      fc.property(stackSamples, (stacks) => {
        const stats = new Stats(profileOf(stacks, drawing));
        const { rows } = stats.groups(by);
        expect(rows.reduce((sum, { self }) => sum + (self ?? Number.NaN), 0)).toBe(stats.summary.counted);
        expect(rows.reduce((sum, { functions }) => sum + functions, 0)).toBe(stats.functions().of);
        const names = new Set(stacks.flatMap(({ stack }) => (stack.length === 0 ? [''] : stack)));
        for (const { name, functions } of rows) {
          expect(functions).toBe([...names].filter((each) => groupOf(each) === name).length);
        }
      }),
    );
  });

  test('groups the stacks that a focus keeps', () => {
    fc.assert(
      fc.property(stackSamples, (stacks) => {
        const kept = stacks.filter(({ stack }) => stack.includes('b'));
        const { rows } = new Stats(profileOf(stacks, drawing), { focus: ['(b)'] }).groups(by);
        expect(groupTable(rows)).toEqual(
          countFunctions(kept.map(({ stack, weight }) => ({ stack: stack.map(groupOf), weight }))),
        );
      }),
    );
  });
});

test('recursion through another package counts a stack once', () => {
  const profile = profileOf(
    [
      { stack: ['a', 'b', 'a', 'c', 'b'], weight: 10 },
      { stack: [], weight: 0 },
    ],
    drawing,
  );
  expect(groupTable(new Stats(profile).groups('package').rows)).toMatchObject({
    express: [10, 10, 1, 1],
    '(app)': [0, 10, 0, 1],
  });
});

// ---- questions -----------------------------------------------------------------------------------------------------

describe('groups are queried as functions are', () => {
  const server = normalize(
    draw(
      `
      a a a a (idle) (idle)
      b b d
      c
    `,
      {
        describe: (name) =>
          name === '(idle)' ? { kind: 'idle', name, file: '', line: 0, column: 0 } : drawing.describe(name),
      },
    ),
    'server.cpuprofile',
  );
  const names = (query: Query = {}, options: StatsOptions = {}) =>
    new Stats(server, options).groups('package', query).rows.map(({ name }) => name);

  test('sorted by tottime or the given key', () => {
    expect(names()).toEqual(['express', '(app)', 'node:']);
    expect(names({ sort: ['cumtime'] })).toEqual(['(app)', 'express', 'node:']);
    expect(names({ sort: ['name'], reverse: true })).toEqual(['node:', 'express', '(app)']);
  });

  test('limited, and filtered by name', () => {
    expect(names({ limit: 1 })).toEqual(['express']);
    expect(names({ filter: ['e'] })).toEqual(['express', 'node:']);
    expect(names({ exclude: ['/^\\(/'] })).toEqual(['express', 'node:']);
    expect(names({ filter: ['router'] })).toEqual([]);
    expect(new Stats(server).groups('package', { limit: 1, filter: ['e'] })).toMatchObject({ matched: 2, of: 3 });
  });

  test('with (idle) only if it is a row', () => {
    expect(names({}, { idle: true })).toEqual(['(idle)', 'express', '(app)', 'node:']);
    const categories = new Stats(server, { idle: true }).groups('category').rows;
    expect(categories.find(({ name }) => name === 'idle')).toMatchObject({ self: 2000, total: 2000 });
    expect(new Stats(server).groups('category').rows.map(({ name }) => name)).not.toContain('idle');
  });

  test('with their number of functions and no place', () => {
    for (const by of GROUPINGS) {
      for (const row of new Stats(server).groups(by).rows) {
        expect(row).toMatchObject({ file: null, line: null, column: null, shownPlace: null });
        expect(row.functions).toBeGreaterThan(0);
      }
    }
    expect(new Stats(server).groups('package').rows.map(({ functions }) => functions)).toEqual([2, 1, 1]);
  });

  test('files keep their name and are displayed in the path style', () => {
    const labels = (options: StatsOptions) =>
      new Stats(server, options).groups('file', { sort: ['name'] }).rows.map(({ shownName }) => shownName);
    expect(new Stats(server).groups('file', { sort: ['name'] }).rows.map(({ name }) => name)).toEqual([
      '/srv/app/main.js',
      '/srv/app/node_modules/express/lib/router.js',
      '/srv/app/node_modules/express/lib/view.js',
      'node:fs',
    ]);
    expect(labels({ paths: 'base' })).toEqual(['main.js', 'router.js', 'view.js', 'node:fs']);
    expect(labels({})).toEqual(['app/main.js', 'express/lib/router.js', 'express/lib/view.js', 'node:fs']);
    expect(new Stats(server).groups('file', { filter: ['/^express/'] }).rows).toHaveLength(2);
    expect(new Stats(server).groups('file', { filter: ['/srv/app/node_modules/'] }).rows).toHaveLength(2);
  });

  test('a key that this kind of profile does not have is rejected', () => {
    expect(() => names({ sort: ['ncalls'] })).toThrow(PstatError);
  });

  test('the view names the kind of rows', () => {
    const view = groupsView('package', new Stats(server), {});
    expect(view).toMatchObject({ view: 'functions', by: 'package', notes: [] });
    expect(functionsView(new Stats(server), {}).by).toBe('function');
  });
});

// ---- pairs ---------------------------------------------------------------------------------------------------------

describe('of edges profiles', () => {
  const python: Dict = {
    ...WORKED_EXAMPLE,
    '/srv/venv/lib/python3.11/site-packages/yaml/loader.py:1(f)': [2, 5, 0.25, 9, {}],
    '/srv/venv/lib/python3.11/site-packages/yaml/loader.py:9(g)': [1, 1, 0.5, 9, {}],
  };
  const stats = new Stats(traced(python));

  test('have tottime and counts, and unknown cumtimes with a note', () => {
    const view = groupsView('package', stats, { filter: ['yaml'] });
    expect(view.rows).toMatchObject([
      { name: 'yaml', tottime: 750_000, cumtime: null, ncalls: 6, pcalls: 3, functions: 2, cumpercall: null },
    ]);
    expect(view.notes.filter((note) => /cumtime.*caller-callee edges, not stacks/.test(note))).toHaveLength(1);
  });

  test('have all tottimes and calls', () => {
    fc.assert(
      fc.property(fc.constantFrom(...GROUPINGS), (by) => {
        const { rows } = stats.groups(by);
        const sum = (of: (row: GroupRow) => number) => rows.reduce((total, row) => total + of(row), 0);
        expect(sum(({ self }) => self ?? Number.NaN)).toBe(stats.summary.counted);
        expect(sum(({ selfCount }) => Number(selfCount))).toBe(stats.summary.ncalls);
        expect(sum(({ totalCount }) => Number(totalCount))).toBe(stats.summary.pcalls);
        expect(rows.every(({ total }) => total === null)).toBe(true);
      }),
    );
  });

  test('add counts beyond 2^53 exactly', () => {
    const big = new Stats(
      traced({ '/a.py:1(f)': [1, 2n ** 60n + 1n, 1, 1, {}], '/a.py:2(g)': [1, 2n ** 60n, 1, 1, {}] }),
    );
    expect(big.groups('file').rows[0]?.selfCount).toBe(2n ** 61n + 1n);
  });

  test('cannot be sorted by cumtime', () => {
    expect(() => stats.groups('package', { sort: ['cumtime'] })).toThrow(PstatError);
    expect(() => stats.groups('package', { sort: ['name', 'cumulative'] })).toThrow(/cumtime.*use tottime/);
  });

  test('do not include functions that are only callers', () => {
    const only = new Stats(traced({ 'a.py:1(f)': [1, 1, 1, 1, { 'b.py:1(g)': [1, 1, 1, 1] }] }));
    expect(only.groups('file').rows.map(({ name }) => name)).toEqual(['a.py']);
  });

  test('have unknown cumsamples in sampled edges profiles', () => {
    const { rows } = new Stats(sampledPairs()).groups('file');
    expect(rows).toMatchObject([{ name: 'a.py', selfCount: 5, totalCount: null, total: null }]);
  });

  /** `f` calls `g`, both in a.py; `f` is on all 5 samples. */
  function sampledPairs(): Profile {
    const calls = traced({
      'a.py:1(f)': [5, 2, 0.002, 0.005, {}],
      'a.py:2(g)': [3, 3, 0.003, 0.003, { 'a.py:1(f)': 3 }],
    });
    return { ...calls, counts: 'samples' };
  }
});

test('the garbage collector is a group, and in the total of the interrupted groups', () => {
  const profile = record({ samples: 'a gc', deltas: [0, 1000], duration: 2000 });
  expect(groupTable(new Stats(profile).groups('category').rows)).toMatchObject({
    app: [1000, 2000, 1, 2],
    gc: [1000, 1000, 1, 1],
  });
});
