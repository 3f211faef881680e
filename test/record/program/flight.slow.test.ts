/** `pstat record --last` and `--on-stall`: what was recorded last, and the stalls of the event loop. */

import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { loadProfile } from '../../../src/index.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const PSTAT = path.resolve('dist/cli/main.js');

let dir: string;

beforeEach(() => {
  dir = temporaryFolder('flight');
});

/** Works for ms of CPU time. */
const WORK =
  'function work(ms) { const end = process.cpuUsage().user + ms * 1e3; while (process.cpuUsage().user < end); }';

function record(options: readonly string[], source: string) {
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    [PSTAT, 'record', ...options, '--', process.execPath, '-e', `${WORK} ${source}`],
    { cwd: dir, encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1' } },
  );
  return { status, stderr, stdout };
}

test('saves the last minute when the event loop stalls, and nothing else', async () => {
  const { status, stderr, stdout } = record(
    ['--on-stall', '400ms', '--dir', 'stalls'],
    "setTimeout(() => { work(900); console.log('done'); setTimeout(() => process.exit(3), 500); }, 500);",
  );
  expect([status, stdout]).toEqual([3, 'done\n']);
  const files = readdirSync(path.join(dir, 'stalls'));
  expect(stderr).toMatch(/pstat: stall of .* % .*work .*; saved stalls.stall-\d{6}(?:\.\d)?\.cpuprofile\n/);
  expect(stderr).toMatch(new RegExp(`pstat: saved ${files.length} stalls?.*: pstat stalls`));
  const names = await Promise.all(
    files.map(async (file) => (await loadProfile(path.join(dir, 'stalls', file))).functions.name),
  );
  expect(names.flat()).toContain('work');
});

test('goes on, with the exit code of the program, where a stall cannot be saved', () => {
  const { status, stderr, stdout } = record(
    ['--on-stall', '400ms', '--dir', 'stalls'],
    `const fs = require('node:fs'); fs.rmdirSync('stalls'); fs.writeFileSync('stalls', '');
    setTimeout(() => { work(900); setTimeout(() => { console.log('done'); process.exit(3); }, 1000); }, 500);`,
  );
  expect([status, stdout]).toEqual([3, 'done\n']);
  expect(stderr).toMatch(
    /^pstat: a stall was not saved: stalls.stall-\d{6}\.cpuprofile: cannot be written: a file where/,
  );
  expect(stderr).toMatch(/^pstat: \d stalls?; nothing was saved$/m);
});

test('reports the stall in which the program is killed', () => {
  const { stderr } = record(
    ['--on-stall', '400ms'],
    "setTimeout(() => { work(3000); process.kill(process.pid, 'SIGKILL'); }, 100);",
  );
  expect(stderr).toMatch(
    /pstat: stall of more than .* % .*work .*; (?:the program ended in it|it goes on); saved stall-/,
  );
});

test('keeps what a child did after the program had ended', async () => {
  const child = `${WORK} function afterwards() { work(30); } process.once('disconnect', afterwards).send('ready');`;
  record(
    ['--last', '60s', '--dir', 'last'],
    `const { spawn } = require('node:child_process');
    const stdio = ['ignore', 'ignore', 'ignore', 'ipc'];
    spawn(process.execPath, ['-e', ${JSON.stringify(child)}], { stdio }).once('message', () => { work(200); process.exit(); });`,
  );
  const files = readdirSync(path.join(dir, 'last'));
  const names = await Promise.all(
    files.map(async (file) => (await loadProfile(path.join(dir, 'last', file))).functions.name),
  );
  expect(names.flat()).toContain('afterwards');
});

test('keeps what was recorded last, in two files of ten seconds on the disk', () => {
  const spools = "require('node:fs').readdirSync(process.env.PSTAT_RECORD_SPOOL).length";
  const { status, stdout, stderr } = record(
    ['--last', '2s', '-o', 'last.cpuprofile'],
    `const end = Date.now() + 33_000; (function go() { work(5); if (Date.now() < end) setTimeout(go, 20); else console.log(${spools}); })();`,
  );
  expect([status, stdout], stderr).toEqual([0, '2\n']);
  const { startTime, endTime, pstat } = JSON.parse(readFileSync(path.join(dir, 'last.cpuprofile'), 'utf8'));
  expect(endTime - startTime).toBeLessThan(20e6);
  expect(pstat.run.elapsed).toBeLessThan(20e6);
});
