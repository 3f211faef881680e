/** A full disk while `pstat record` runs: the program keeps its exit code, and pstat tells what is lost and what is kept. */

import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { canMount, FULL_FOLDER } from '../../support/full-folder.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const PSTAT = path.resolve('dist/cli/main.js');

let dir: string;
beforeAll(() => {
  dir = temporaryFolder('full-disk');
  mkdirSync(path.join(dir, 'full'));
  mkdirSync(path.join(dir, 'tmp'));
  // 300 functions, so that the samples need space, for ms of CPU time.
  writeFileSync(
    path.join(dir, 'busy.cjs'),
    `const functions = Array.from({ length: 300 }, (_, i) => new Function('n', \`/* \${i} */ let sum = 0;
      for (let j = 0; j < 1000; j++) sum += Math.sqrt(j * n); return sum;\`));
    const end = process.cpuUsage().user + Number(process.argv[2]) * 1e3;
    (function work() {
      for (let i = 0; i < 2000; i++) functions[i % 300](i);
      if (process.cpuUsage().user < end) setImmediate(work); else process.exitCode = 5;
    })();`,
  );
});

interface Full {
  /** What the folder `full` holds. */
  readonly size: string;
  readonly temporary: 'full' | 'tmp';
  readonly options: readonly string[];
  readonly time: number;
}

/** Records the program with a small file system in `full`. Returns what is left there and in the temporary folder. */
function record({ size, temporary, options, time }: Full) {
  const words = [
    process.execPath,
    PSTAT,
    'record',
    '--limit',
    '1',
    ...options,
    '--',
    process.execPath,
    'busy.cjs',
    time,
  ];
  const script = `TMPDIR=$PWD/${temporary} "$@"; code=$?; ls -A full >&3; exit $code`;
  const { status, stderr, output } = spawnSync(
    '/bin/sh',
    ['-c', `exec ${FULL_FOLDER} full ${size} '${script}' sh "$@"`, 'sh', ...words.map(String)],
    { cwd: dir, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe', 'pipe'], env: { ...process.env, NO_COLOR: '1' } },
  );
  return { code: status, stderr, left: output[3]?.split('\n').filter((name) => name !== '') ?? [] };
}

describe.skipIf(!canMount && process.env['CI'] === undefined)('a full disk (needs the right to mount)', () => {
  const spoolsIn = (folder: string) => readdirSync(path.join(dir, folder)).filter((name) => name.startsWith('pstat-'));

  test('in the temporary folder from the start: not recorded, and why', () => {
    const { code, stderr, left } = record({ size: '4k', temporary: 'full', options: ['--dir', 'out'], time: 400 });
    expect(stderr).toMatch(
      /^pstat: busy\.cjs \d+ was not recorded: its samples could not be written \(no space left in the temporary folder\)\n$/,
    );
    expect([code, left]).toEqual([5, []]);
  });

  test('in the temporary folder, which takes no file at all: not recorded, and why', () => {
    const { code, stderr, left } = record({
      size: '4m,nr_inodes=2',
      temporary: 'full',
      options: ['--dir', 'out'],
      time: 200,
    });
    expect(stderr).toBe(
      'pstat: the program was not recorded: its samples could not be written (no space left in the temporary folder)\n',
    );
    expect([code, left]).toEqual([5, []]);
  });

  test('in the temporary folder from some time on: what was written before is a profile, and the rest is reported', () => {
    const { code, stderr, left } = record({ size: '48k', temporary: 'full', options: ['--dir', 'out'], time: 4000 });
    expect(stderr).toMatch(/^pstat: wrote out\/CPU\.[\w.]+\.cpuprofile: busy\.cjs \d+, [\d.]+ m?s$/m);
    expect(stderr).toMatch(
      /^pstat: busy\.cjs \d+ is recorded only in part: its samples could not be written \(no space left in the temporary folder\)$/m,
    );
    expect([code, left]).toEqual([5, []]);
  });

  test.each([
    ['--dir', 'full'],
    ['-o', 'full/x.cpuprofile'],
  ])('under %s %s: nothing half-written, and the raw recording stays and is named', (...options) => {
    const { code, stderr, left } = record({ size: '4k', temporary: 'tmp', options, time: 400 });
    const [spool = ''] = spoolsIn('tmp');
    expect(stderr).toMatch(/^pstat: full\/[\w.]+\.cpuprofile: cannot be written: no space left; the raw recording/);
    expect(stderr.trimEnd().endsWith(`the raw recording is kept in ${path.join(dir, 'tmp', spool)}`)).toBe(true);
    expect(readdirSync(path.join(dir, 'tmp', spool)).length).toBeGreaterThan(0);
    expect([code, left]).toEqual([5, []]);
    rmSync(path.join(dir, 'tmp', spool), { recursive: true });
  });
});
