/**
 * A trace piece by piece, of which only the events are kept that hold parts of profiles or name threads: of most traces
 * a small part. What is unusual, or wrong, it does not judge: the plain reader says what it is, or reads it.
 */

import { isObject } from '../json.ts';
import type { TraceEvent } from '../trace-events.ts';
import { type Kernel, startKernel } from './kernel-instance.ts';
import { WindowFeed } from './window-feed.ts';

/** Of an event's entry in the kernel's list: begin, end, number. */
const ENTRY = 3;

export class TraceScanner {
  readonly #kernel: Kernel;
  readonly #feed: WindowFeed;
  readonly #events: TraceEvent[] = [];

  private constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#feed = new WindowFeed(kernel, { scan: (from, end) => kernel.scanTrace(from, end), take: () => this.#take() });
  }

  /** Null where the machine does not give what it needs. */
  static start(): TraceScanner | null {
    const kernel = startKernel();
    return kernel === null ? null : new TraceScanner(kernel);
  }

  /** Where in the file it stands: where it stopped, if it did. Bytes. */
  get position(): number {
    return this.#feed.position;
  }

  /** Reads on. False if the file is not to be read here. */
  push(bytes: Uint8Array): boolean {
    return this.#feed.push(bytes);
  }

  #take(): boolean {
    const { memory, EVENTS, eventCount } = this.#kernel;
    const entries = new Uint32Array(memory.buffer, EVENTS.value, ENTRY * eventCount.value);
    for (let i = 0; i < entries.length; i += ENTRY) {
      const [begin = 0, end = 0, number = 0] = entries.subarray(i, i + ENTRY);
      const event = parsed(Buffer.from(memory.buffer, begin, end - begin).toString('utf8'));
      if (!isObject(event)) return false;
      this.#events.push({ event, place: `event ${number}` });
    }
    this.#kernel.eventsTaken();
    return true;
  }

  /** The events that were kept, when all was pushed; null if the file is not to be read here. */
  finish(): readonly TraceEvent[] | null {
    const isWhole = this.#feed.hasEnded || (this.#kernel.mayEnd() !== 0 && this.#feed.rest.trim() === '');
    return isWhole ? this.#events : null;
  }
}

/** Undefined for what is no JSON, though it looked so. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
