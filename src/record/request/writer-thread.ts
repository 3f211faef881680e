/** The writer thread: splits samples by request and writes the files, while the server's thread serves. */

import { parentPort, workerData } from 'node:worker_threads';
import { ProfileFolder } from '../profile-folder.ts';
import { describeReason } from '../warnings.ts';
import { type Batch, type BatchResult, FINISHED, STEPS, type WriterSetup } from './messages.ts';
import { type FinishedFile, SampleSplitter } from './sample-splitter.ts';

const { dir, progress, results } = workerData as WriterSetup;
const splitter = new SampleSplitter();
const folder = new ProfileFolder(dir);

parentPort?.on('message', (batch: Batch) => {
  const { files, finishedRequests } = splitter.split(batch);
  const errors = files.flatMap(writeFile);
  results.postMessage({ finishedRequests, errors, last: batch.last } satisfies BatchResult);
  if (batch.last) Atomics.store(progress, FINISHED, 1);
  countStep();
});

/** Returns the reason if the file cannot be written. */
function writeFile(file: FinishedFile): string[] {
  try {
    folder.write(file.name, file.serialize());
    return [];
  } catch (error) {
    return [describeReason(error)];
  } finally {
    countStep();
  }
}

function countStep(): void {
  Atomics.add(progress, STEPS, 1);
  Atomics.notify(progress, STEPS);
}
