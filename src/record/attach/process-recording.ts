/** Records all threads of a running program over its inspector, until it is stopped or the program ends. */

import { setTimeout as pause } from 'node:timers/promises';
import { PstatError } from '../../base/errors.ts';
import type { CdpChannel, CdpConnection } from './cdp.ts';
import { UNDRAINED_LIMIT } from './thread-expressions.ts';
import { ThreadRecording, type ThreadRecordingOptions } from './thread-recording.ts';
import { Workers } from './workers.ts';

interface ProcessRecordingOptions extends ThreadRecordingOptions {
  /** Aborted to stop. */
  readonly signal: AbortSignal;
  /** Called when the main thread is recorded. */
  readonly onStart: () => void;
  /** Called when newer samples were taken. */
  readonly onFlush: (threads: readonly ThreadRecording[]) => void;
}

export interface RecordedProcess {
  /** The main thread first. */
  readonly threads: readonly ThreadRecording[];
  readonly end: RecordingEnd;
  /** Workers that could not be recorded, and why. */
  readonly failures: readonly string[];
}

/** `lost`: the program was killed, or closed its inspector, before its last samples were taken. */
export type RecordingEnd = 'stopped' | 'exited' | 'lost';

/** Throws PstatError if the main thread cannot be recorded. */
export async function recordProcess(
  connection: CdpConnection,
  options: ProcessRecordingOptions,
): Promise<RecordedProcess> {
  const threads: ThreadRecording[] = [];
  const failures: string[] = [];
  const starting = new Set<Promise<void>>();
  const startWorker = (channel: CdpChannel) => {
    const start = ThreadRecording.start(channel, options)
      .then((thread) => void threads.push(thread))
      .catch((error: unknown) => void failures.push(reasonOf(error)))
      .finally(() => starting.delete(start));
    starting.add(start);
  };
  const exit = notifyOfExit(connection);
  threads.push(await ThreadRecording.start(connection, options));
  options.onStart();
  const workers = new Workers(connection, startWorker);
  await workers.enable().catch(() => {}); // other programs than Node have no workers of this kind
  const end = await flushUntilStopped(connection, threads, { ...options, exit });
  if (end === 'exited' && (await stopInTime(threads))) return { threads, end, failures };
  if (end !== 'stopped') {
    for (const thread of threads) await thread.end();
    return { threads, end: 'lost', failures };
  }
  await waitAtMost(MAX_WORKER_WAIT, Promise.all(starting)); // a worker may wait outside of JavaScript
  const [main, ...others] = threads;
  await stopWorkers(others);
  await main?.stop().catch(ignoreEnd);
  await workers.disable().catch(() => {}); // nor this method, or it ends just now
  return { threads, end, failures };
}

function waitAtMost(ms: number, work: Promise<unknown>): Promise<unknown> {
  return Promise.race([work, pause(ms, null, { ref: false })]);
}

/** Resolves to whether the main thread has answered. The program exits when pstat disconnects, and must not wait for long. */
async function stopInTime([main, ...workers]: readonly ThreadRecording[]): Promise<boolean> {
  let isDone = false;
  const stop = main?.stop('ended with the program').then(() => {
    isDone = true;
  }, ignoreEnd);
  await waitAtMost(MAX_EXIT_WAIT, Promise.all([stop, stopWorkers(workers)]));
  return isDone;
}

/** A worker that has ended before keeps what was flushed. */
function stopWorkers(workers: readonly ThreadRecording[]): Promise<unknown> {
  return waitAtMost(MAX_WORKER_WAIT, Promise.all(workers.map((each) => each.stop().catch(ignoreEnd))));
}

/** ms. */
const MAX_EXIT_WAIT = 3000;
const MAX_WORKER_WAIT = 1000;

/** Node waits at its exit until its inspectors have disconnected: resolves then. Other programs do not know the method. */
function notifyOfExit(connection: CdpConnection): Promise<void> {
  return new Promise((resolve) => {
    connection.onEvent((method) => {
      if (method === 'NodeRuntime.waitingForDisconnect') resolve();
    });
    connection.call('NodeRuntime.notifyWhenWaitingForDisconnect', { enabled: true }).catch(reasonOf);
  });
}

/** A thread that has ended keeps what was flushed. */
function ignoreEnd(error: unknown): void {
  reasonOf(error);
}

/** Throws what is a defect of pstat. */
function reasonOf(error: unknown): string {
  if (!(error instanceof PstatError)) throw error;
  return error.message;
}

/** Resolves when the recording is stopped or the program ends. */
async function flushUntilStopped(
  connection: CdpConnection,
  threads: readonly ThreadRecording[],
  { signal, onFlush, exit }: Pick<ProcessRecordingOptions, 'signal' | 'onFlush'> & { readonly exit: Promise<void> },
): Promise<RecordingEnd> {
  const stopped = new Promise<'stopped'>((resolve) => signal.addEventListener('abort', () => resolve('stopped')));
  const exited = exit.then(() => 'exited' as const);
  const lost = connection.closed.then(() => 'lost' as const);
  for (let wait = FLUSH_INTERVAL; ; ) {
    if (signal.aborted) return 'stopped';
    const timer = new AbortController();
    const time = pause(wait, null, { signal: timer.signal }).catch(() => null);
    const event = await Promise.race([time, stopped, exited, lost]);
    timer.abort();
    if (event !== null) return event;
    const costs = await Promise.all(threads.map((thread) => thread.flush().catch(ignoreEnd)));
    onFlush(threads);
    const cost = Math.max(...costs.map((each) => each ?? 0)) / 1e3;
    wait = Math.min(Math.max(FLUSH_INTERVAL, cost / MAX_FLUSH_SHARE), MAX_FLUSH_INTERVAL);
  }
}

/** ms. */
const FLUSH_INTERVAL = 1000;
const MAX_FLUSH_INTERVAL = UNDRAINED_LIMIT / 3;

/** A flush on which a thread works long, with many functions, comes less often. One that waits for the thread does not. */
const MAX_FLUSH_SHARE = 0.03;
