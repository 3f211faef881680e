/**
 * The thread beside a recorded program: again and again it makes every thread of the program spool what was seen,
 * also one that never comes back to its event loop. The inspector runs code within a loop that does not end.
 */

import { Session } from 'node:inspector';
import { parentPort, workerData } from 'node:worker_threads';
import { KICK_URL } from '../profile-chunk.ts';
import { GATE, GATE_OPEN, type Gate, KICK, KICKER_GONE, KICKER_IN } from './flush-protocol.ts';

const gate = workerData as Gate;
const expression = `globalThis[Symbol.for(${JSON.stringify(Symbol.keyFor(KICK))})]?.()\n//# sourceURL=${KICK_URL}`;
const evaluate = { method: 'Runtime.evaluate', params: { expression } };

/** ms. A thread that spooled a moment ago does nothing. */
const PERIOD = 50;

if (Atomics.compareExchange(gate, GATE, GATE_OPEN, KICKER_IN) === GATE_OPEN) kickFromNowOn();

function kickFromNowOn(): void {
  const session = new Session();
  const workers = new Set<string>();
  let sent = 0;
  session.connectToMainThread();
  session.on('NodeWorker.attachedToWorker', ({ params }) => workers.add(params.sessionId));
  session.on('NodeWorker.detachedFromWorker', ({ params }) => workers.delete(params.sessionId));
  // Never `waitForDebuggerOnStart`: a main thread that waits for its worker could not let it begin.
  session.post('NodeWorker.enable', { waitForDebuggerOnStart: false });
  const timer = setInterval(() => {
    session.post(evaluate.method, evaluate.params);
    for (const sessionId of workers) {
      const message = JSON.stringify({ id: ++sent, ...evaluate });
      session.post('NodeWorker.sendMessageToWorker', { sessionId, message });
    }
  }, PERIOD);
  parentPort?.once('message', () => {
    clearInterval(timer);
    session.disconnect();
    Atomics.store(gate, GATE, KICKER_GONE);
    Atomics.notify(gate, GATE);
  });
}
