/** The folder of the recordings of `pstat ab`. */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { RunFolder } from '../../../src/record/ab/run-folder.ts';

/** As a pstat leaves it, hours ago. */
function leaveFolder(pid: number, hours: number, isUnfinished = true): string {
  const folder = mkdtempSync(path.join(tmpdir(), `pstat-ab-runs-${pid}-`));
  if (isUnfinished) {
    const unfinished = path.join(folder, 'unfinished');
    mkdirSync(unfinished);
    const time = Date.now() / 1000 - hours * 3600;
    utimesSync(unfinished, time, time);
  }
  return folder;
}

test('a temporary folder replaces those of a pstat that was killed in a run a day ago', () => {
  const { pid: ended } = spawnSync(process.execPath, ['-e', '']);
  const left = leaveFolder(ended, 25);
  const others = [leaveFolder(ended, 1), leaveFolder(ended, 30, false), leaveFolder(process.pid, 30)];
  const folder = new RunFolder(null, 'question');
  expect([left, ...others].map((each) => existsSync(each))).toEqual([false, true, true, true]);
  expect(path.basename(folder.dir)).toMatch(new RegExp(`^pstat-ab-runs-${process.pid}-`));
  folder.remove();
  for (const each of others) rmSync(each, { recursive: true });
});
