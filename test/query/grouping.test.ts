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
import { noteTexts } from '../support/notes.ts';
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
    ['webpack:///webpack/bootstrap', 'webpack', 'dependency'],
    ['webpack://shop/webpack/runtime/make namespace object', 'webpack', 'dependency'],
    ['webpack://shop/./webpack/plugin.js', '(app)', 'app'],
    ['/usr/share/nodejs/yargs/build/index.cjs', 'yargs', 'dependency'],
    ['/srv/app/bower_components/jquery/dist/jquery.js', 'jquery', 'dependency'],
    ['/srv/app/jspm_packages/npm/lodash@4.0.0/index.js', 'lodash', 'dependency'],
    ['/srv/app/web_modules/preact.js', 'preact', 'dependency'],
    ['/srv/app/node_modules/chart.js/dist/chart.js', 'chart.js', 'dependency'],
    ['/home/me/.cache/node/corepack/v1/pnpm/8.15.0/dist/pnpm.cjs', 'pnpm', 'dependency'],
    ['/home/me/.cache/node/corepack/yarn/4.0.2/yarn.js', 'yarn', 'dependency'],
    ['/home/me/.volta/tools/image/yarn/1.22.19/bin/yarn.js', 'yarn', 'dependency'],
    ['/srv/api/v1/users/1.2.3/list.js', '(app)', 'app'],
    ['/srv/shop@1.2.3/src/main.js', '(app)', 'app'],
    ['/var/runtime/index.mjs', 'aws-lambda', 'dependency'],
    ['/srv/var/runtime/index.mjs', '(app)', 'app'],
    ['https://jsr.io/@std/path/1.0.2/join.ts', '@std/path', 'dependency'],
    ['https://deno.land/x/oak@v12.6.1/mod.ts', 'oak', 'dependency'],
    ['https://esm.sh/v135/preact@10.19.2/es2022/preact.mjs', 'preact', 'dependency'],
    ['https://cdn.jsdelivr.net/npm/@vue/runtime-dom@3.3.4/dist/x.js', '@vue/runtime-dom', 'dependency'],
    ['https://ga.jspm.io/npm:react@18.2.0/index.js', 'react', 'dependency'],
    ['https://shop.example/@1.2.3/app.js', '(app)', 'app'],
    ['http://localhost:5173/@vite/client', 'vite', 'dependency'],
    ['node_modules/express/index.js', 'express', 'dependency'],
    ['file:///srv/my_node_modules/main.js', '(app)', 'app'],
    ['/home/me/.cache/deno/npm/registry.npmjs.org/marked/12.0.2/lib/marked.esm.js', 'marked', 'dependency'],
    ['file:///srv/.deno/npm/localhost_4873/@scope/name/1.0.0/index.js', '@scope/name', 'dependency'],
    ['/srv/npm/app/src/main.js', '(app)', 'app'],
    ['/home/me/.bun/install/cache/express@4.18.2@@@1/lib/router.js', 'express', 'dependency'],
    ['/home/me/.bun/install/cache/@scope/name@1.0.0@@@1/index.js', '@scope/name', 'dependency'],
    ['/srv/app/.yarn/unplugged/esbuild-npm-0.19.0-abc/node_modules/esbuild/lib/main.js', 'esbuild', 'dependency'],
    ['/srv/app/.yarn/__virtual__/vite-virtual-1/0/cache/vite-npm-5.zip/node_modules/vite/x.js', 'vite', 'dependency'],
    ['/srv/app/.pnp.cjs', 'yarn', 'dependency'],
    ['/srv/app/.yarn/releases/yarn-4.1.0.cjs', 'yarn', 'dependency'],
    ['http://localhost:5173/node_modules/.vite/deps/recharts.js?v=98bc4dbc', 'recharts', 'dependency'],
    ['http://localhost:5173/node_modules/.vite/deps/react-dom_client.js?v=9', 'react-dom', 'dependency'],
    ['http://localhost:5173/node_modules/.vite/deps/@scope_name_sub.js?v=9', '@scope/name', 'dependency'],
    ['http://localhost:5173/node_modules/.vite/deps/a___chart__js.js?v=9', 'chart.js', 'dependency'],
    ['/srv/app/node_modules/.vite/deps_ssr/react.js', 'react', 'dependency'],
    ['http://localhost:5173/node_modules/.vite/deps/chunk-ABCD1234.js?v=9', '(bundle)', 'dependency'],
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
    [
      '/srv/lib/python2.7/site-packages/SQLAlchemy-1.3.1-py2.7-linux-x86_64.egg/sqlalchemy/orm/query.py:1(f)',
      '/srv/lib/python2.7/site-packages/SQLAlchemy-1.3.1-py2.7-linux-x86_64.egg/sqlalchemy/orm/query.py',
      'sqlalchemy',
      'dependency',
    ],
    [
      '/srv/python_dateutil-2.8.egg/dateutil/tz.py:1(f)',
      '/srv/python_dateutil-2.8.egg/dateutil/tz.py',
      'dateutil',
      'dependency',
    ],
    ['<frozen importlib._bootstrap>:1(f)', '<frozen importlib._bootstrap>', '(standard library)', 'python'],
    ['<string>:1(<module>)', '<string>', '(eval)', 'eval'],
  ])('of Python, %s', (key, ...groups) => {
    const stats = new Stats(traced({ [key]: [1, 1, 1, 1, {}] }));
    expect(GROUPINGS.map((by) => known(stats.groups(by).rows[0]).name)).toEqual(groups);
  });

  test("Python's built-ins are a group where their file is written as ~", () => {
    const stats = new Stats(readProfile(builtIn('~'), 'x.prof'));
    const names = GROUPINGS.map((by) => known(stats.groups(by).rows[0]).name);
    expect(names).toEqual(['(built-ins)', '(built-ins)', 'native']);
  });

  test("Python's built-ins are a group where `python -m profile` wrote them", () => {
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
    ['C:\\Users\\x\\AppData\\Local\\Programs\\Python\\Python39\\lib\\json\\decoder.py', 'python', 'python'],
    ['C:\\Users\\x\\Anaconda3\\lib\\json\\decoder.py', 'python', 'python'],
    ['C:\\Users\\x\\anaconda3\\envs\\my-env\\lib\\runpy.py', 'python', 'python'],
    ['D:\\envs\\py35\\lib\\socketserver.py', 'python', 'python'],
    ['C:\\Users\\x\\AppData\\Local\\miniforge3\\Lib\\abc.py', 'python', 'python'],
    [
      'C:\\Program Files\\WindowsApps\\PythonSoftwareFoundation.Python.3.11_3.11_x64\\Lib\\asyncio\\events.py',
      'python',
      'python',
    ],
    ['C:\\Users\\x\\.pyenv\\pyenv-win\\versions\\3.11.0\\Lib\\threading.py', 'python', 'python'],
    ['C:\\Users\\x\\uv\\python\\cpython-3.11-windows-x86_64-none\\Lib\\re\\_compiler.py', 'python', 'python'],
    ['C:\\hostedtoolcache\\windows\\Python\\3.11.4\\x64\\Lib\\json\\decoder.py', 'python', 'python'],
    ['C:\\Users\\x\\scoop\\apps\\python\\current\\Lib\\ssl.py', 'python', 'python'],
    ['C:\\WinPython\\python-3.6.2\\lib\\abc.py', 'python', 'python'],
    ['C:\\python\\shop\\lib\\orders.py', 'python', 'app'],
    ['C:\\work\\lib\\json\\decoder.py', 'python', 'app'],
    ['/usr/local/lib/python3.13t/threading.py', 'python', 'python'],
    ['/usr/lib64/python3.12/ssl.py', 'python', 'python'],
    ['/lib/python311.zip/json/decoder.py', 'python', 'python'],
    ['/usr/lib/pypy3.9/json/decoder.py', 'python', 'python'],
    ['/opt/pypy/lib-python/3/json/decoder.py', 'python', 'python'],
    ['/opt/pypy/lib_pypy/_decimal.py', 'python', 'python'],
    ['/opt/graalpy-23/lib/graalpy23.1/_weakref.py', 'python', 'python'],
    ['/lib/python_stdlib.zip/json/decoder.py', 'python', 'python'], // Pyodide
    ['/c/Python39/Lib/heapq.py', 'python', 'python'], // Git Bash
    ['/srv/python/lib/tools.py', 'python', 'app'],
    ['/opt/spark/python/lib/py4j-0.10.9-src.zip/py4j/java_gateway.py', 'python', 'dependency'],
    ['/srv/__pypackages__/3.12/lib/attrs/x.py', 'python', 'dependency'],
    ['/home/me/.cache/uv/archive-v0/abc/rich/console.py', 'python', 'dependency'],
    ['/var/runtime/boto3/session.py', 'python', 'dependency'],
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

/** The packages of functions of one profile, each with its file. */
function packagesOf(...functions: readonly Partial<FunctionInfo>[]): string[] {
  const names = functions.map((_, i) => `f${i}`);
  const describe = (name: string): FunctionInfo => ({
    kind: 'js',
    name,
    file: '',
    line: 1,
    column: 1,
    ...functions[names.indexOf(name)],
  });
  const stats = new Stats(normalize(draw(names.join(' '), { describe }), 'one.cpuprofile'));
  return stats.groups('package', { sort: ['name'], limit: 0 }).rows.map(({ name }) => name);
}

describe('a script from another host', () => {
  const page = { file: 'https://www.shop.example/app.js' };
  const cdn = { file: 'https://static.shop.example/vendor.js' };
  const tags = { file: 'https://www.tags.example.com/gtag/js?id=1' };
  const extension = { file: 'chrome-extension://abcdef/content.js' };

  test('is a package of its own, as an extension is', () => {
    expect(packagesOf(page, cdn, tags, extension)).toEqual([
      '(app)',
      'chrome-extension://abcdef',
      'www.tags.example.com',
    ]);
  });

  test('is distinguished from the app by the number of functions, the first of equal ones, and by this machine', () => {
    expect(packagesOf(tags, page, cdn)).toEqual(['(app)', 'www.tags.example.com']);
    expect(packagesOf(page, tags)).toEqual(['(app)', 'www.tags.example.com']);
    expect(packagesOf(tags, { file: 'http://localhost:3000/main.js' }, { file: 'http://10.0.0.7/main.js' })).toEqual([
      '(app)',
      'www.tags.example.com',
    ]);
  });

  test('is third-party where the app is read from files', () => {
    expect(packagesOf({ file: 'file:///srv/main.ts' }, { file: 'https://deno.land/std@0.2/path.ts' })).toEqual([
      '(app)',
      'std',
    ]);
    expect(packagesOf({ file: 'file:///srv/main.ts' }, { file: 'https://esm.sh/preact' })).toEqual(['(app)', 'esm.sh']);
    expect(packagesOf({ file: 'file:///srv/main.ts' }, { file: 'chrome://resources/js/a.js' })).toEqual([
      '(app)',
      'chrome://resources',
    ]);
  });
});

describe('a minified file', () => {
  const at = (column: number, file = 'file:///srv/dist/main.js') => ({ file, line: 2, column });

  test('is a bundle', () => {
    expect(packagesOf(at(1), at(73_684), at(89_570))).toEqual(['(bundle)']);
    expect(packagesOf(at(70_000, 'https://shop.example/assets/index-BxYzAbcQ.js?v=1'))).toEqual(['(bundle)']);
  });

  test('is a dependency in a folder of dependencies', () => {
    expect(packagesOf(at(70_000, '/srv/node_modules/vue/dist/vue.min.js'))).toEqual(['vue']);
  });

  test.each([
    ['one function in a long line', [at(1), at(2), at(700)]],
    ['source that is compiled when it is loaded', [at(1262, 'file:///srv/work.ts'), at(1300, 'file:///srv/work.ts')]],
    ['ordinary columns', [at(120), at(300)]],
  ])('is not distinguished from %s', (_, functions) => {
    expect(packagesOf(...functions)).toEqual(['(app)']);
  });
});

test('a module that was imported again with another query or fragment is one file', () => {
  expect(groupsOf({ file: 'file:///srv/a.mjs?update=2' })).toEqual(['file:///srv/a.mjs', '(app)', 'app']);
  expect(groupsOf({ file: 'file:///srv/a.mjs#frag' })[0]).toBe('file:///srv/a.mjs');
});

test("V8's runtime functions are native code", () => {
  expect(groupsOf({ kind: 'native', file: 'native V8Runtime' }).slice(1)).toEqual(['(native)', 'native']);
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
      { numRuns: 100 },
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

  test('they are sorted by tottime or the given key', () => {
    expect(names()).toEqual(['express', '(app)', 'node:']);
    expect(names({ sort: ['cumtime'] })).toEqual(['(app)', 'express', 'node:']);
    expect(names({ sort: ['name'], reverse: true })).toEqual(['node:', 'express', '(app)']);
  });

  test('they are limited, and filtered by name', () => {
    expect(names({ limit: 1 })).toEqual(['express']);
    expect(names({ filter: ['e'] })).toEqual(['express', 'node:']);
    expect(names({ exclude: ['/^\\(/'] })).toEqual(['express', 'node:']);
    expect(names({ filter: ['router'] })).toEqual([]);
    expect(new Stats(server).groups('package', { limit: 1, filter: ['e'] })).toMatchObject({ matched: 2, of: 3 });
  });

  test('they have (idle) only if it is a row', () => {
    expect(names({}, { idle: true })).toEqual(['(idle)', 'express', '(app)', 'node:']);
    const categories = new Stats(server, { idle: true }).groups('category').rows;
    expect(categories.find(({ name }) => name === 'idle')).toMatchObject({ self: 2000, total: 2000 });
    expect(new Stats(server).groups('category').rows.map(({ name }) => name)).not.toContain('idle');
  });

  test('they have their number of functions and no place', () => {
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
    expect(noteTexts(view).filter((note) => /cumtime.*caller-callee edges, not stacks/.test(note))).toHaveLength(1);
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
    expect(() => stats.groups('package', { sort: ['name', 'cumtime'] })).toThrow(/cumtime.*use tottime/);
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
