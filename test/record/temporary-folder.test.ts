/** The temporary folders of recordings. */

import { existsSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { findTemporaryFolder, makeTemporaryFolder } from '../../src/record/temporary-folder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

afterEach(() => void vi.unstubAllEnvs());

test('are absolute where TMPDIR is not', () => {
  const parent = temporaryFolder('parent');
  vi.stubEnv('TMPDIR', path.relative('.', parent));
  const folder = makeTemporaryFolder('pstat-test-');
  expect([path.dirname(folder), existsSync(folder)]).toEqual([parent, true]);
  rmSync(folder, { recursive: true });
});

test('are below a folder without links', () => {
  const parent = realpathSync(temporaryFolder('parent'));
  symlinkSync(parent, path.join(parent, 'link'));
  vi.stubEnv('TMPDIR', path.join(parent, 'link'));
  expect(findTemporaryFolder()).toBe(parent);
});

test('are an error of one line where TMPDIR names no folder', () => {
  vi.stubEnv('TMPDIR', '/nowhere');
  for (const find of [findTemporaryFolder, () => makeTemporaryFolder('pstat-test-')])
    expect(find).toThrow(expect.objectContaining({ message: '/nowhere: cannot be written: no such folder' }));
});
