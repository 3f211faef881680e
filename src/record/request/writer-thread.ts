/** The recorder's thread: deals samples and writes files, while the server's thread serves. */

import { parentPort, workerData } from 'node:worker_threads';
import { ProfileFolder } from '../profile-folder.ts';
import { reasonOf } from '../warnings.ts';
import { type Answer, type Batch, FINISHED, type Setup, STEPS } from './messages.ts';
import { Dealer, type FinishedFile } from './sample-splitter.ts';

const { dir, progress, answers } = workerData as Setup;
const dealer = new Dealer();
const folder = new ProfileFolder(dir);

parentPort?.on('message', (batch: Batch) => {
  const { files, done } = dealer.deal(batch);
  const faults = files.flatMap(write);
  answers.postMessage({ done, faults, last: batch.last } satisfies Answer);
  if (batch.last) Atomics.store(progress, FINISHED, 1);
  step();
});

function write({ name, text }: FinishedFile): string[] {
  try {
    folder.write(name, text());
    return [];
  } catch (error) {
    return [reasonOf(error)];
  } finally {
    step();
  }
}

function step(): void {
  Atomics.add(progress, STEPS, 1);
  Atomics.notify(progress, STEPS);
}
