/**
 * Scans a trace: keeps only the events that hold parts of profiles or name threads and processes, a small part of most
 * traces. Anything unexpected makes it decline the file (README.md).
 */

import { tooMany } from '../../errors.ts';
import type { Recording } from '../../format.ts';
import { countJsonValues, isObject, MAX_JSON_VALUES } from '../../json.ts';
import { isProfileEvent, recordingsOf } from '../chrome-trace.ts';
import type { TraceEvent } from '../trace-events.ts';
import { ChunkFeeder } from './chunk-feeder.ts';
import { type Kernel, startKernel } from './kernel.ts';
import type { Scanner } from './scanner.ts';

/** Numbers per entry of EVENTS: start, end, number. */
const ENTRY_SIZE = 3;

export class TraceScanner implements Scanner {
  readonly #kernel: Kernel;
  readonly #feed: ChunkFeeder;
  readonly #events: TraceEvent[] = [];
  /** Values in the events. */
  #values = 0;

  private constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#feed = new ChunkFeeder(kernel, {
      scan: (from, end) => kernel.scanTrace(from, end),
      collect: () => this.#parseEvents(),
    });
  }

  /** Returns null if there is no WebAssembly or no memory. */
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

  #parseEvents(): boolean {
    const { memory, EVENTS, eventCount } = this.#kernel;
    const entries = new Uint32Array(memory.buffer, EVENTS.value, ENTRY_SIZE * eventCount.value);
    for (let i = 0; i < entries.length; i += ENTRY_SIZE) {
      const [begin = 0, end = 0, number = 0] = entries.subarray(i, i + ENTRY_SIZE);
      const bytes = Buffer.from(memory.buffer, begin, end - begin);
      this.#values += countJsonValues(bytes);
      if (this.#values > MAX_JSON_VALUES) throw tooMany('values in events of profiles', MAX_JSON_VALUES);
      const event = parseOrUndefined(bytes.toString('utf8'));
      if (!isObject(event)) return false;
      this.#events.push({ event, place: `event ${number}` });
    }
    this.#kernel.resetEvents();
    return true;
  }

  /** Declines a trace without a profile too: it may be of another format. */
  recordings(): readonly Recording[] | null {
    const isWhole = this.#feed.hasEnded || (this.#kernel.mayEnd() !== 0 && this.#feed.rest.trim() === '');
    const hasProfile = this.#events.some(({ event }) => isProfileEvent(event));
    return isWhole && hasProfile ? recordingsOf(this.#events) : null;
  }
}

/** Returns undefined for text that is not JSON. */
function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
