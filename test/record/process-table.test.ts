/** What is known of processes. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test, vi } from 'vitest';
import { isAlive, statFieldsOf } from '../../src/record/process-table.ts';

test('a process is alive until it has ended', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  const pid = child.pid ?? 0;
  expect(isAlive(pid)).toBe(true);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(isAlive(pid)).toBe(false);
});

test.skipIf(process.platform !== 'linux')('a process that its parent does not look at has ended', async () => {
  const parent = spawn('/bin/sh', ['-c', 'sleep 0 & echo $!; exec sleep 60']);
  const [printed] = await once(parent.stdout, 'data');
  const pid = Number(printed);
  await vi.waitFor(() => expect(statFieldsOf(pid)?.[0]).toBe('Z'), { timeout: 20_000 });
  expect(isAlive(pid)).toBe(false);
  parent.kill('SIGKILL');
});
