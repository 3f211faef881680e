/**
 * The watcher thread of a recorded process. It makes threads flush that do not return to their event loop, and holds the
 * signals that would end the process before its last flush. Bundled as CommonJS; watcher-client.ts starts it.
 */

import { Session } from 'node:inspector';
import { parentPort, workerData } from 'node:worker_threads';
import { FLUSH_URL } from '../flush-url.ts';
import { FLUSH_KEY } from '../global-functions.ts';
import {
  BEATS,
  CLOSED,
  CONNECTED,
  CONNECTION,
  DISCONNECTED,
  EMITTED,
  FIRST_FLUSHES,
  FLUSH_INTERVAL,
  HELD,
  HELD_SIGNALS,
  LAST_FLUSH,
  LISTENING,
  MAX_THREADS,
  NOT_HELD,
  RELEASED,
  type SharedMemory,
  SIGNALS,
  WORKER_FLUSHES,
} from './shared-memory.ts';

interface SignalHandle {
  onsignal: (signal: number) => void;
  start(signal: number): number;
  close(): void;
}

const memory = workerData as SharedMemory;
const handles: SignalHandle[] = [];

/** Signals reach every thread that asks for them. The program's listeners get them too, from Node. */
function holdSignals(): void {
  process.emitWarning = () => {}; // "These APIs are for internal testing only"
  const { Signal } = require('internal/test/binding').internalBinding('signal_wrap');
  if (Atomics.compareExchange(memory, SIGNALS, NOT_HELD, HELD) !== NOT_HELD) return;
  for (const signal of HELD_SIGNALS) {
    const handle: SignalHandle = new Signal();
    handle.onsignal = () => {
      lastSignal = Date.now();
      const received = (receivedSignals[signal] ?? 0) + 1;
      receivedSignals[signal] = received;
      const isListening = Atomics.load(memory, LISTENING + signal) === 1;
      // A listener that was added by `once` is gone by now if Node has called it for this signal.
      if (!isListening && Atomics.load(memory, EMITTED + signal) < received) endBySignal(signal);
    };
    handle.start(signal);
    handles.push(handle);
  }
  countEmittedSignals();
}

/** number of the signal -> how often it came, as far as Node reported it to the program. */
const receivedSignals: number[] = [];
/** ms since 1970. */
let lastSignal = 0;

/** The program may have got signals before this thread did, or removed a listener before Node called it. */
function countEmittedSignals(): void {
  if (Date.now() - lastSignal < MAX_EMIT_DELAY) return;
  for (const signal of HELD_SIGNALS) receivedSignals[signal] = Atomics.load(memory, EMITTED + signal);
}

/** ms. */
const MAX_EMIT_DELAY = 500;

function releaseSignals(): void {
  for (const handle of handles.splice(0)) handle.close();
  Atomics.store(memory, SIGNALS, RELEASED);
  Atomics.notify(memory, SIGNALS);
}

/** All threads flush, unless they are in a system call that blocks them. */
function endBySignal(signal: number): void {
  const isFree = session === null;
  if (!connect()) killProcess(signal);
  else if (isFree && findWorkers().length > 0) flushWorkers({ wait: LAST_WAIT, onDone: () => flushAndKill(signal) });
  else flushAndKill(signal);
}

function flushAndKill(signal: number): void {
  post(true);
  Atomics.wait(memory, LAST_FLUSH, 0, MAX_START_WAIT);
  Atomics.wait(memory, LAST_FLUSH, 1, MAX_FLUSH_WAIT);
  killProcess(signal);
}

function killProcess(signal: number): void {
  releaseSignals();
  process.kill(process.pid, signal);
}

/** The main thread ends, and its workers with it. */
function flushEndingWorkers(): void {
  const finish = () => {
    disconnect();
    Atomics.add(memory, WORKER_FLUSHES, 1);
  };
  if (session === null && connect()) flushWorkers({ wait: LAST_WAIT, onDone: finish });
  else Atomics.add(memory, WORKER_FLUSHES, 1);
}

/** The recorded workers. */
function findWorkers(): number[] {
  const workers: number[] = [];
  for (let thread = 1; thread < MAX_THREADS; thread++) {
    if (Atomics.load(memory, BEATS + thread) !== 0) workers.push(thread);
  }
  return workers;
}

/** ms. */
const MAX_START_WAIT = 150;
const MAX_FLUSH_WAIT = 3000;

/** Looks at the beats a little after each time at which threads flush by themselves. */
function watchBeats(): void {
  for (const time of FIRST_FLUSHES) setTimeout(flushSilentThreads, time + SLACK);
  setTimeout(() => setInterval(flushSilentThreads, FLUSH_INTERVAL), SLACK);
}

/** ms. */
const SLACK = 32;

/** thread -> its beats at the last look. */
const seen = new Int32Array(MAX_THREADS);

function flushSilentThreads(): void {
  countEmittedSignals();
  const silent: number[] = [];
  for (let thread = 0; thread < MAX_THREADS; thread++) {
    const beats = Atomics.load(memory, BEATS + thread);
    if (beats !== 0 && beats === seen[thread]) silent.push(thread);
    seen[thread] = beats;
  }
  if (silent.length > 0) flush(silent);
}

/** The session to the main thread while it is connected. */
let session: Session | null = null;

/** Returns false if the process ends. */
function connect(): boolean {
  const before = Atomics.compareExchange(memory, CONNECTION, DISCONNECTED, CONNECTED);
  if (before === DISCONNECTED) {
    session = new Session();
    session.connectToMainThread();
  }
  return before !== CLOSED;
}

function disconnect(): void {
  session?.disconnect();
  session = null;
  Atomics.compareExchange(memory, CONNECTION, CONNECTED, DISCONNECTED);
}

function post(isLast: boolean, onAnswer = () => {}): void {
  session?.post('Runtime.evaluate', evaluation(isLast), onAnswer);
}

function evaluation(isLast: boolean): { expression: string } {
  return { expression: `globalThis[Symbol.for('${FLUSH_KEY}')]?.(${isLast})\n//# sourceURL=${FLUSH_URL}` };
}

/** The inspector evaluates code even within an endless loop, but not while the thread waits in a system call. */
function flush(threads: readonly number[]): void {
  if (session !== null || !connect()) return;
  const hasWorkers = threads.some((thread) => thread !== 0);
  const after = () => (hasWorkers ? flushWorkers({ wait: MAX_WORKER_WAIT, onDone: disconnect }) : disconnect());
  if (threads.includes(0)) post(false, after);
  else after();
}

/**
 * All workers flush: the inspector reaches them through the main thread, and numbers them in its own way.
 * @param wait ms
 */
function flushWorkers({ wait, onDone }: { wait: number; onDone: () => void }): void {
  const open = session;
  if (open === null) return;
  const workers = findWorkers();
  const answered = new Set<number>();
  let waiting = 0;
  const end = () => {
    clearTimeout(timer);
    open.removeAllListeners();
    open.post('NodeWorker.disable', onDone);
  };
  const endIfAnswered = () => {
    if (waiting > 0) return;
    for (const thread of workers) if (!answered.has(thread)) Atomics.store(memory, BEATS + thread, 0); // it has ended
    end();
  };
  const timer = setTimeout(end, wait);
  open.on('NodeWorker.attachedToWorker', ({ params: { sessionId, workerInfo } }) => {
    if (workerInfo.url.endsWith('watcher.cjs')) return;
    const message = JSON.stringify({ id: ++waiting, method: 'Runtime.evaluate', params: evaluation(false) });
    open.post('NodeWorker.sendMessageToWorker', { sessionId, message });
  });
  open.on('NodeWorker.receivedMessageFromWorker', ({ params: { message } }) => {
    const { id, result } = JSON.parse(message);
    if (id === undefined) return;
    waiting--;
    answered.add(result?.result?.value);
    endIfAnswered();
  });
  // Not `waitForDebuggerOnStart`: a main thread that blocks until its worker has started could not let it start.
  open.post('NodeWorker.enable', { waitForDebuggerOnStart: false }, endIfAnswered);
}

/** ms. */
const MAX_WORKER_WAIT = 200;
const LAST_WAIT = 60;

parentPort?.on('message', (message: unknown) => {
  if (message === 'release signals') releaseSignals();
  else flushEndingWorkers();
});
holdSignals();
watchBeats();
