/** Tests that only sources below the given folders are read, and none that could harm. */

import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { SourceFolder } from '../../src/sources/source-text.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

let folder = '';
const inside = (...parts: string[]) => path.join(folder, 'app', ...parts);

beforeAll(() => {
  folder = temporaryFolder('sources');
  for (const name of ['app/lib', 'app/other', 'app/node_modules/x', 'outside'])
    mkdirSync(path.join(folder, name), { recursive: true });
  for (const name of ['lib/a.js', 'other/a.js', 'lib/b.js', 'node_modules/x/c.js', 'with space.js'])
    writeFileSync(inside(name), `// ${name}`);
  writeFileSync(path.join(folder, 'outside/secret.js'), 'secret');
  symlinkSync(path.join(folder, 'outside/secret.js'), inside('link.js'));
  symlinkSync(path.join(folder, 'outside'), inside('linked'));
  writeFileSync(inside('binary.js'), Buffer.from([65, 0, 66]));
  writeFileSync(inside('huge.js'), '');
  truncateSync(inside('huge.js'), 2 ** 30);
  mkdirSync(inside('folder.js'));
  if (process.platform !== 'win32') execFileSync('mkfifo', [inside('pipe.js')]);
});

const read = (file: string, named: string[] = []) => new SourceFolder(named, path.join(folder, 'app')).read(file);

test.each<[string, () => string, string]>([
  ['a path as written', () => inside('lib/a.js'), '// lib/a.js'],
  ['a file URL', () => pathToFileURL(inside('with space.js')).href, '// with space.js'],
  ['a path of another machine, by its longest suffix', () => '/srv/app/lib/a.js', '// lib/a.js'],
  ['a path of Windows', () => 'C:\\srv\\lib\\a.js', '// lib/a.js'],
  ['the address of a server', () => 'https://example.com/static/b.js?v=3', '// lib/b.js'],
])('reads %s', async (_, file, text) => {
  expect(await read(file())).toEqual({ kind: 'text', text });
});

test.each<[string, () => string, string]>([
  ['a file outside', () => path.join(folder, 'outside/secret.js'), 'missing'],
  ['a path that climbs', () => inside('../outside/secret.js'), 'missing'],
  ['/etc/passwd', () => '/etc/passwd', 'missing'],
  ['a link that leads out', () => inside('link.js'), 'missing'],
  ['a file below a linked folder', () => inside('linked/secret.js'), 'missing'],
  ['one of several that may be it', () => '/srv/a.js', 'ambiguous'],
  ['a binary', () => inside('binary.js'), 'unreadable'],
  ['a file of 1 GB', () => inside('huge.js'), 'unreadable'],
  ['a folder', () => inside('folder.js'), 'unreadable'],
  ['a pipe', () => inside('pipe.js'), process.platform === 'win32' ? 'missing' : 'unreadable'],
  ['a module of Node', () => 'node:fs', 'missing'],
  ['a name with a zero byte', () => 'a\0b.js', 'missing'],
  ['a path with a zero byte', () => inside('a\0b.js'), 'missing'],
  ['a URL with a zero byte', () => `${pathToFileURL(inside('a')).href}%00b.js`, 'missing'],
])('does not read %s', async (_, file, kind) => {
  expect(await read(file())).toEqual({ kind });
});

test('named folders come before the working directory', async () => {
  expect(await read('/srv/a.js', [inside('other')])).toEqual({ kind: 'text', text: '// other/a.js' });
});

test('a name that no file can have is of no file', async () => {
  for (const name of [`${inside('lib')}/a\0.js`, `${inside('lib')}/${'d/'.repeat(5000)}a\ud800.js`]) {
    expect(await read(name)).toEqual({ kind: 'missing' });
  }
});
