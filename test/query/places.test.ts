/** Tests display names and short paths. */

import { describe, expect, test } from 'vitest';
import { type FunctionInfo, FunctionTableBuilder } from '../../src/model/function-table.ts';
import { displayFiles, displayName, PATH_STYLES, type PathStyle, standardName } from '../../src/query/places.ts';
import { functionNamed } from '../support/traced.ts';

function tableOf(functions: readonly Partial<FunctionInfo>[]) {
  const builder = new FunctionTableBuilder();
  functions.forEach((info, line) => {
    builder.intern({ kind: 'js', name: 'f', file: 'app.js', line: line + 1, column: 1, ...info });
  });
  return builder.finish();
}

/** The displayed files of one profile. */
function shown(style: PathStyle, ...files: string[]): readonly string[] {
  return displayFiles(tableOf(files.map((file) => ({ file }))), style);
}

const short = (...files: string[]) => shown('short', ...files);
const base = (...files: string[]) => shown('base', ...files);

const EVERY_KIND = [
  'file:///srv/my%20app/lib/util.js',
  'C:\\srv\\app.js',
  '/srv/node_modules/@scope/pkg/index.js',
  '/usr/lib/python3.11/json/decoder.py',
  'node:internal/fs',
  'http://localhost:3000/src/app.js',
  '<frozen importlib._bootstrap>',
  '',
];

test('there are three styles', () => expect([...PATH_STYLES].sort()).toEqual(['base', 'full', 'short']));

test('short cuts what webpack writes before a path, whatever the other files are', () => {
  const names = [
    'webpack:///./src/work.ts',
    'webpack://app/src/work.ts',
    'webpack:///src/work.ts',
    'webpack-internal:///./a.js',
  ];
  expect(short('file:///srv/app/src/main.ts', '/opt/other/x.js', ...names).slice(2)).toEqual([
    'src/work.ts',
    'src/work.ts',
    'src/work.ts',
    'a.js',
  ]);
  expect(shown('full', ...names)).toEqual(names);
});

test('full is as written, and a file URL as the path that editors take', () => {
  expect(shown('full', ...EVERY_KIND)).toEqual(['/srv/my app/lib/util.js', ...EVERY_KIND.slice(1)]);
  expect(shown('full', 'file:///C:/my%20app/x.mjs', 'file:///srv/x.mjs?update=2#frag', '/srv/what?.js')).toEqual([
    'C:/my app/x.mjs',
    '/srv/x.mjs',
    '/srv/what?.js',
  ]);
});

test.each(PATH_STYLES)('%s cuts the data of a data: URL and keeps two of them apart', (style) => {
  const [one = '', two = ''] = ['a', 'b'].map((letter) => `data:text/javascript;base64,${letter.repeat(40_000)}==`);
  expect(shown(style, one, two)).toEqual([
    'data:text/javascript;base64,aaaaaaaaaaaa…aaaaaa==',
    'data:text/javascript;base64,bbbbbbbbbbbb…bbbbbb==',
  ]);
  expect(shown(style, `data:${'x'.repeat(9000)}`)[0]?.length).toBeLessThan(60);
  expect(shown(style, 'data:text/javascript,f()')).toEqual(['data:text/javascript,f()']);
});

test('full: the host of a file URL is the server of a share, and a drive is a drive however it is escaped', () => {
  const urls = [
    'file://server/share/a%20b.js',
    'file://localhost/srv/a.js',
    'file:////server/c.js',
    'file:///c%3A/d.js',
  ];
  expect(shown('full', ...urls)).toEqual(['//server/share/a b.js', '/srv/a.js', '//server/c.js', 'c:/d.js']);
});

describe('short: own files', () => {
  test('lose their common prefix, but keep a folder', () => {
    expect(short('/srv/app/src/index.js', '/srv/app/src/db/query.js')).toEqual(['src/index.js', 'src/db/query.js']);
    expect(short('/srv/app/src/index.js', '/srv/app/test/x.js')).toEqual(['app/src/index.js', 'app/test/x.js']);
  });

  test('lose the folder of most of them, even if a few are elsewhere', () => {
    const own = ['/srv/app/src/a.js', '/srv/app/src/db/b.js', '/srv/app/src/db/c.js'];
    expect(short(...own, '/tmp/eval/x.js')).toEqual(['src/a.js', 'src/db/b.js', 'src/db/c.js', '/tmp/eval/x.js']);
    expect(short('/tmp/x.js', '/srv/app/a.js')).toEqual(['/tmp/x.js', '/srv/app/a.js']);
  });

  test('keep a folder if there is only one file', () => expect(short('/srv/app/index.js')).toEqual(['app/index.js']));

  test('have whole folders in their common prefix', () =>
    expect(short('/home/me/app-one/index.js', '/home/me/app-two/index.js')).toEqual([
      'me/app-one/index.js',
      'me/app-two/index.js',
    ]));

  test('keep their first folders if these differ', () =>
    expect(short('/home/me/x.js', '/opt/y.js')).toEqual(['/home/me/x.js', '/opt/y.js']));

  test('of the root folder do not change', () => expect(short('/index.js')).toEqual(['/index.js']));

  test('as file URLs are decoded paths', () => {
    expect(short('file:///srv/my%20app/lib/%C3%BC.js', 'file:///srv/my%20app/main.js')).toEqual([
      'my app/lib/ü.js',
      'my app/main.js',
    ]);
    expect(short('file:///srv/app/a.js', '/srv/app/lib/b.cjs')).toEqual(['app/a.js', 'app/lib/b.cjs']);
  });

  test('as file URLs that cannot be decoded stay as they are', () =>
    expect(short('file:///srv/app/100%/x.js', 'file:///srv/app/y.js')).toEqual(['app/100%/x.js', 'app/y.js']));

  test('of Windows, by path or by URL', () => {
    expect(short('C:\\srv\\app\\main.js', 'C:\\srv\\app\\lib\\db.js')).toEqual(['app\\main.js', 'app\\lib\\db.js']);
    expect(short('file:///C:/srv/app/main.js', 'file:///C:/srv/app/lib/db.js')).toEqual([
      'app/main.js',
      'app/lib/db.js',
    ]);
    expect(short('C:\\x\\main.js', 'D:\\y\\db.js')).toEqual(['C:\\x\\main.js', 'D:\\y\\db.js']);
  });

  test('of a web page', () =>
    expect(short('http://localhost:3000/src/app.js', 'http://localhost:3000/src/ui/menu.js')).toEqual([
      'src/app.js',
      'src/ui/menu.js',
    ]));

  test('of two hosts keep their hosts', () => {
    const [one, other] = short('https://a.example/x.js', 'https://b.example/x.js');
    expect(one).toContain('a.example/x.js');
    expect(other).toContain('b.example/x.js');
  });
});

describe('short: dependencies', () => {
  test.each([
    ['/srv/app/node_modules/express/lib/router.js', 'express/lib/router.js'],
    ['/srv/app/node_modules/@scope/pkg/dist/index.js', '@scope/pkg/dist/index.js'],
    ['/srv/app/node_modules/a/node_modules/b/index.js', 'b/index.js'],
    ['/srv/node_modules/.pnpm/a@1.0.0/node_modules/@s/a/i.js', '@s/a/i.js'],
    ['file:///srv/my%20app/node_modules/%40scope/pkg/i.js', '@scope/pkg/i.js'],
    ['C:\\app\\node_modules\\express\\lib\\router.js', 'express\\lib\\router.js'],
    ['http://localhost:3000/node_modules/vue/dist/vue.js', 'vue/dist/vue.js'],
    ['/usr/lib/python3/dist-packages/yaml/loader.py', 'yaml/loader.py'],
    ['/venv/lib/python3.11/site-packages/flask/app.py', 'flask/app.py'],
    ['/usr/lib/python3.11/json/decoder.py', 'json/decoder.py'],
    ['/usr/lib/python2.7/json/decoder.py', 'json/decoder.py'],
  ])('%s is %s', (file, place) => expect(short(file)).toEqual([place]));

  test('keep their folder if there is no other', () => {
    expect(short('/usr/lib/python3.11/threading.py')).toEqual(['python3.11/threading.py']);
    expect(short('/venv/lib/python3.11/site-packages/six.py')).toEqual(['site-packages/six.py']);
  });

  test("do not affect the app's common prefix", () =>
    expect(short('/srv/app/src/a.js', '/srv/app/src/lib/b.js', '/usr/lib/node_modules/x/i.js', 'node:fs', '')).toEqual([
      'src/a.js',
      'src/lib/b.js',
      'x/i.js',
      'node:fs',
      '',
    ]));

  test('are recognized by whole folder names', () =>
    expect(short('/srv/my_node_modules/x/a.js', '/srv/my_node_modules/b.js')).toEqual([
      'my_node_modules/x/a.js',
      'my_node_modules/b.js',
    ]));
});

describe('files that are not paths', () => {
  test.each([
    'node:fs',
    'node:internal/modules/cjs/loader',
    '<frozen importlib._bootstrap>',
    '<string>',
    'evalmachine.<anonymous>',
    'wasm://wasm/5f3c',
    '',
  ])("'%s' is shown as it is, whatever the style", (file) => {
    for (const style of PATH_STYLES) expect(shown(style, file, '/srv/app/x.js')[0]).toBe(file);
  });
});

describe('base', () => {
  test.each([
    ['/srv/app/lib/util.js', 'util.js'],
    ['file:///srv/app/my%20util.js', 'my util.js'],
    ['C:\\srv\\app\\util.js', 'util.js'],
    ['/srv/node_modules/@scope/pkg/index.js', 'index.js'],
    ['/usr/lib/python3.11/json/decoder.py', 'decoder.py'],
    ['http://localhost:3000/src/app.js', 'app.js'],
    // Python writes the path as given on its command line.
    ['src/app.py', 'app.py'],
  ])('%s is %s', (file, name) => expect(base(file)).toEqual([name]));

  test('never makes a file empty', () => expect(base('http://localhost:3000/')).not.toEqual(['']));
});

test('each style displays a file in one way', () => {
  for (const style of PATH_STYLES) {
    const files = [...EVERY_KIND, ...EVERY_KIND];
    const all = shown(style, ...files);
    expect(all.slice(EVERY_KIND.length)).toEqual(all.slice(0, EVERY_KIND.length));
  }
});

describe('names', () => {
  const table = (key: string) => {
    const builder = new FunctionTableBuilder();
    builder.intern(functionNamed(key));
    return builder.finish();
  };

  test.each([
    ['/app/main.py:20(handle)', '/app/main.py:20(handle)', 'handle'],
    ['{built-in method builtins.len}', '{built-in method builtins.len}', '{built-in method builtins.len}'],
    [
      "{method 'append' of 'list' objects}",
      "{method 'append' of 'list' objects}",
      "{method 'append' of 'list' objects}",
    ],
    ['~:0(plain)', 'plain', 'plain'],
    [':0(len)', ':0(len)', 'len'],
    ['~:3(f)', '~:3(f)', 'f'],
    ['profile:0(profiler)', 'profile:0(profiler)', 'profiler'],
    ['app.js:3()', 'app.js:3()', '(anonymous)'],
    ['/app/main.py:1(<module>)', '/app/main.py:1(<module>)', '<module>'],
  ])('%s is displayed at %s with the name %s', (key, standard, name) =>
    expect([standardName(table(key), 0), displayName(table(key), 0)]).toEqual([standard, name]),
  );

  test("Python's built-ins have no file in any style", () => {
    for (const style of PATH_STYLES) expect(displayFiles(table('{built-in method len}'), style)).toEqual(['']);
  });
});
