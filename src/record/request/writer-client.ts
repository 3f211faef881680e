/** The server's side of the writer thread. */

import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { now } from '../clock.ts';
import { OWN_WORKER_KEY } from '../global-functions.ts';
import { moduleUrl } from '../module-url.ts';
import { cannotProfile, cannotWrite, folderIsFull, notWrittenInTime, type Warn } from '../warnings.ts';
import {
  type Batch,
  FINISHED,
  HELD,
  PROGRESS_BYTES,
  type Progress,
  STEPS,
  WRITTEN,
  type WriterMessage,
  type WriterSetup,
} from './messages.ts';
import { type ProfilerSettings, variableOf } from './options.ts';

export class WriterClient {
  readonly #worker: Worker;
  /** A channel of its own, so that results can be read synchronously when the process exits and no event arrives. */
  readonly #results: MessagePort;
  readonly #progress: Progress = new Int32Array(new SharedArrayBuffer(PROGRESS_BYTES));
  readonly #settings: ProfilerSettings;
  readonly #warn: Warn;
  #unfinished = 0;
  #sentFiles = 0;
  #isFull = false;
  /** ms that the thread takes for a request, waiting for a processor and for the disk included. */
  #timePerRequest = 0;
  #onFinished: () => void = () => {};
  #hasSentLast = false;

  /** @param onFailure called when the thread fails */
  constructor(settings: ProfilerSettings, { warn, onFailure }: { warn: Warn; onFailure: () => void }) {
    this.#settings = settings;
    this.#warn = warn;
    const { port1, port2 } = new MessageChannel();
    this.#results = port1;
    const { dir, maxFiles, maxBytes } = settings;
    const limits = { maxFiles, maxBytes };
    const workerData: WriterSetup = { dir, limits, progress: this.#progress, results: port2 };
    // The program's options and environment would load its preloads, including this profiler, into the thread.
    const isolated = { execArgv: [], env: {}, name: 'pstat' };
    this.#worker = new Worker(moduleUrl('request/writer-thread'), { workerData, transferList: [port2], ...isolated });
    Object.defineProperty(this.#worker, Symbol.for(OWN_WORKER_KEY), { value: true });
    port1.on('message', (message: WriterMessage) => this.#handleMessage(message));
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

  /**
   * Requests that may wait for their files. A process that exits waits for all of them, so these are as many as the
   * thread finishes in MAX_EXIT_DELAY, with a margin.
   */
  get maxUnfinished(): number {
    const affordable = MAX_EXIT_DELAY / 2 / Math.max(this.#timePerRequest, 0.01);
    return Math.min(MAX_UNFINISHED, Math.max(MIN_UNFINISHED, affordable));
  }

  /** Whether the folder has reached one of its limits: no file is written until some are removed. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** Says whether signals are held: the writer thread ends that if the server's thread is blocked. */
  set isHolding(holding: boolean) {
    Atomics.store(this.#progress, HELD, holding ? 1 : 0);
  }

  send(batch: Batch): void {
    this.#unfinished += batch.ended.length;
    this.#sentFiles += batch.ended.filter(({ file }) => file !== null).length;
    this.#hasSentLast ||= batch.last;
    this.#worker.postMessage(batch, [batch.marks.times.buffer, batch.marks.owners.buffer]);
  }

  /**
   * Blocks until the files of the last batch are on disk, for MAX_EXIT_DELAY at most, then warns about errors. For a
   * process that exits: it waits for no thread and receives no message.
   */
  waitUntilWritten(): void {
    if (!this.#hasSentLast) return;
    const deadline = now() + MAX_EXIT_DELAY * 1e3;
    for (;;) {
      const steps = Atomics.load(this.#progress, STEPS); // before FINISHED, which changes first
      if (Atomics.load(this.#progress, FINISHED) === 1) break;
      const left = (deadline - now()) / 1e3;
      if (left <= 0 || Atomics.wait(this.#progress, STEPS, steps, left) === 'timed-out') {
        const lost = this.#sentFiles - Atomics.load(this.#progress, WRITTEN);
        this.#warn(notWrittenInTime(this.#settings.dir, lost));
        break;
      }
    }
    this.#receiveMessages();
  }

  #receiveMessages(): void {
    for (;;) {
      const received = receiveMessageOnPort(this.#results);
      if (received === undefined) return;
      this.#handleMessage(received.message);
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

  #handleMessage(message: WriterMessage): void {
    if (message.kind === 'free') this.#isFull = false;
    else if (message.kind === 'full') {
      this.#isFull = true;
      const [limit, unit] = [this.#settings[message.limit], message.limit === 'maxFiles' ? 'files' : 'bytes'];
      this.#warn(folderIsFull(this.#settings.dir, { limit, unit, variable: variableOf(message.limit) }));
    } else this.#handleResult(message);
  }

  #handleResult({ finishedRequests, duration, errors, last }: WriterMessage & { kind: 'batch' }): void {
    this.#unfinished -= finishedRequests;
    if (finishedRequests > 0) {
      const time = duration / finishedRequests;
      this.#timePerRequest = Math.max(time, (this.#timePerRequest + time) / 2); // slower at once, faster by and by
    }
    for (const error of errors) this.#warn(cannotWrite(this.#settings.dir, error));
    if (last) this.#onFinished();
  }
}

/** ms by which the files may delay the exit of a process. */
const MAX_EXIT_DELAY = 800;

/** Requests that end within one interval of batches wait in any case. */
const MIN_UNFINISHED = 300;

/** Bounds the memory of both threads. */
const MAX_UNFINISHED = 10_000;
