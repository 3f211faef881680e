/** Reading on workers gives the same as reading on the main thread, whatever happens to the workers. */

import { execFile } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import type { Worker } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import * as sources from '../../src/index.ts';
import { pstat } from '../support/cli.ts';

/** Workers run the build. */
const DIST = new URL('../../dist/', import.meta.url);
const built: typeof sources = await import(new URL('index.js', DIST).href);

const CORES = availableParallelism();
/** 5 MB are read by two workers, on any number of cores. */
const THREADS = 2;
/** `--permission` in Node 24. Both forbid workers. */
const NO_THREADS = [
  process.allowedNodeEnvironmentFlags.has('--permission') ? '--permission' : '--experimental-permission',
  '--allow-fs-read=*',
  '--allow-fs-write=*',
  '--no-warnings',
];

let root: string;
/** Enough of each for workers. */
let python: string;
let v8: string;
let mixed: string;

beforeAll(() => {
  expect(existsSync(DIST), 'npm run build comes first').toBe(true);
  root = mkdtempSync(path.join(tmpdir(), 'pstat-threads-'));
  python = copies('python', ['samples/GET.resource_providers.prof', ...below('samples/before')], 60);
  v8 = copies('v8', [...below('samples/compare'), 'samples/resource-providers.cpuprofile'], 160);
  mixed = copies('mixed', [...below('samples/odd'), ...below('samples/before')], 240);
  writeFileSync(path.join(mixed, 'packed.gz'), gzipSync(readFileSync('samples/compare/base-1.cpuprofile')));
  writeFileSync(path.join(mixed, 'notes.txt'), 'no profile');
});

afterAll(() => rmSync(root, { recursive: true }));

function below(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => /\.(?:prof|pstats|cpuprofile)$/.test(name));
  return names.map((name) => path.join(folder, name));
}

/** So many files, taken in turn, under names of requests. */
function copies(name: string, files: readonly string[], count: number): string {
  const folder = path.join(root, name);
  mkdirSync(folder);
  for (let i = 0; i < count; i++) {
    const file = files[i % files.length] ?? '';
    cpSync(
      file,
      path.join(folder, `GET.things.${String(i).padStart(6, '0')}ms.${1_700_000_000 + i}${path.extname(file)}`),
    );
  }
  return folder;
}

const threads: Worker[] = [];
const started = (message: unknown) => threads.push((message as { worker: Worker }).worker);

beforeEach(() => {
  threads.length = 0;
  subscribe('worker_threads', started);
});

afterEach(() => {
  unsubscribe('worker_threads', started);
});

/** A worker that has ended has no id. */
const running = () => threads.filter(({ threadId }) => threadId !== -1).length;

async function refusal(run: Promise<unknown>): Promise<unknown> {
  return run.then(
    () => expect.unreachable('nothing was refused'),
    (error: unknown) => error,
  );
}

describe.skipIf(CORES < 2)('profiles', () => {
  test.each(['python', 'v8'])('%s: the merged profile is the same, and no worker is left', async (name) => {
    const folder = path.join(root, name);
    expect(await built.loadProfile(folder)).toEqual(await sources.loadProfile(folder));
    expect(threads).toHaveLength(THREADS);
    expect(running()).toBe(0);
  });

  test('of every format are the same, one by one', async () => {
    expect(await built.loadProfiles([mixed])).toEqual(await sources.loadProfiles([mixed]));
    expect(threads).toHaveLength(THREADS);
  });

  test('of a glob and several paths are the same, with options', async () => {
    const paths = [path.join(v8, '*1.cpuprofile'), v8];
    const options = { to: 100_000, mergeLines: true } as const;
    expect(await built.loadProfile(paths, options)).toEqual(await sources.loadProfile(paths, options));
  });

  test('are read if there are too few for workers', async () => {
    await built.loadProfile('samples/before');
    expect(threads).toEqual([]);
  });

  test('are read if every worker ends at once', async () => {
    const end = (message: unknown) => void (message as { worker: Worker }).worker.terminate();
    subscribe('worker_threads', end);
    const profile = await built.loadProfile(python).finally(() => unsubscribe('worker_threads', end));
    expect(threads).toHaveLength(THREADS);
    expect(profile).toEqual(await sources.loadProfile(python));
  });

  test('are counted in the progress', async () => {
    const calls: [number, number][] = [];
    await built.loadProfile(python, { onProgress: (...call) => calls.push(call) });
    const read = calls.map(([bytes]) => bytes);
    expect(read).toEqual(read.toSorted((a, b) => a - b));
    expect(new Set(calls.map(([, total]) => total)).size).toBe(1);
    expect(calls.at(-1)?.[0]).toBe(calls.at(-1)?.[1]);
    expect(calls).toHaveLength(60);
  });
});

describe('an error', () => {
  let broken: string;

  beforeAll(() => {
    broken = copies('broken', below('samples/before'), 60);
    const names = readdirSync(broken).sort();
    // The first is long and broken at its end; the second is broken at its beginning.
    const whole = readFileSync('samples/GET.resource_providers.prof');
    writeFileSync(path.join(broken, names[30] ?? ''), whole.subarray(0, -1));
    writeFileSync(path.join(broken, names[31] ?? ''), whole.subarray(0, 20));
  });

  test('is the first in the order of files, as without workers, and ends the workers', async () => {
    const error = await refusal(built.loadProfile(broken));
    const expected = await refusal(sources.loadProfile(broken));
    expect(error).toBeInstanceOf(built.PstatError);
    expect(expected).toBeInstanceOf(sources.PstatError);
    expect({ ...(error as object), message: String(error) }).toEqual({
      ...(expected as object),
      message: String(expected),
    });
    expect(running()).toBe(0);
  });

  test('is the first of several', async () => {
    const missing = path.join(root, 'missing');
    expect(await refusal(built.loadProfiles([broken, missing]))).toMatchObject({ kind: 'malformed' });
    expect(await refusal(built.loadProfiles([missing, broken]))).toMatchObject({ kind: 'unreadable', source: missing });
  });

  test('is printed in one line', async () => {
    expect(await command([broken])).toEqual(await pstat([broken]).then(textsOf));
  });
});

interface Texts {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: unknown;
}

const textsOf = ({ stdout, stderr, code }: Texts): Texts => ({ stdout, stderr, code });

/** Runs the built command in a process of its own. */
function command(args: readonly string[], nodeOptions: readonly string[] = []): Promise<Texts> {
  const main = new URL('cli/main.js', DIST).pathname;
  return new Promise((resolve) => {
    execFile(process.execPath, [...nodeOptions, main, ...args], (error, stdout, stderr) => {
      resolve({ stdout, stderr, code: error === null ? 0 : error.code });
    });
  });
}

describe('the command prints the same bytes', () => {
  test.each<[string, () => string[]]>([
    ['top', () => [python, '--json']],
    ['callers', () => ['callers', 'append', python]],
    ['pstats', () => [python, '--format', 'pstats', '--limit', '30']],
    ['requests', () => ['requests', v8, '--json']],
    ['compare', () => ['compare', v8, v8, '--json']],
  ])('%s', async (_, args) => {
    const expected = textsOf(await pstat(args()));
    expect(expected.code).toBe(0);
    expect(await command(args())).toEqual(expected);
    expect(await command(args(), NO_THREADS)).toEqual(expected);
  });
});
