/** `pstat.run` in the files of `pstat record` and of the request profiler. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeEach, describe, expect, test } from 'vitest';
import { RunMeter, type WrittenRunMetadata } from '../../src/record/run-metadata.ts';
import { threadCpuClock } from '../../src/record/thread-cpu.ts';
import { PRELOAD, type RequestFile, runNode, runPreloaded } from '../support/program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const PSTAT = path.resolve('dist/cli/main.js');

/** Whether the kernel of this machine reports the times of a thread. */
const HAS_THREAD_TIMES = threadCpuClock.read() !== null;

const CLIENT = new URL('programs/client.mjs', import.meta.url).href;
const WORK = `import { work } from ${JSON.stringify(CLIENT)};\n`;

let dir: string;
beforeEach(() => {
  dir = temporaryFolder('run');
});

interface Recorded {
  readonly stdout: string;
  readonly signal: NodeJS.Signals | null;
  /** file name -> the value of `pstat` in it. */
  readonly files: ReadonlyMap<string, { readonly run: WrittenRunMetadata }>;
}

/** Records a program, `app.mjs`, into `out.cpuprofile`. */
async function recordProgram(
  source: string,
  { options = [], nodeOptions = '' }: { options?: readonly string[]; nodeOptions?: string } = {},
): Promise<Recorded> {
  writeFileSync(path.join(dir, 'app.mjs'), `${WORK}${source}`);
  const words = ['record', '-o', 'out.cpuprofile', ...options, '--', process.execPath, 'app.mjs'];
  const child = spawn(process.execPath, [PSTAT, ...words], {
    cwd: dir,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, NODE_OPTIONS: nodeOptions },
    timeout: 30_000,
  });
  const [stdout] = await Promise.all([text(child.stdout), once(child, 'close')]);
  const names = readdirSync(dir).filter((name) => name.endsWith('.cpuprofile'));
  const files = names.map((name) => [name, JSON.parse(readFileSync(path.join(dir, name), 'utf8')).pstat] as const);
  return { stdout, signal: child.signalCode, files: new Map(files) };
}

const runsOf = ({ files }: Recorded) => [...files.values()].map(({ run }) => run);
const count = expect.toSatisfy((value) => Number.isInteger(value) && value >= 0);
const positive = expect.toSatisfy((value) => Number.isInteger(value) && value > 0);
const isoTime = expect.toSatisfy((value) => new Date(value).toISOString() === value);

const shapeOf = (interval: number) => ({
  id: expect.stringMatching(/^[0-9a-f]{16}$/),
  pid: positive,
  node: process.version,
  start: isoTime,
  interval,
  elapsed: positive,
  cpu: { user: count, system: count },
  ...(HAS_THREAD_TIMES ? { thread: { cpu: count, queued: count } } : {}),
});

const recordedShapeOf = (interval: number) => ({ ...shapeOf(interval), profiler: count });

describe('a file of pstat record', () => {
  test('holds only the metadata of its run', async () => {
    const { files } = await recordProgram('work(50);', { options: ['--interval', '500us'] });
    expect([...files]).toEqual([['out.cpuprofile', { run: recordedShapeOf(500) }]]);
  });

  test('of a worker holds the id of its process and the times of its own thread', async () => {
    const runs = runsOf(
      await recordProgram(`import { isMainThread, Worker } from 'node:worker_threads';
        if (isMainThread) new Worker(new URL(import.meta.url));
        work(100);`),
    );
    expect(runs).toEqual([recordedShapeOf(1000), recordedShapeOf(1000)]);
    expect(new Set(runs.map(({ id }) => id)).size).toBe(1);
    expect(new Set(runs.map(({ pid }) => pid)).size).toBe(1);
    if (HAS_THREAD_TIMES) expect(runs[0]?.thread).not.toEqual(runs[1]?.thread);
  });

  test('of a child process holds another id', async () => {
    const runs = runsOf(
      await recordProgram(`import { fork } from 'node:child_process';
        if (process.argv[2] !== 'child') fork('./app.mjs', ['child']);
        work(100);`),
    );
    expect(runs).toEqual([recordedShapeOf(1000), recordedShapeOf(1000)]);
    expect(new Set(runs.map(({ id }) => id)).size).toBe(2);
  });

  test('holds the metadata of a program that was killed', async () => {
    const { signal, files } = await recordProgram("work(400); process.kill(process.pid, 'SIGKILL');");
    expect(signal).toBe('SIGKILL');
    expect([...files]).toEqual([['out.cpuprofile', { run: recordedShapeOf(1000) }]]);
  });

  test('holds the metadata of a program that replaces the functions pstat measures with', async () => {
    const { files } = await recordProgram(`import fs from 'node:fs';
      import { syncBuiltinESMExports } from 'node:module';
      process.hrtime = () => [0, 0];
      process.cpuUsage = () => { throw new Error('not today'); };
      fs.readSync = () => { throw new Error('not today'); };
      syncBuiltinESMExports();
      work(50);`);
    expect([...files]).toEqual([['out.cpuprofile', { run: recordedShapeOf(1000) }]]);
  });

  test('has no thread times if the kernel’s file cannot be read', async () => {
    writeFileSync(
      path.join(dir, 'hide.cjs'),
      `const fs = require('node:fs');
       const { openSync } = fs;
       fs.openSync = (file, ...rest) => {
         if (String(file).endsWith('/schedstat')) throw new Error('hidden');
         return openSync(file, ...rest);
       };
       require('node:module').syncBuiltinESMExports();`,
    );
    const { files } = await recordProgram('work(50);', { nodeOptions: `--require=${path.join(dir, 'hide.cjs')}` });
    const { thread: _, ...withoutThread } = recordedShapeOf(1000);
    expect([...files]).toEqual([['out.cpuprofile', { run: withoutThread }]]);
  });

  test.skipIf(!HAS_THREAD_TIMES)('has no thread times if the program closed the descriptor', async () => {
    // pstat measures for the last time before Node calls `reallyExit`.
    const { files, stdout } = await recordProgram(`import fs from 'node:fs';
      const ofClock = fs.readdirSync('/proc/self/fd').map(Number).filter((fd) => {
        try { return fs.readlinkSync('/proc/self/fd/' + fd).endsWith('/schedstat'); } catch { return false; }
      });
      for (const fd of ofClock) fs.closeSync(fd);
      const own = fs.openSync('app.mjs');
      work(300);
      const { reallyExit } = process;
      process.reallyExit = (code) => {
        fs.writeSync(1, [ofClock.length, ofClock.includes(own), fs.readSync(own, Buffer.alloc(8))].join());
        reallyExit.call(process, code);
      };
      setTimeout(() => process.exit(), 10);`);
    expect(stdout).toBe('1,true,8');
    const { thread: _, ...withoutThread } = recordedShapeOf(1000);
    expect([...files]).toEqual([['out.cpuprofile', { run: withoutThread }]]);
  });
});

describe('the file of a request', () => {
  const SERVER = `
    const server = http.createServer((request, response) => { work(2); response.end(); });
    const port = await listen(server);
    await fetchFrom(port, '/a'); await fetchFrom(port, '/b');
    server.close();`;

  const factsOf = (files: readonly RequestFile[]) => files.map(({ facts }) => facts);

  test('holds the metadata of the run during the request', async () => {
    const { files, stderr } = await runPreloaded(SERVER, { environment: { PSTAT_PROFILE_INTERVAL: '500' } });
    expect(stderr).toBe('');
    expect(files).toHaveLength(2);
    for (const { run, start, pid } of factsOf(files)) expect(run).toEqual({ ...shapeOf(500), start, pid });
    expect(new Set(factsOf(files).map(({ run }) => run?.id)).size).toBe(1);
  });

  test('holds another id in another process', async () => {
    const [one, other] = [await runPreloaded(SERVER), await runPreloaded(SERVER)];
    const ids = [...factsOf(one.files), ...factsOf(other.files)].map(({ run }) => run?.id);
    expect([ids.length, new Set(ids).size]).toEqual([4, 2]);
  });

  test('holds the same id in all workers of a process', async () => {
    const { files } = await runNode(['--import', PRELOAD, 'test/record/programs/workers.mjs'], dir, {});
    expect(new Set(factsOf(files).map(({ thread }) => thread)).size).toBe(2);
    expect(new Set(factsOf(files).map(({ run }) => run?.id)).size).toBe(1);
  });
});

describe('RunMeter', () => {
  test('measures from its construction at each call', () => {
    const meter = new RunMeter(1000, new Date('2026-01-02T03:04:05.678Z'));
    const [first, last] = [meter.measure(), meter.measure()];
    expect(first).toMatchObject({ start: '2026-01-02T03:04:05.678Z', interval: 1000, pid: process.pid });
    expect(last?.elapsed).toBeGreaterThanOrEqual(first?.elapsed ?? Number.NaN);
    expect(last?.id).toBe(first?.id);
  });

  test('returns null for an invalid time of day', () => {
    expect(new RunMeter(1000, new Date(Number.NaN)).measure()).toBeNull();
  });
});
