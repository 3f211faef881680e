/** Tests the architecture: imports point one way, and only some folders touch the outside. */

import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };
import { VERSION } from '../src/base/version.ts';
import { optionNames } from '../src/cli/options.ts';

/** folder -> folders that it may import, besides itself */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  base: [],
  model: ['base'],
  formats: ['model', 'base'],
  sources: ['model', 'base'],
  input: ['formats', 'sources', 'model', 'base'],
  query: ['model', 'base'],
  routes: ['model', 'base'],
  pstats: ['query', 'formats', 'model', 'base'],
  compare: ['query', 'routes', 'model', 'base'],
  view: ['compare', 'sources', 'routes', 'query', 'record', 'model', 'base'],
  page: ['model', 'base'],
  render: ['view', 'compare', 'routes', 'query', 'model', 'base'],
  record: ['query', 'model', 'base'],
  cli: [
    'render',
    'view',
    'compare',
    'sources',
    'routes',
    'pstats',
    'query',
    'record',
    'input',
    'formats',
    'model',
    'base',
  ],
  'index.ts': ['render', 'view', 'compare', 'record', 'query', 'input', 'formats', 'model', 'base'],
};

/** Packages and globals, and the only places that may use them. */
const EDGES: readonly (readonly [pattern: RegExp, places: readonly string[]])[] = [
  [/from 'yargs'/, ['cli/']],
  [/from 'cli-table3'/, ['render/table/layout.ts']],
  [/'chalk'/, ['render/theme.ts']],
  [/(?<!\/)\bprocess\.|\bconsole\./, ['cli/program.ts', 'cli/compile-cache.ts', 'cli/main.ts', 'record/']],
  [/process\.exit\(/, []],
  [
    /from 'node:fs/,
    [
      'input/',
      'sources/source-text.ts',
      'record/',
      'cli/compile-cache.ts',
      'cli/commands/record-answer.ts',
      'cli/write-file.ts',
      'cli/explore/run-explore.ts',
      'cli/page-code.ts',
      'cli/shell/',
    ],
  ],
];

const sources = await readdir('src', { recursive: true });
const files = sources.filter((file) => file.endsWith('.ts')).map((file) => file.split(path.sep).join('/'));
const texts = new Map(await Promise.all(files.map(async (file) => [file, await code(file)] as const)));

async function code(file: string): Promise<string> {
  const text = await readFile(`src/${file}`, 'utf8');
  return text.replace(/^\s*\/\*[\s\S]*?\*\//gm, '').replace(/^\s*\/\/.*$/gm, '');
}

const room = (file: string) => file.split('/')[0] ?? file;

test.each(files)('%s imports only allowed folders', (file) => {
  const imports = [...(texts.get(file) ?? '').matchAll(/(?:from|import\()\s*'(\.[^']*)'/g)].map(
    (match) => match[1] ?? '',
  );
  const rooms = imports.map((specifier) => room(path.posix.join(path.posix.dirname(file), specifier)));
  const allowed = [room(file), ...(ARROWS[room(file)] ?? [])];
  expect(rooms.filter((target) => !allowed.includes(target))).toEqual([]);
});

test('page imports nothing of the model but its layout, its columns, their sums and orders, and types', () => {
  const pages = files.filter((file) => file.startsWith('page/'));
  const imports = pages.flatMap((file) =>
    [...(texts.get(file) ?? '').matchAll(/^import (?!type).*?from '\.\.\/(model\/[^']*)'/gm)].map(
      (match) => match[1] ?? '',
    ),
  );
  const columns = [
    'columns',
    'call-tree',
    'depth-first',
    'call-graph',
    'focus',
    'function-order',
    'listing',
    'sampling-error',
  ].map((name) => `model/${name}.ts`);
  expect(imports.filter((name) => !name.startsWith('model/layout/') && !columns.includes(name))).toEqual([]);
});

test.each(EDGES)('%s occurs only in %j', (pattern, places) => {
  const users = files.filter((file) => pattern.test(texts.get(file) ?? ''));
  expect(users.filter((file) => !places.some((place) => file.startsWith(place)))).toEqual([]);
});

test('no folder below cli and render names an option of the command line', () => {
  const options = new RegExp(`(?<!node )--(?:${optionNames().join('|')})\\b`);
  // Commands of other tools, and the titles of formats, which are texts of `pstat help formats`.
  const others = ['unsupported-formats.ts', 'v8/chrome-trace.ts', 'pprof/pprof.ts', 'folded/folded.ts'];
  const lower = files.filter(
    (file) => !/^(?:cli|render|record|page)\//.test(file) && !others.includes(file.replace('formats/', '')),
  );
  expect(lower.filter((file) => options.test(texts.get(file) ?? ''))).toEqual([]);
});

test('no utils, helpers or types files, and no file over 400 lines', () => {
  expect(files.filter((file) => /(?:utils?|helpers?|types|misc)\.ts$/.test(file))).toEqual([]);
  const long = files.filter((file) => (texts.get(file) ?? '').split('\n').length > 400);
  expect(long).toEqual([]);
});

test('VERSION equals the version in package.json', () => {
  expect(VERSION).toBe(packageJson.version);
});

test('the lock file contains no URLs', async () => {
  expect(await readFile('package-lock.json', 'utf8')).not.toMatch(/"resolved": "http/);
});
