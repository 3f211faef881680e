/** Where the command keeps compiled code: in a folder that nobody but the user can enter, or nowhere. */

import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import * as module from 'node:module';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cacheFolder } from '../../src/cli/compile-cache.ts';
import { type InstalledPackage, installPackage, runNode } from '../support/package.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const isRoot = process.getuid?.() === 0;
const hasCompileCache = 'enableCompileCache' in module;

/** XDG_CACHE_HOME. */
let caches: string;
let folder: string;

beforeEach(() => {
  caches = temporaryFolder('caches');
  folder = path.join(caches, 'pstat');
});

describe.skipIf(process.platform === 'win32')('the folder of compiled code', () => {
  const find = () => cacheFolder({ XDG_CACHE_HOME: caches });

  test('is created for the user alone', () => {
    expect(find()).toBe(folder);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  test('is used again', () => {
    find();
    expect(find()).toBe(folder);
  });

  test.each([0o777, 0o770, 0o750, 0o701])('is not used where others can enter it: mode %o', (mode) => {
    mkdirSync(folder);
    chmodSync(folder, mode);
    expect(find()).toBeNull();
  });

  test('is not used where it is a link, even to a folder of the user', () => {
    mkdirSync(path.join(caches, 'elsewhere'), { mode: 0o700 });
    symlinkSync(path.join(caches, 'elsewhere'), folder);
    expect(find()).toBeNull();
  });

  test('is not used where it is a file', () => {
    symlinkSync('/dev/null', folder);
    expect(find()).toBeNull();
  });

  // Only root can give a folder away.
  test.runIf(isRoot)('is not used where it belongs to another user', () => {
    mkdirSync(folder, { mode: 0o700 });
    chownSync(folder, 65_534, 65_534);
    expect(find()).toBeNull();
  });

  test('is below the home folder where XDG_CACHE_HOME is relative, as the specification asks', () => {
    const home = process.env['HOME'];
    process.env['HOME'] = caches;
    try {
      expect(cacheFolder({ XDG_CACHE_HOME: 'relative' })).toBe(path.join(caches, '.cache/pstat'));
    } finally {
      process.env['HOME'] = home;
    }
  });

  test('does not exist without a home folder', () => {
    const home = process.env['HOME'];
    process.env['HOME'] = path.join(caches, 'no-such-home');
    try {
      expect(cacheFolder({})).toBeNull();
      expect(readdirSync(caches)).toEqual([]);
    } finally {
      process.env['HOME'] = home;
    }
  });
});

describe('the installed command', () => {
  let installed: InstalledPackage;

  beforeEach(() => {
    installed = installPackage();
  });

  afterEach(() => rmSync(installed.folder, { recursive: true }));

  const run = (env: NodeJS.ProcessEnv) =>
    runNode([installed.command, path.resolve('samples/GET.resource_providers.prof')], {
      XDG_CACHE_HOME: caches,
      NODE_DISABLE_COMPILE_CACHE: undefined,
      ...env,
    });

  test.runIf(hasCompileCache)('keeps compiled code, for its user alone, and answers the same with it', async () => {
    const first = await run({});
    expect(first).toMatchObject({ stderr: '', code: 0 });
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(0);
    expect(await run({})).toEqual(first);
  });

  // Node's own default is a folder in the temporary one, which any user can create first.
  test.runIf(hasCompileCache)('never reads a cache that lies in TMPDIR', async () => {
    const planted = path.join(caches, 'tmp', 'node-compile-cache');
    mkdirSync(planted, { recursive: true, mode: 0o777 });
    if (isRoot) chownSync(planted, 65_534, 65_534);
    const preload = path.join(caches, 'tell.cjs');
    writeFileSync(
      preload,
      "process.on('exit', () => console.error(require('node:module').getCompileCacheDir() ?? 'none'));",
    );
    const [own, home] = [path.join(caches, 'own'), path.join(caches, 'home')];
    mkdirSync(home);
    const folderWith = async (env: NodeJS.ProcessEnv) => {
      const common = { NODE_OPTIONS: `--require=${preload}`, TMPDIR: path.dirname(planted) };
      return (await run({ ...common, ...env })).stderr.trim();
    };
    expect(await folderWith({ XDG_CACHE_HOME: own })).toContain(path.join(own, 'pstat'));
    expect(await folderWith({ XDG_CACHE_HOME: '', HOME: home })).toContain(path.join(home, '.cache/pstat'));
    expect(await folderWith({ XDG_CACHE_HOME: '', HOME: path.join(caches, 'no-home') })).toBe('none');
    expect(readdirSync(planted)).toEqual([]);
  });

  test('keeps nothing with NODE_DISABLE_COMPILE_CACHE', async () => {
    expect(await run({ NODE_DISABLE_COMPILE_CACHE: '1' })).toMatchObject({ stderr: '', code: 0 });
    expect(existsSync(folder)).toBe(false);
  });

  test.runIf(isRoot)('keeps nothing in a folder of another user, and answers the same', async () => {
    mkdirSync(folder, { mode: 0o700 });
    chownSync(folder, 65_534, 65_534);
    expect(await run({})).toMatchObject({ stderr: '', code: 0 });
    expect(readdirSync(folder)).toEqual([]);
  });
});
