/**
 * Records a thread: profiles it and flushes its samples to a spool. It does not change the program: it prints nothing,
 * keeps no process alive, and leaves signals their effect. Bundled as CommonJS; preload.ts loads it.
 */

import { getEnvironmentData, isMainThread, setEnvironmentData, threadId } from 'node:worker_threads';
import { now } from '../clock.ts';
import { stallPeriod } from '../flight/stall-period.ts';
import { FINISH_REQUESTS_KEY, FLUSH_KEY, OWN_WORKER_KEY } from '../global-functions.ts';
import { reasonOf } from '../reason.ts';
import { getRunId } from '../run-id.ts';
import { RunMeter } from '../run-metadata.ts';
import { listScripts } from '../script-list.ts';
import { threadCpuClock } from '../thread-cpu.ts';
import {
  addAtomic,
  defineProperty,
  getListenerCount,
  mayRun,
  notifyAtomic,
  setInterval,
  setTimeout,
  storeAtomic,
  toJson,
  waitAtomic,
} from './natives.ts';
import { hookProcess } from './process-hooks.ts';
import { profileToJson, runToJson, scriptsToJson } from './profile-json.ts';
import {
  BEATS,
  EMITTED,
  FIRST_FLUSHES,
  FLUSH_INTERVAL,
  LAST_FLUSH,
  LISTENING,
  MAX_THREADS,
  MEMORY_KEY,
  type SharedMemory,
  SIZE,
  signalNumber,
} from './shared-memory.ts';
import { INTERVAL_VARIABLE, LAST_VARIABLE, READER_VARIABLE, SOURCES_VARIABLE, STALL_VARIABLE } from './spool-format.ts';
import { SpoolWriter } from './spool-writer.ts';
import { ChunkSampler, isProfiledByNode, type ThreadSampler, WholeSampler } from './thread-sampler.ts';
import { Watcher } from './watcher-client.ts';

export function recordThread(folder: string): void {
  const program = process.argv[1] ?? '';
  const thread = { pid: process.pid, thread: ownThread, program, start: Date.now() };
  const name = `${getRunId()}${Math.random().toString(36).slice(2, 8)}`; // the id: before the program starts workers
  const spool = new SpoolWriter(folder, name, thread);
  try {
    const interval = Number(process.env[INTERVAL_VARIABLE] ?? 1000);
    const isWhole = isProfiledByNode();
    if (isWhole && keepsLast) throw WHOLE_ONLY;
    if (isWhole) spool.write('{"writesAtEnd":true}\n');
    const sampler = isWhole ? new WholeSampler(interval) : new ChunkSampler(interval, name);
    new Recorder(spool, sampler, new RunMeter(interval)); // after V8's start, whose 10 to 100 ms are not the program's
  } catch (error) {
    const reason = process.execArgv.includes('--test') ? TEST_RUNNER : reasonOf(error);
    spool.write(`{"error":${toJson(reason)}}\n`);
  }
}

const WHOLE_ONLY =
  'beside --cpu-prof or coverage it is recorded from start to end, and its last time alone cannot be kept';

/** Node gives it no inspector, unless the test files run within it (src/node.cc). */
const TEST_RUNNER =
  'it is the test runner of Node, which no profiler can enter; test files run in processes of their own';

class Recorder {
  private readonly spool: SpoolWriter;
  private readonly sampler: ThreadSampler;
  private readonly run: RunMeter;
  private readonly memory: SharedMemory;
  private readonly watcher: Watcher | null;
  /** Index of this thread's beats. */
  private readonly slot = BEATS + Math.min(ownThread, MAX_THREADS - 1);
  private hasEnded = false;
  private hasListedScripts = false;
  /** µs of pstat's clock: no flush before. */
  private next = 0;
  /** µs of pstat's clock: the last turn of the event loop that was seen. */
  private turn = now();
  /** When the spool goes on in another file. */
  private rotation = this.turn + ROTATION;

  constructor(spool: SpoolWriter, sampler: ThreadSampler, run: RunMeter) {
    this.spool = spool;
    this.sampler = sampler;
    this.run = run;
    this.memory = shareMemory();
    this.watcher = isMainThread ? new Watcher(this.memory) : null;
    this.beat();
    const flush = () => this.flush();
    for (const time of FIRST_FLUSHES) setTimeout(flush, time).unref();
    setInterval(flush, FLUSH_INTERVAL).unref();
    if (stallLimit > 0) setInterval(() => this.lookForStall(), stallPeriod(stallLimit) / 1000).unref();
    const flushForWatcher = (isLast: boolean): number => {
      if (isLast) this.flushAndWait();
      else this.flush();
      return ownThread;
    };
    defineProperty(globalThis, Symbol.for(FLUSH_KEY), { value: flushForWatcher });
    hookProcess({
      onExit: () => this.end(),
      onKill: (pid, signal) => this.endBySignal(pid, signal),
      onEvent: (name, values) => this.noteEvent(name, values),
    });
  }

  private flush(): void {
    if (this.hasEnded) return;
    this.beat();
    const start = now();
    if (start < this.next) return;
    if (hasReader && !mayRun(reader)) {
      this.finish(); // the spool of a program that stays would fill the disk
      return;
    }
    this.flushNow();
    const end = now();
    this.next = end + (end - start) / MAX_FLUSH_SHARE;
    if (stallLimit > 0 && start - this.turn >= stallLimit) this.noteStall(start, true);
    if (!keepsLast || end < this.rotation) return;
    this.rotation = end + ROTATION;
    this.spool.rotate();
  }

  private flushNow(): void {
    try {
      const run = this.run.measure(); // first: V8 ends the chunk before it serializes it
      this.writeChunks(this.sampler.take(), run);
    } catch {
      // The next flush tries again.
    }
  }

  /** The event loop turns, unless the program is stopped. */
  private lookForStall(): void {
    if (this.hasEnded) return;
    const time = now();
    if (time - this.turn >= stallLimit) {
      this.flushNow();
      this.noteStall(time, false);
    }
    this.turn = now(); // the recorder's own work is no stall
  }

  private noteStall(end: number, isOpen: boolean): void {
    // Its file is written before the program ends.
    if (keepsTexts && !this.hasListedScripts) this.writeScripts();
    this.spool.write(`{"stall":{"after":${this.turn},"end":${end},"isOpen":${isOpen},"date":${getTime()}}}\n`);
  }

  private writeChunks(chunks: ReturnType<ThreadSampler['take']>, run: ReturnType<RunMeter['measure']>): void {
    let lines = '';
    for (let i = 0; i < chunks.length; i++) {
      const chunk = chunks[i];
      if (chunk !== undefined) lines += `{"chunk":${profileToJson(chunk)}}\n`;
    }
    this.spool.write(run === null ? lines : `${lines}{"run":${runToJson(run)}}\n`);
  }

  private writeScripts(): void {
    this.hasListedScripts = true;
    this.spool.write(`{"scripts":${scriptsToJson(listScripts({ sources: keepsTexts }))}}\n`);
  }

  /** Ends the recording of this thread. */
  private finish(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    try {
      const run = this.run.measure();
      this.writeChunks(this.sampler.stop(), run);
      const time = now();
      if (stallLimit > 0 && time - this.turn >= stallLimit) this.noteStall(time, true);
      this.writeScripts();
      this.spool.write('{"end":true}\n');
    } catch (error) {
      this.spool.write(`{"error":${toJson(reasonOf(error))}}\n`);
    }
    this.spool.close();
    threadCpuClock.close();
    storeAtomic(this.memory, this.slot, 0);
  }

  private end(): void {
    if (this.hasEnded) return;
    this.finish();
    this.watcher?.flushWorkers();
    this.watcher?.disconnect();
  }

  /** The watcher ends the process by a signal as soon as the samples are written. The program does nothing more. */
  private flushAndWait(): void {
    storeAtomic(this.memory, LAST_FLUSH, 1);
    this.finish();
    finishRequests();
    storeAtomic(this.memory, LAST_FLUSH, 2);
    notifyAtomic(this.memory, LAST_FLUSH);
    waitAtomic(this.memory, LAST_FLUSH, 2, MAX_KILL_WAIT);
  }

  /** A process that sends itself a signal ends at once, and would not reach the watcher's flush. */
  private endBySignal(target: number, signal: number): void {
    const isHeld = signal === 1 || signal === 2 || signal === 15;
    const isOwn = target === ownPid || target === 0 || target === -ownPid;
    if (!isHeld || !isOwn || this.memory[LISTENING + signal] === 1) return;
    finishRequests();
    this.watcher?.releaseSignals();
    this.end();
  }

  private noteEvent(name: unknown, values: readonly unknown[]): boolean {
    const subject = values[0];
    if (name === 'worker') {
      if (this.watcher?.isWorker(subject) === true) return true;
      if ((subject as { [OWN_WORKER]?: true })[OWN_WORKER] === true) return false;
      if (!this.hasEnded) this.spool.write(`{"worker":${Number((subject as { threadId: number }).threadId)}}\n`);
    } else if (name === 'newListener') {
      const signal = signalNumber(subject);
      if (signal !== 0) storeAtomic(this.memory, LISTENING + signal, 1);
    } else if (name === 'removeListener') {
      const signal = signalNumber(subject);
      if (signal !== 0) storeAtomic(this.memory, LISTENING + signal, getListenerCount(String(subject)) > 0 ? 1 : 0);
    } else {
      const signal = signalNumber(name);
      if (signal !== 0 && values[1] === signal) addAtomic(this.memory, EMITTED + signal, 1); // from Node, not by the program
    }
    return false;
  }

  private beat(): void {
    addAtomic(this.memory, this.slot, 1);
  }
}

/** The request profiler, if the program uses it, leaves signals to the recorder. */
function finishRequests(): void {
  try {
    (globalThis as { [FINISH_REQUESTS]?: () => void })[FINISH_REQUESTS]?.();
  } catch {
    // Its files are missing.
  }
}

const OWN_WORKER = Symbol.for(OWN_WORKER_KEY);
const FINISH_REQUESTS = Symbol.for(FINISH_REQUESTS_KEY);

const ownPid = process.pid;
const getTime = Date.now;
const reader = Number(process.env[READER_VARIABLE]);
/** Not in a container, which has pids of its own. */
const hasReader = mayRun(reader);
const keepsLast = process.env[LAST_VARIABLE] === '1';
const stallLimit = Number(process.env[STALL_VARIABLE] ?? 0);
const keepsTexts = process.env[SOURCES_VARIABLE] === '1';
const ownThread = isMainThread ? 0 : threadId;

/** The main thread's memory, which its workers get when they start. */
function shareMemory(): SharedMemory {
  const shared = getEnvironmentData(MEMORY_KEY);
  if (!isMainThread && shared instanceof Int32Array) return shared as SharedMemory;
  const memory = new Int32Array(new SharedArrayBuffer(4 * SIZE));
  if (isMainThread) setEnvironmentData(MEMORY_KEY, memory as unknown as NodeJS.ReadOnlyDict<string>);
  return memory;
}

/** A flush that takes long, with many functions, comes less often. */
const MAX_FLUSH_SHARE = 0.03;

/** µs. */
const ROTATION = 10e6;

/** ms. */
const MAX_KILL_WAIT = 3000;
