/**
 * Loaded before any program that `pstat record` runs, in every process and thread: profiles the thread, and spools what
 * was seen. Nothing of the program is changed: no handler of a signal, no output, no reason to stay alive.
 */

import { isMainThread, threadId, Worker } from 'node:worker_threads';
import { now } from '../clock.ts';
import { moduleUrl } from '../module-url.ts';
import { getRunId } from '../run-id.ts';
import { RunMeter } from '../run-metadata.ts';
import { Sampler } from '../sampler.ts';
import { threadCpuClock } from '../thread-cpu.ts';
import { reasonOf } from '../warnings.ts';
import { GATE, GATE_OPEN, GATE_SHUT, type Gate, KICK, KICKER_GONE, KICKER_IN } from './flush-protocol.ts';
import { INTERVAL_VARIABLE, SPOOL_VARIABLE, Spool } from './spool.ts';

const folder = process.env[SPOOL_VARIABLE];
const program = process.argv[1] ?? '';

if (folder !== undefined && !isPackageManager(program)) quietly(() => recordThread(folder));

/** `npm run x` and `npx x` start what is meant as a process of its own. */
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
    spoolPieces(spool, sampler, new RunMeter(interval)); // V8 takes 10 to 100 ms to start; the program did not use them
  } catch (error) {
    spool.fault(reasonOf(error));
  }
}

function spoolPieces(spool: Spool, sampler: Sampler, run: RunMeter): void {
  let last = now();
  let isOver = false;
  // Known by its name when the profile is put together: all below it is the profiler's work. See SPOOLING.
  function spoolSeen(): void {
    if (isOver || now() - last < SHORTEST) return;
    last = now();
    quietly(() => {
      const measured = run.measure(); // first, as V8 ends a piece before it gives it
      spool.add(sampler.take(), measured);
    });
  }
  setInterval(spoolSeen, PERIOD).unref();
  Object.defineProperty(globalThis, KICK, { value: spoolSeen, enumerable: false });
  const partFromKicker = isMainThread ? startKicker() : () => {};
  atTheVeryEnd(() => {
    if (isOver) return;
    isOver = true;
    quietly(() => {
      const measured = run.measure();
      spool.add(sampler.stop(), measured);
      spool.end();
    });
    threadCpuClock.close();
    partFromKicker();
  });
}

/**
 * Does the work after every listener of `exit`: they are the program's, and may take their time. One of them may also
 * call `process.exit` once more, which then ends the process without telling anyone.
 */
function atTheVeryEnd(work: () => void): void {
  const ending = process as unknown as Record<'emit' | 'reallyExit', (...args: unknown[]) => unknown>;
  const { emit, reallyExit } = ending;
  replace(ending, 'emit', (...args) => {
    const heard = Reflect.apply(emit, process, args);
    if (args[0] === 'exit') work();
    return heard;
  });
  replace(ending, 'reallyExit', (...args) => {
    work();
    return Reflect.apply(reallyExit, process, args);
  });
}

function replace<Key extends string>(
  owner: Record<Key, (...args: unknown[]) => unknown>,
  name: Key,
  value: (...args: unknown[]) => unknown,
): void {
  Object.defineProperty(owner, name, { value, configurable: true, writable: true, enumerable: false });
}

/** ms between two pieces: what is lost at most when the thread is killed. */
const PERIOD = 100;
/** µs; a kick that comes right after the timer is none. */
const SHORTEST = 60_000;

/** The disk may be full: that is no matter of the program. */
function quietly(work: () => void): void {
  try {
    work();
  } catch {
    // What was spooled until now stands.
  }
}

/** The thread that looks after this one while it turns in circles. Gives back how to part from it. */
function startKicker(): () => void {
  const gate: Gate = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(moduleUrl('program/flush-worker'), {
    workerData: gate,
    execArgv: [],
    env: {},
    name: 'pstat',
  });
  worker.on('error', () => {});
  worker.unref();
  return () => {
    if (Atomics.compareExchange(gate, GATE, GATE_OPEN, GATE_SHUT) === GATE_OPEN) return;
    worker.postMessage('go');
    Atomics.wait(gate, GATE, KICKER_IN, LONGEST_PARTING);
    if (Atomics.load(gate, GATE) === KICKER_GONE) breathe();
  };
}

/** ms. */
const LONGEST_PARTING = 1000;

/** V8 hears that a session has gone while JavaScript runs; else Node says that it waits for a debugger. */
function breathe(): void {
  const end = now() + 1000;
  while (now() < end);
}
