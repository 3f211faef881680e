/** The server's end of the recorder's thread. */

import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { moduleUrl } from '../module-url.ts';
import { cannotProfile, cannotWrite, type Warn } from '../warnings.ts';
import { type Answer, type Batch, FINISHED, type Progress, type Setup, STEPS } from './messages.ts';

export class Recorder {
  readonly #worker: Worker;
  /** Answers come by a channel of their own: at the end of a process it can still be asked, when no event arrives. */
  readonly #answers: MessagePort;
  readonly #progress: Progress = new Int32Array(new SharedArrayBuffer(8));
  readonly #dir: string;
  readonly #warn: Warn;
  #unfinished = 0;
  #finished: () => void = () => {};
  #hasSentLast = false;

  /** @param onDeath what to do when the thread cannot go on */
  constructor(dir: string, { warn, onDeath }: { warn: Warn; onDeath: () => void }) {
    this.#dir = dir;
    this.#warn = warn;
    const { port1, port2 } = new MessageChannel();
    this.#answers = port1;
    // Options and environment of the program would load its own preloads, this one among them, once more.
    const workerData: Setup = { dir, progress: this.#progress, answers: port2 };
    const isolated = { execArgv: [], env: {}, name: 'pstat' };
    this.#worker = new Worker(moduleUrl('request/writer-thread'), { workerData, transferList: [port2], ...isolated });
    port1.on('message', (answer: Answer) => this.#hear(answer));
    this.#worker.on('error', (error) => {
      warn(cannotProfile(error));
      onDeath();
    });
    this.#worker.once('exit', () => this.#finished());
    // After the listeners: one for messages holds the process again.
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
   * Comes back when the files of the last batch are on disk. For the end of a process, which waits for nothing and hears
   * of nothing: faults are told here and now.
   */
  wait(): void {
    if (!this.#hasSentLast) return;
    while (Atomics.load(this.#progress, FINISHED) === 0) {
      const steps = Atomics.load(this.#progress, STEPS);
      if (Atomics.wait(this.#progress, STEPS, steps, LONGEST_STEP) !== 'timed-out') continue;
      this.#warn(cannotWrite(this.#dir, 'it does not answer'));
      return;
    }
    for (;;) {
      const received = receiveMessageOnPort(this.#answers);
      if (received === undefined) return;
      this.#hear(received.message);
    }
  }

  /** Sends the last batch; the promise is kept when its files are on disk and the thread is gone. */
  async sendAndClose(batch: Batch): Promise<void> {
    const finished = new Promise<void>((resolve) => {
      this.#finished = resolve;
    });
    this.#answers.ref();
    this.send(batch);
    await finished;
    await this.terminate();
  }

  /** Ends the thread, whatever it is doing. */
  async terminate(): Promise<void> {
    this.#answers.close();
    await this.#worker.terminate();
  }

  #hear({ done, faults, last }: Answer): void {
    this.#unfinished -= done;
    for (const fault of faults) this.#warn(cannotWrite(this.#dir, fault));
    if (last) this.#finished();
  }
}

/** ms for one file, should the disk not answer: a process is not held back for ever at its end. */
const LONGEST_STEP = 5000;
