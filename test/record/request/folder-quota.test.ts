/** The limits of the folder of the profiles. */

import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { FolderQuota } from '../../../src/record/request/folder-quota.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

let dir: string;
beforeEach(() => {
  dir = temporaryFolder('quota');
});

const put = (name: string, bytes: number) => writeFileSync(path.join(dir, name), 'x'.repeat(bytes));

test('counts the files that are in the folder, whoever wrote them', () => {
  put('theirs', 10);
  const quota = new FolderQuota(dir, { maxFiles: 2, maxBytes: 1000 });
  expect(quota.limitFor(10)).toBeNull();
  put('own', 10);
  quota.add(10);
  expect(quota.limitFor(10)).toBe('maxFiles');
});

test('counts bytes', () => {
  put('theirs', 900);
  const quota = new FolderQuota(dir, { maxFiles: 2, maxBytes: 1000 });
  expect(quota.limitFor(100)).toBeNull();
  expect(quota.limitFor(101)).toBe('maxBytes');
});

test('notices that files were removed', () => {
  put('theirs', 10);
  const quota = new FolderQuota(dir, { maxFiles: 1, maxBytes: 1000 });
  expect(quota.limitFor(10)).toBe('maxFiles');
  rmSync(path.join(dir, 'theirs'));
  expect(quota.limitFor(10)).toBeNull();
});

test('notices the files of other processes before it writes a tenth of the free space', () => {
  const quota = new FolderQuota(dir, { maxFiles: 300, maxBytes: 1e6 });
  expect(quota.limitFor(1)).toBeNull();
  for (let i = 0; i < 300; i++) put(`theirs-${i}`, 1);
  let written = 0;
  while (quota.limitFor(1) === null) {
    quota.add(1);
    written++;
  }
  expect(written).toBe(30);
});

test('takes a missing folder as empty', () => {
  expect(new FolderQuota(path.join(dir, 'none'), { maxFiles: 1, maxBytes: 10 }).limitFor(1)).toBeNull();
});
