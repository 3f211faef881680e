/** The writer thread: splits samples by request and writes the files, while the server's thread serves. */

import inspector from 'node:inspector';
import { parentPort, workerData } from 'node:worker_threads';
import { ProfileFolder } from '../profile-folder.ts';
import { describeReason } from '../warnings.ts';
import { FolderQuota, type ReachedLimit } from './folder-quota.ts';
import { type Batch, FINISHED, HELD, STEPS, WRITTEN, type WriterMessage, type WriterSetup } from './messages.ts';
import { type FinishedFile, SampleSplitter } from './sample-splitter.ts';
import { RELEASE_SIGNALS } from './signal-hold.ts';

/** ms. */
const SPACE_INTERVAL = 10_000;
const BLOCKED_INTERVAL = 500;

const { dir, limits, progress, results } = workerData as WriterSetup;
const splitter = new SampleSplitter();
const folder = new ProfileFolder(dir);
const quota = new FolderQuota(dir, limits);
/** Looks for space while the folder is full. */
let waiting: NodeJS.Timeout | null = null;

let batches = 0;

parentPort?.on('message', (batch: Batch) => {
  batches++;
  const start = performance.now();
  const { files, finishedRequests } = splitter.split(batch);
  const errors = files.flatMap(writeFile);
  const duration = performance.now() - start;
  post({ kind: 'batch', finishedRequests, duration, errors, last: batch.last });
  if (batch.last) Atomics.store(progress, FINISHED, 1);
  countStep();
});

/** Returns the reason if the file cannot be written. */
function writeFile(file: FinishedFile): string[] {
  try {
    const text = file.serialize();
    const bytes = Buffer.byteLength(text);
    const limit = quota.limitFor(bytes);
    if (limit !== null) {
      waitForSpace(limit);
      return [];
    }
    folder.write(file.name, text);
    quota.add(bytes);
    return [];
  } catch (error) {
    return [describeReason(error)];
  } finally {
    Atomics.add(progress, WRITTEN, 1);
    countStep();
  }
}

function waitForSpace(limit: ReachedLimit): void {
  if (waiting !== null) return;
  post({ kind: 'full', limit });
  waiting = setInterval(() => {
    if (!hasSpace()) return;
    clearInterval(waiting ?? undefined);
    waiting = null;
    post({ kind: 'free' });
  }, SPACE_INTERVAL);
}

/** An error of the folder is reported with the next file. */
function hasSpace(): boolean {
  try {
    return quota.limitFor(0) === null;
  } catch {
    return true;
  }
}

/**
 * Batches come every 200 ms while signals are held. If none comes, the program blocks its thread, and a signal would not
 * end it: the thread is interrupted to release them.
 */
let seenBatches = 0;
setInterval(() => {
  if (Atomics.load(progress, HELD) === 1 && batches === seenBatches) releaseSignals();
  seenBatches = batches;
}, BLOCKED_INTERVAL);

function releaseSignals(): void {
  const session = new inspector.Session();
  try {
    session.connectToMainThread();
    session.post(
      'Runtime.evaluate',
      { expression: `globalThis[Symbol.for('${RELEASE_SIGNALS.description}')]()` },
      () => {
        session.disconnect();
      },
    );
  } catch {
    // Not permitted: the program ends with SIGKILL.
  }
}

function post(message: WriterMessage): void {
  results.postMessage(message);
}

function countStep(): void {
  Atomics.add(progress, STEPS, 1);
  Atomics.notify(progress, STEPS);
}
