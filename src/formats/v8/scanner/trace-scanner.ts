/**
 * A trace piece by piece, of which only the events are kept that hold parts of profiles or name threads: of most traces
 * a small part. What is unusual, or wrong, it does not judge: the plain reader says what it is, or reads it.
 */

import type { Recording } from '../../format.ts';
import { isObject } from '../../json.ts';
import { PROFILE_EVENTS, recordingsOf } from '../chrome-trace.ts';
import type { TraceEvent } from '../trace-events.ts';
import { ChunkFeeder } from './chunk-feeder.ts';
import { type Kernel, startKernel } from './kernel.ts';
import type { Scanner } from './scanner.ts';

/** Of an event's entry in the kernel's list: begin, end, number. */
const ENTRY = 3;

export class TraceScanner implements Scanner {
  readonly #kernel: Kernel;
  readonly #feed: ChunkFeeder;
  readonly #events: TraceEvent[] = [];

  private constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#feed = new ChunkFeeder(kernel, {
      scan: (from, end) => kernel.scanTrace(from, end),
      take: () => this.#take(),
    });
  }

  /** Null where the machine does not give what it needs. */
  static create(): TraceScanner | null {
    const kernel = startKernel();
    return kernel === null ? null : new TraceScanner(kernel);
  }

  get position(): number {
    return this.#feed.position;
  }

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

  /** What holds no profile is left to the plain readers as well: it may be of another format. */
  recordings(): readonly Recording[] | null {
    const isWhole = this.#feed.hasEnded || (this.#kernel.mayEnd() !== 0 && this.#feed.rest.trim() === '');
    const hasProfile = this.#events.some(({ event }) => PROFILE_EVENTS.has(String(event['name'])));
    return isWhole && hasProfile ? recordingsOf(this.#events) : null;
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
