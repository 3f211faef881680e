/** Writes files completely or not at all, and never replaces one. */

import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { ProfileFolder } from '../../src/record/profile-folder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

let dir: string;
beforeEach(() => {
  dir = temporaryFolder('folder');
});

const contents = () => readdirSync(dir).map((name) => [name, readFileSync(path.join(dir, name), 'utf8')]);

test('numbers files of the same name, skipping those of other writers', () => {
  writeFileSync(path.join(dir, 'a.cpuprofile'), 'theirs');
  writeFileSync(path.join(dir, 'a.3.cpuprofile'), 'theirs');
  const folder = new ProfileFolder(dir);
  folder.write('a.cpuprofile', '1');
  folder.write('a.cpuprofile', '2');
  new ProfileFolder(dir).write('a.cpuprofile', '3');
  expect(contents()).toEqual([
    ['a.2.cpuprofile', '1'],
    ['a.3.cpuprofile', 'theirs'],
    ['a.4.cpuprofile', '2'],
    ['a.5.cpuprofile', '3'],
    ['a.cpuprofile', 'theirs'],
  ]);
});

test('creates the folder again if it was removed', () => {
  const folder = new ProfileFolder(dir);
  folder.write('a.cpuprofile', '1');
  rmSync(dir, { recursive: true });
  folder.write('b.cpuprofile', '2');
  expect(contents()).toEqual([['b.cpuprofile', '2']]);
});

test('leaves no temporary file if the file cannot be written', () => {
  const folder = new ProfileFolder(dir);
  mkdirSync(path.join(dir, 'plain'));
  expect(() => folder.write(`${'x'.repeat(300)}.cpuprofile`, '1')).toThrow(/ENAMETOOLONG/);
  expect(readdirSync(dir)).toEqual(['plain']);
});

test('finds the next of many numbers quickly', () => {
  const folder = new ProfileFolder(dir);
  for (let i = 0; i < 500; i++) folder.write('same.cpuprofile', String(i));
  expect(readdirSync(dir)).toHaveLength(500);
  expect(new Set(contents().map(([, text]) => text)).size).toBe(500);
});

test('creates folders and files that only the user can read', () => {
  const inner = path.join(dir, 'a', 'b');
  new ProfileFolder(inner).write('x.cpuprofile', '1');
  const modes = [path.join(dir, 'a'), inner, path.join(inner, 'x.cpuprofile')].map(
    (file) => statSync(file).mode & 0o777,
  );
  expect(modes).toEqual([0o700, 0o700, 0o600]);
});

test('writes beside a link of the same name, and not through it', () => {
  symlinkSync(path.join(dir, 'elsewhere'), path.join(dir, 'a.cpuprofile'));
  new ProfileFolder(dir).write('a.cpuprofile', '1');
  expect(readdirSync(dir)).toEqual(['a.2.cpuprofile', 'a.cpuprofile']);
});
