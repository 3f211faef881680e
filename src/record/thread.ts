/** The recorder's thread: deals samples and writes files, while the server's thread serves. */

import { parentPort, workerData } from 'node:worker_threads';
import { Dealer, type FinishedFile } from './dealer.ts';
import { reasonOf } from './faults.ts';
import type { Answer, Batch, Setup } from './messages.ts';
import { ProfileFolder } from './profile-folder.ts';

const { dir, finished } = workerData as Setup;
const dealer = new Dealer();
const folder = new ProfileFolder(dir);

parentPort?.on('message', (batch: Batch) => {
  const { files, done } = dealer.deal(batch);
  const faults = files.flatMap(write);
  parentPort?.postMessage({ done, faults } satisfies Answer);
  if (!batch.last) return;
  Atomics.store(finished, 0, 1);
  Atomics.notify(finished, 0);
});

function write({ name, text }: FinishedFile): string[] {
  try {
    folder.write(name, text());
    return [];
  } catch (error) {
    return [reasonOf(error)];
  }
}
