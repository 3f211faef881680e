/** What keeps the built command from starting. `npm run build` comes first. */

import { execFile } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { transformSync } from 'esbuild';
import { beforeEach, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { failureOf, outdatedNode } from '../../src/cli/startup.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const DIST = new URL('../../dist', import.meta.url).pathname;

let folder: string;

beforeEach(() => {
  folder = temporaryFolder('startup');
});

interface Ending {
  readonly stderr: string;
  readonly code: unknown;
}

function start(dist: string, args: readonly string[], options: { node?: readonly string[]; shell?: string } = {}) {
  const words = [...(options.node ?? []), path.join(dist, 'cli/main.js'), ...args];
  return new Promise<Ending>((resolve) => {
    const done = (error: { code?: unknown } | null, _: string, stderr: string) =>
      resolve({ stderr, code: error === null ? 0 : error.code });
    if (options.shell === undefined) execFile(process.execPath, words, done);
    else execFile('/bin/sh', ['-c', options.shell, 'sh', process.execPath, ...words], { cwd: folder }, done);
  });
}

/** A copy of dist in which the file of this name is changed. */
function damagedPackage(name: RegExp, damage: (file: string) => void): string {
  cpSync(DIST, path.join(folder, 'dist'), { recursive: true });
  cpSync(path.join(DIST, '../package.json'), path.join(folder, 'package.json'));
  const chunks = path.join(folder, 'dist/chunks');
  for (const file of readdirSync(chunks).filter((each) => name.test(each))) damage(path.join(chunks, file));
  return path.join(folder, 'dist');
}

test('a Node older than engines in package.json is named', () => {
  expect(packageJson.engines.node).toBe('>=20.19');
  expect(outdatedNode('20.19.0')).toBeNull();
  expect(outdatedNode('26.0.0-nightly')).toBeNull();
  for (const version of ['12.22.12', '18.20.8', '20.18.3']) {
    expect(outdatedNode(version)).toEqual({
      message: `this is Node ${version}, and pstat needs Node 20.19 or later`,
      exitCode: 2,
    });
  }
});

test('an old Node ends the command with one line', async () => {
  const preload = `data:text/javascript,Object.defineProperty(process.versions,'node',{value:'18.20.8'})`;
  expect(await start(DIST, ['x.prof'], { node: ['--import', preload] })).toEqual({
    stderr: 'pstat: this is Node 18.20.8, and pstat needs Node 20.19 or later\n',
    code: 2,
  });
});

test('the file that npm installs and what it imports statically have no syntax newer than Node 14.8', () => {
  const files = ['cli/main.js'];
  for (const file of files) {
    const code = readFileSync(path.join(DIST, file), 'utf8');
    const imports = [...code.matchAll(/^(?:import|\} from)[^(]* ?"(\.[^"]+)";$/gm)].map((match) => match[1] ?? '');
    files.push(...imports.map((name) => path.join(path.dirname(file), name)));
    const lowered = transformSync(code, { target: 'es2020', format: 'esm' }).code;
    expect(lowered, file).toBe(transformSync(code, { target: 'esnext', format: 'esm' }).code);
  }
  expect(files.length).toBeGreaterThan(1);
});

test.skipIf(process.platform === 'win32')(
  'a current folder that was deleted ends the command with one line',
  async () => {
    const gone = path.join(folder, 'gone');
    const shell = `mkdir '${gone}' && cd '${gone}' && rmdir '${gone}' && exec "$@"`;
    expect(await start(DIST, ['/no-such.prof'], { shell })).toEqual({
      stderr: 'pstat: the current folder no longer exists; change to another one\n',
      code: 2,
    });
  },
);

test('a missing part of the package ends the command with one line, whenever it is loaded', async () => {
  for (const [name, args] of [
    [/^program-/, []],
    [/^compare-answer-/, ['compare', 'x', 'x']],
  ] as const) {
    const dist = damagedPackage(name, rmSync);
    const { stderr, code } = await start(dist, args);
    expect(stderr).toMatch(/^pstat: a part of pstat cannot be loaded \(Cannot find module .*\); install it again\n$/);
    expect(code).toBe(70);
  }
});

test('a part of the package that does not compile ends the command with one line', async () => {
  for (const damage of [(file: string) => truncateSync(file, 5000), (file: string) => writeFileSync(file, '(')]) {
    const dist = damagedPackage(/^compare-answer-/, damage);
    const { stderr, code } = await start(dist, ['compare', 'x', 'x']);
    expect(stderr).toMatch(/^pstat: a part of pstat cannot be loaded \(.*\); install it again\n$/);
    expect(code).toBe(70);
  }
});

test('any other error is a defect with its stack', () => {
  const error = new SyntaxError('of JSON.parse');
  expect(failureOf(error)).toEqual({
    message: `internal error: ${error.stack}\nThis is a bug in pstat; please report it.`,
    exitCode: 70,
  });
});
