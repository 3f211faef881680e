/** The package: what npm packs, and what it is once it is installed in an empty folder. */

import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { type InstalledPackage, installPackage, runNode } from '../support/package.ts';

const PROFILE = path.resolve('samples/GET.resource_providers.prof');

let installed: InstalledPackage;
let project: string;
let root: string;

beforeAll(() => {
  installed = installPackage();
  project = path.join(installed.folder, 'project');
  root = path.join(project, 'node_modules/pstat-cli');
});

afterAll(() => rmSync(installed.folder, { recursive: true }));

function packedFiles(): string[] {
  const list = execFileSync('tar', ['tzf', installed.tarball], { encoding: 'utf8' });
  return list
    .trim()
    .split('\n')
    .map((name) => name.replace('package/', ''));
}

describe('the tarball', () => {
  test('holds the build, its declarations, licences and documents', () => {
    const files = packedFiles();
    expect(files.filter((name) => !name.startsWith('dist/')).sort()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'package.json',
    ]);
    expect(files).toContain('dist/THIRD-PARTY-LICENSES.txt');
    const others = files.filter((name) => name.startsWith('dist/') && !/\.(?:c?js|d\.c?ts)$/.test(name));
    expect(others.sort()).toEqual(['dist/THIRD-PARTY-LICENSES.txt', 'dist/page/page.css', 'dist/schema.json']);
  });

  test('holds the declarations that its entries reach, and no others', () => {
    const declared = packedFiles().filter((name) => /\.d\.c?ts$/.test(name));
    expect(declared).toContain('dist/types/index.d.ts');
    expect(declared).toContain('dist/types/record/request/profiler.d.ts');
    expect(declared).toContain('dist/types/record/request/register.d.cts');
    const shown = declared.filter((name) => /\/(?:cli|render|view)\//.test(name));
    expect(shown.sort()).toEqual(['dist/types/render/note-words.d.ts', 'dist/types/view/notes.d.ts']);
  });

  test('names no folder of the machine that built it', () => {
    const folders = [process.cwd(), homedir()].filter((folder) => folder !== '/');
    const naming = packedFiles().filter((name) => {
      const text = readFileSync(path.join(root, name), 'utf8');
      return folders.some((folder) => text.includes(`${folder}${path.sep}`));
    });
    expect(naming).toEqual([]);
  });

  test('names every package whose code it holds in its licences', () => {
    const licences = readFileSync(path.join(root, 'dist/THIRD-PARTY-LICENSES.txt'), 'utf8');
    for (const name of ['yargs', 'cli-table3', 'chalk', 'csv-stringify', 'tinyglobby'])
      expect(licences).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(`, 'm'));
  });
});

describe('installed', () => {
  test('it brings no other package', () => {
    expect(readdirSync(path.join(project, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual([
      'pstat-cli',
    ]);
    expect(packageJson).not.toHaveProperty('dependencies');
  });

  // npm 11.19 names a script that runs on installation in a warning, npm 12 blocks it. `prepare` is one where the package
  // is a folder or a tarball, so the script `dependencies` builds after `npm ci`.
  test('it needs no script, and npm installs it without a word on stderr', () => {
    const prefix = path.join(installed.folder, 'global');
    const options = ['--global', '--offline', '--no-update-notifier', '--prefix', prefix];
    const { status, stderr } = spawnSync('npm', ['install', ...options, installed.tarball], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const installing = ['preinstall', 'install', 'postinstall', 'prepare'];
    expect(Object.keys(packageJson.scripts).filter((name) => installing.includes(name))).toEqual([]);
  });

  test('its command tells its version', async () => {
    const { version } = packageJson;
    expect(await runNode([installed.command, '--version'])).toEqual({ stdout: `${version}\n`, stderr: '', code: 0 });
  });

  test.each([
    ['a Python profile', [PROFILE]],
    ['JSON', [PROFILE, '--json']],
    ['CSV', [PROFILE, '--format', 'csv']],
    ['markdown', [PROFILE, '--format', 'markdown']],
    ['pstats', [PROFILE, '--format', 'pstats']],
    ['a comparison', ['compare', PROFILE, PROFILE]],
    ['help', ['help', 'compare']],
    ['a completion script', ['completion', 'bash']],
  ])('its command prints %s', async (_, args) => {
    const { stdout, code } = await runNode([installed.command, ...args]);
    expect(code).toBe(0);
    expect(stdout).not.toBe('');
  });

  test('its entries are importable', async () => {
    const program = `
      import { loadProfile } from 'pstat-cli';
      import { profiler } from 'pstat-cli/profiler';
      import 'pstat-cli/register';
      const { functions } = await loadProfile(${JSON.stringify(PROFILE)});
      console.log(typeof profiler, functions.length > 0);
    `;
    const { stdout, stderr } = await runNode(['--input-type=module', '-e', program], {}, project);
    expect({ stdout, stderr }).toEqual({ stdout: 'function true\n', stderr: '' });
  });

  test('its declarations are complete and valid', () => {
    const consumer = path.join(project, 'consumer.ts');
    writeFileSync(
      consumer,
      `import { loadProfile, type Profile } from 'pstat-cli';
       import { profiler } from 'pstat-cli/profiler';
       import 'pstat-cli/register';
       export const profile: Promise<Profile> = loadProfile('x.prof');
       export const middleware = profiler({ dir: '.' });\n`,
    );
    const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023', '--types', 'node'];
    const types = ['--typeRoots', path.resolve('node_modules/@types')];
    const compiler = path.resolve('node_modules/typescript/bin/tsc');
    const args = [compiler, ...options, ...types, consumer];
    expect(spawnSync(process.execPath, args, { cwd: project, encoding: 'utf8' }).stdout).toBe('');
  });

  // A module costs half a millisecond of every start: src/build/core-chunk.mjs.
  test('the default command loads four modules', async () => {
    const hooks = `export async function load(url, context, next) {
      if (url.includes('pstat-cli')) process._rawDebug(url.slice(url.indexOf('/dist/')));
      return next(url, context);
    }`;
    const register = `import { register } from 'node:module'; register(${JSON.stringify(dataUrl(hooks))});`;
    const { stderr } = await runNode(['--import', dataUrl(register), installed.command, PROFILE]);
    expect(stderr.split('\n').filter((line) => line.startsWith('/dist/'))).toHaveLength(4);
  });
});

function dataUrl(program: string): string {
  return `data:text/javascript,${encodeURIComponent(program)}`;
}

describe('its command', () => {
  test.each([
    [['--sort'], 'pstat: --sort needs a value; one that begins with a dash is written --sort=-x\n'],
    [['/no-such-file'], 'pstat: /no-such-file: no such file or folder\n'],
  ])('reports %j as an error with exit code 2', async (args, stderr) => {
    expect(await runNode([installed.command, ...args])).toEqual({ stdout: '', stderr, code: 2 });
  });

  test('reports an internal error with its stack and exit code 70, whatever Node does with rejections', async () => {
    const broken = dataUrl(`process.stdout.write = () => { throw new TypeError('on purpose'); };`);
    const options = ['--unhandled-rejections=none', '--import', broken];
    const { stderr, code } = await runNode([...options, installed.command, PROFILE]);
    expect(stderr).toMatch(
      /^pstat: internal error: TypeError: on purpose\n(?: {4}at .*\n)+This is a bug in pstat; please report it\.\n$/,
    );
    expect(code).toBe(70);
  });

  test('reports a promise that nothing can settle as an internal error', async () => {
    const silence = dataUrl(`
      const stream = { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) };
      Object.defineProperty(process, 'stdin', { value: stream });
    `);
    expect(await runNode(['--import', silence, installed.command, '-'])).toEqual({
      stdout: '',
      stderr: 'pstat: internal error: a promise never settled\nThis is a bug in pstat; please report it.\n',
      code: 70,
    });
  });

  test('ends quietly when its reader closes the pipe', async () => {
    const program = `const { spawn } = require('node:child_process');
      const child = spawn(process.execPath, ${JSON.stringify([installed.command, PROFILE, '--json'])});
      child.stdout.once('data', () => child.stdout.destroy());
      child.stderr.pipe(process.stderr);
      child.on('exit', (code) => console.log(code));`;
    expect(await runNode(['-e', program])).toEqual({ stdout: '0\n', stderr: '', code: 0 });
  });
});
