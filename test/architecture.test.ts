/** The arrows of the house: imports point one way, and what belongs to the outside stays at the edge. */

import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };
import { VERSION } from '../src/version.ts';

/** Who may import whom. A folder may always import itself. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  'text.ts': [],
  'system-code.ts': [],
  'url-path.ts': [],
  'version.ts': [],
  'errors.ts': ['text.ts'],
  'units.ts': ['text.ts'],
  model: ['errors.ts', 'units.ts', 'text.ts'],
  formats: ['model', 'errors.ts', 'text.ts'],
  'threads.ts': ['formats', 'model', 'errors.ts', 'text.ts'],
  'unzip.ts': [],
  'read.ts': ['unzip.ts', 'threads.ts', 'formats', 'model', 'errors.ts'],
  'dump.ts': ['formats', 'model', 'errors.ts', 'text.ts'],
  'read-file.ts': ['unzip.ts', 'read.ts', 'system-code.ts', 'formats', 'model', 'errors.ts'],
  'recording-names.ts': [],
  'find.ts': ['system-code.ts', 'errors.ts', 'text.ts'],
  reading: ['find.ts', 'read-file.ts', 'read.ts', 'model', 'errors.ts'],
  'load.ts': [
    'reading',
    'find.ts',
    'system-code.ts',
    'recording-names.ts',
    'read-file.ts',
    'read.ts',
    'model',
    'errors.ts',
    'text.ts',
  ],
  query: ['model', 'errors.ts', 'text.ts'],
  pstats: ['query', 'formats', 'model', 'errors.ts', 'text.ts'],
  requests: ['model', 'recording-names.ts', 'url-path.ts', 'errors.ts', 'text.ts'],
  compare: ['query', 'model', 'recording-names.ts', 'errors.ts', 'units.ts', 'text.ts'],
  'runs.ts': ['load.ts', 'query', 'model', 'recording-names.ts', 'errors.ts'],
  view: ['requests', 'compare', 'query', 'model', 'errors.ts', 'text.ts'],
  render: ['view', 'requests', 'compare', 'query', 'model', 'units.ts', 'text.ts'],
  cli: [
    'record',
    'pstats',
    'requests',
    'render',
    'view',
    'compare',
    'query',
    'model',
    'runs.ts',
    'load.ts',
    'dump.ts',
    'units.ts',
    'errors.ts',
    'text.ts',
    'system-code.ts',
    'version.ts',
  ],
  record: ['query', 'model', 'errors.ts', 'system-code.ts', 'url-path.ts', 'text.ts'],
  'index.ts': ['record', 'compare', 'runs.ts', 'load.ts', 'read.ts', 'dump.ts', 'query', 'model', 'errors.ts'],
};

/** Packages and globals, and the only places that may use them. */
const EDGES: readonly (readonly [pattern: RegExp, places: readonly string[]])[] = [
  [/from 'yargs'/, ['cli']],
  [/from 'cli-table3'/, ['render/sheet.ts']],
  [/from 'chalk'/, ['render/theme.ts']],
  [/\bprocess\.|\bconsole\./, ['cli/program.ts', 'cli/compiled.ts', 'cli/warm-up.ts', 'record/']],
  [/process\.exit\(/, []],
  [
    /from 'node:fs/,
    [
      'find.ts',
      'load.ts',
      'read-file.ts',
      'reading/read-each.ts',
      'record/',
      'cli/main.ts',
      'cli/compiled.ts',
      'cli/warm-up.ts',
      'cli/commands/record.ts',
      'cli/shell/',
    ],
  ],
];

const sources = await readdir('src', { recursive: true });
const files = sources.filter((file) => file.endsWith('.ts')).map((file) => file.split(path.sep).join('/'));
const texts = new Map(await Promise.all(files.map(async (file) => [file, await code(file)] as const)));

async function code(file: string): Promise<string> {
  const text = await readFile(`src/${file}`, 'utf8');
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
}

const room = (file: string) => file.split('/')[0] ?? file;

test.each(files)('%s imports only what lies below', (file) => {
  const imports = [...(texts.get(file) ?? '').matchAll(/(?:from|import\()\s*'(\.[^']*)'/g)].map(
    (match) => match[1] ?? '',
  );
  const rooms = imports.map((specifier) => room(path.posix.join(path.posix.dirname(file), specifier)));
  const allowed = [room(file), ...(ARROWS[room(file)] ?? [])];
  expect(rooms.filter((target) => !allowed.includes(target))).toEqual([]);
});

test.each(EDGES)('%s stands only in %j', (pattern, places) => {
  const users = files.filter((file) => pattern.test(texts.get(file) ?? ''));
  expect(users.filter((file) => !places.some((place) => file.startsWith(place)))).toEqual([]);
});

test('no file is an island of types or helpers, and none has outgrown its idea', () => {
  expect(files.filter((file) => /(?:utils?|helpers?|types|misc)\.ts$/.test(file))).toEqual([]);
  const long = files.filter((file) => (texts.get(file) ?? '').split('\n').length > 400);
  expect(long).toEqual([]);
});

test('the version is the package’s', () => {
  expect(VERSION).toBe(packageJson.version);
});

test('the lock file holds no addresses', async () => {
  expect(await readFile('package-lock.json', 'utf8')).not.toMatch(/"resolved": "http/);
});
