/**
 * Loaded before any program that `pstat record` runs, in every process and thread: profiles the thread, and spools what
 * was seen. Nothing of the program is changed: no handler of a signal, no output, no reason to stay alive.
 */

import { isMainThread, threadId, Worker } from 'node:worker_threads';
import { now } from './clock.ts';
import { GATE, GATE_OPEN, GATE_SHUT, type Gate, KICK, KICKER_GONE, KICKER_IN } from './kicking.ts';
import { ownFile } from './own-file.ts';
import { Sampler } from './sampler.ts';
import { INTERVAL_VARIABLE, SPOOL_VARIABLE, Spool } from './spool.ts';

const folder = process.env[SPOOL_VARIABLE];
const program = process.argv[1] ?? '';

if (folder !== undefined && !isPackageManager(program)) {
  try {
    recordThread(folder);
  } catch {
    // No inspector, or no right to write: the program is to run all the same, and `pstat record` misses the file.
  }
}

/** `npm run x` and `npx x` start what is meant as a process of its own. */
function isPackageManager(file: string): boolean {
  return /[\\/](?:npm|npx|pnpm|pnpx|yarn|yarnpkg|corepack)(?:-cli)?(?:\.[cm]?js)?$/.test(file);
}

function recordThread(spoolFolder: string): void {
  const kicker = isMainThread ? startKicker() : null;
  const thread = { pid: process.pid, thread: isMainThread ? 0 : threadId, program, start: Date.now() };
  const spool = new Spool(spoolFolder, thread);
  const sampler = new Sampler(Number(process.env[INTERVAL_VARIABLE] ?? 1000));
  let last = now();
  let isOver = false;
  const rotate = () => {
    if (isOver || now() - last < SHORTEST) return;
    last = now();
    spool.add(sampler.take());
  };
  setInterval(() => quietly(rotate), PERIOD).unref();
  Object.defineProperty(globalThis, KICK, { value: () => quietly(rotate), enumerable: false });
  process.on('exit', () => {
    isOver = true;
    quietly(() => {
      spool.add(sampler.stop());
      spool.end();
    });
    kicker?.();
  });
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
  const worker = new Worker(ownFile('kicker'), { workerData: gate, execArgv: [], env: {}, name: 'pstat' });
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
