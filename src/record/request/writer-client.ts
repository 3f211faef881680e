/** The server's side of the writer thread. */

import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { moduleUrl } from '../module-url.ts';
import { cannotProfile, cannotWrite, type Warn } from '../warnings.ts';
import { type Batch, type BatchResult, FINISHED, type Progress, STEPS, type WriterSetup } from './messages.ts';

export class WriterClient {
  readonly #worker: Worker;
  /** A channel of its own, so that results can be read synchronously when the process exits and no event arrives. */
  readonly #results: MessagePort;
  readonly #progress: Progress = new Int32Array(new SharedArrayBuffer(8));
  readonly #dir: string;
  readonly #warn: Warn;
  #unfinished = 0;
  #onFinished: () => void = () => {};
  #hasSentLast = false;

  /** @param onFailure called when the thread fails */
  constructor(dir: string, { warn, onFailure }: { warn: Warn; onFailure: () => void }) {
    this.#dir = dir;
    this.#warn = warn;
    const { port1, port2 } = new MessageChannel();
    this.#results = port1;
    const workerData: WriterSetup = { dir, progress: this.#progress, results: port2 };
    // The program's options and environment would load its preloads, including this profiler, into the thread.
    const isolated = { execArgv: [], env: {}, name: 'pstat' };
    this.#worker = new Worker(moduleUrl('request/writer-thread'), { workerData, transferList: [port2], ...isolated });
    port1.on('message', (result: BatchResult) => this.#handleResult(result));
    this.#worker.on('error', (error) => {
      warn(cannotProfile(error));
      onFailure();
    });
    this.#worker.once('exit', () => this.#onFinished());
    // After adding the listeners: a listener of 'message' refs the port again.
    this.#worker.unref();
    port1.unref();
  }

  /** Requests that have ended and whose files are not written yet. */
  get unfinished(): number {
    return this.#unfinished;
  }

  send(batch: Batch): void {
    this.#unfinished += batch.ended.length;
    this.#hasSentLast ||= batch.last;
    this.#worker.postMessage(batch, [batch.marks.times.buffer, batch.marks.owners.buffer]);
  }

  /**
   * Blocks until the files of the last batch are on disk, then warns about errors. For a process that exits: it waits
   * for no thread and receives no message.
   */
  waitUntilWritten(): void {
    if (!this.#hasSentLast) return;
    while (Atomics.load(this.#progress, FINISHED) === 0) {
      const steps = Atomics.load(this.#progress, STEPS);
      if (Atomics.wait(this.#progress, STEPS, steps, MAX_STEP_DURATION) !== 'timed-out') continue;
      this.#warn(cannotWrite(this.#dir, `no file was finished within ${MAX_STEP_DURATION / 1000} s`));
      return;
    }
    for (;;) {
      const received = receiveMessageOnPort(this.#results);
      if (received === undefined) return;
      this.#handleResult(received.message);
    }
  }

  /** Sends the last batch. Resolves when its files are on disk and the thread has ended. */
  async sendAndClose(batch: Batch): Promise<void> {
    const finished = new Promise<void>((resolve) => {
      this.#onFinished = resolve;
    });
    this.#results.ref();
    this.send(batch);
    await finished;
    await this.terminate();
  }

  /** Ends the thread immediately. */
  async terminate(): Promise<void> {
    this.#results.close();
    await this.#worker.terminate();
  }

  #handleResult({ finishedRequests, errors, last }: BatchResult): void {
    this.#unfinished -= finishedRequests;
    for (const error of errors) this.#warn(cannotWrite(this.#dir, error));
    if (last) this.#onFinished();
  }
}

/** ms for one file: a disk that does not respond must not keep the process from exiting. */
const MAX_STEP_DURATION = 5000;
