/** The server's end of the recorder's thread. */

import { Worker } from 'node:worker_threads';
import { cannotProfile, cannotWrite, type Warn } from './faults.ts';
import { type Answer, type Batch, FINISHED, type Progress, type Setup, STEPS } from './messages.ts';
import { ownFile } from './own-file.ts';

export class Recorder {
  readonly #worker: Worker;
  readonly #progress: Progress = new Int32Array(new SharedArrayBuffer(8));
  #unfinished = 0;

  /** @param onDeath what to do when the thread cannot go on */
  constructor(dir: string, { warn, onDeath }: { warn: Warn; onDeath: () => void }) {
    // Options and environment of the program would load its own preloads, this one among them, once more.
    const workerData: Setup = { dir, progress: this.#progress };
    this.#worker = new Worker(ownFile('thread'), { workerData, execArgv: [], env: {}, name: 'pstat' });
    this.#worker.on('message', ({ done, faults }: Answer) => {
      this.#unfinished -= done;
      for (const fault of faults) warn(cannotWrite(dir, fault));
    });
    this.#worker.on('error', (error) => {
      warn(cannotProfile(error));
      onDeath();
    });
    this.#worker.unref(); // after the listeners: one for messages holds the process again
  }

  /** Requests that have ended and whose files are not written yet. */
  get unfinished(): number {
    return this.#unfinished;
  }

  send(batch: Batch): void {
    this.#unfinished += batch.ended.length;
    this.#worker.postMessage(batch, [batch.marks.times.buffer, batch.marks.owners.buffer]);
  }

  /** Sends the last batch and comes back when its files are on disk. For the end of a process, which waits for nothing. */
  sendAndWait(batch: Batch): void {
    this.send(batch);
    while (Atomics.load(this.#progress, FINISHED) === 0) {
      const steps = Atomics.load(this.#progress, STEPS);
      if (Atomics.wait(this.#progress, STEPS, steps, LONGEST_STEP) === 'timed-out') return;
    }
  }

  /** Sends the last batch; the promise is kept when its files are on disk and the thread is gone. */
  async sendAndClose(batch: Batch): Promise<void> {
    const answered = new Promise<void>((resolve) => {
      this.#worker.on('message', ({ last }: Answer) => {
        if (last) resolve();
      });
      this.#worker.once('exit', () => resolve());
    });
    this.send(batch);
    await answered;
    await this.#worker.terminate();
  }
}

/** ms for one file, should the disk not answer: a process is not held back for ever at its end. */
const LONGEST_STEP = 5000;
