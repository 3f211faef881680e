/**
 * Loaded into every process and thread of a program that `pstat record` runs: profiles the thread and flushes its
 * samples to a spool. It does not change the program: it handles no signal, prints nothing and keeps no process alive.
 */

import { isMainThread, threadId, Worker } from 'node:worker_threads';
import { now } from '../clock.ts';
import { moduleUrl } from '../module-url.ts';
import { getRunId } from '../run-id.ts';
import { RunMeter } from '../run-metadata.ts';
import { Sampler } from '../sampler.ts';
import { threadCpuClock } from '../thread-cpu.ts';
import { describeReason } from '../warnings.ts';
import { ATTACHED, CANCELLED, DETACHED, FLUSH, NOT_ATTACHED, STATE, type WorkerState } from './flush-protocol.ts';
import { INTERVAL_VARIABLE, SPOOL_VARIABLE, Spool } from './spool.ts';

const folder = process.env[SPOOL_VARIABLE];
const program = process.argv[1] ?? '';

if (folder !== undefined && !isPackageManager(program)) ignoreErrors(() => recordThread(folder));

/** Package managers are not recorded: `npm run x` and `npx x` start the program in a process of its own. */
function isPackageManager(file: string): boolean {
  return /[\\/](?:npm|npx|pnpm|pnpx|yarn|yarnpkg|corepack)(?:-cli)?(?:\.[cm]?js)?$/.test(file);
}

function recordThread(spoolFolder: string): void {
  const thread = { pid: process.pid, thread: isMainThread ? 0 : threadId, program, start: Date.now() };
  const spool = new Spool(spoolFolder, thread);
  try {
    getRunId(); // before the program starts workers
    const interval = Number(process.env[INTERVAL_VARIABLE] ?? 1000);
    const sampler = new Sampler(interval);
    startFlushing(spool, sampler, new RunMeter(interval)); // after V8's start, whose 10 to 100 ms are not the program's
  } catch (error) {
    spool.writeError(describeReason(error));
  }
}

function startFlushing(spool: Spool, sampler: Sampler, run: RunMeter): void {
  let last = now();
  let hasEnded = false;
  // Keep the name: FLUSH_FUNCTION. Everything on the stack above it is counted as the profiler's work.
  function flushSamples(): void {
    if (hasEnded || now() - last < MIN_FLUSH_INTERVAL) return;
    last = now();
    ignoreErrors(() => {
      const metadata = run.measure(); // first: V8 ends the chunk before it serializes it
      spool.writeChunks(sampler.takeChunks(), metadata);
    });
  }
  setInterval(flushSamples, FLUSH_INTERVAL).unref();
  Object.defineProperty(globalThis, FLUSH, { value: flushSamples, enumerable: false });
  const stopFlushWorker = isMainThread ? startFlushWorker() : () => {};
  runAfterExitListeners(() => {
    if (hasEnded) return;
    hasEnded = true;
    ignoreErrors(() => {
      const metadata = run.measure();
      spool.writeChunks(sampler.stop(), metadata);
      spool.writeEnd();
    });
    threadCpuClock.close();
    stopFlushWorker();
  });
}

/**
 * Runs the work after all listeners of `exit`, which belong to the program and may take long. A listener that calls
 * `process.exit` again ends the process without another event, so `reallyExit` is hooked too.
 */
function runAfterExitListeners(work: () => void): void {
  const methods = process as unknown as Record<'emit' | 'reallyExit', (...args: unknown[]) => unknown>;
  const { emit, reallyExit } = methods;
  replaceMethod(methods, 'emit', (...args) => {
    const result = Reflect.apply(emit, process, args);
    if (args[0] === 'exit') work();
    return result;
  });
  replaceMethod(methods, 'reallyExit', (...args) => {
    work();
    return Reflect.apply(reallyExit, process, args);
  });
}

function replaceMethod<Key extends string>(
  owner: Record<Key, (...args: unknown[]) => unknown>,
  name: Key,
  value: (...args: unknown[]) => unknown,
): void {
  Object.defineProperty(owner, name, { value, configurable: true, writable: true, enumerable: false });
}

/** ms. At most this much is lost if the thread is killed. */
const FLUSH_INTERVAL = 100;
/** µs. A flush by the worker right after one by the timer does nothing. */
const MIN_FLUSH_INTERVAL = 60_000;

/** A full disk, for example, must not affect the program. */
function ignoreErrors(work: () => void): void {
  try {
    work();
  } catch {
    // The spool keeps what was written before.
  }
}

/** Starts the worker that makes this thread flush while its event loop is blocked. Returns a function that stops it. */
function startFlushWorker(): () => void {
  const state: WorkerState = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(moduleUrl('program/flush-worker'), {
    workerData: state,
    execArgv: [],
    env: {},
    name: 'pstat',
  });
  worker.on('error', () => {});
  worker.unref();
  return () => {
    if (Atomics.compareExchange(state, STATE, NOT_ATTACHED, CANCELLED) === NOT_ATTACHED) return;
    worker.postMessage('detach');
    Atomics.wait(state, STATE, ATTACHED, MAX_DETACH_WAIT);
    if (Atomics.load(state, STATE) === DETACHED) spinUntilDetached();
  };
}

/** ms. */
const MAX_DETACH_WAIT = 1000;

/** V8 processes the disconnect only while JavaScript runs; otherwise Node prints 'Waiting for the debugger'. */
function spinUntilDetached(): void {
  const end = now() + 1000;
  while (now() < end);
}
