/**
 * The worker beside a recorded program: makes every thread of the program flush its samples periodically, also one that
 * never returns to its event loop. The inspector evaluates code even within an endless loop
 * (https://nodejs.org/api/inspector.html#sessionconnecttomainthread).
 */

import { Session } from 'node:inspector';
import { parentPort, workerData } from 'node:worker_threads';
import { FLUSH_URL } from '../profile-chunk.ts';
import { ATTACHED, DETACHED, FLUSH, NOT_ATTACHED, STATE, type WorkerState } from './flush-protocol.ts';

const state = workerData as WorkerState;
const expression = `globalThis[Symbol.for(${JSON.stringify(Symbol.keyFor(FLUSH))})]?.()\n//# sourceURL=${FLUSH_URL}`;
const evaluate = { method: 'Runtime.evaluate', params: { expression } };

/** ms. A thread that flushed a moment ago ignores the call. */
const FLUSH_INTERVAL = 50;

if (Atomics.compareExchange(state, STATE, NOT_ATTACHED, ATTACHED) === NOT_ATTACHED) flushPeriodically();

function flushPeriodically(): void {
  const session = new Session();
  const workers = new Set<string>();
  let lastId = 0;
  session.connectToMainThread();
  session.on('NodeWorker.attachedToWorker', ({ params }) => workers.add(params.sessionId));
  session.on('NodeWorker.detachedFromWorker', ({ params }) => workers.delete(params.sessionId));
  // Not `waitForDebuggerOnStart`: a main thread that blocks until its worker has started could not let it start.
  session.post('NodeWorker.enable', { waitForDebuggerOnStart: false });
  const timer = setInterval(() => {
    session.post(evaluate.method, evaluate.params);
    for (const sessionId of workers) {
      const message = JSON.stringify({ id: ++lastId, ...evaluate });
      session.post('NodeWorker.sendMessageToWorker', { sessionId, message });
    }
  }, FLUSH_INTERVAL);
  parentPort?.once('message', () => {
    clearInterval(timer);
    session.disconnect();
    Atomics.store(state, STATE, DETACHED);
    Atomics.notify(state, STATE);
  });
}
