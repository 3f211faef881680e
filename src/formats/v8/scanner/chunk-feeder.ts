/** Feeds a file to the kernel: copies each chunk into the window, after what the chunk before left unread. */

import { type Kernel, STOP } from './kernel.ts';

/** What a kind of file does with the window. */
export interface WindowReader {
  /** Reads the window up to `end`. Returns why it stopped. */
  scan(from: number, end: number): number;
  /** Copies what the kernel has read. Returns false to decline the file. */
  collect(stop: number): boolean;
}

export class ChunkFeeder {
  readonly #kernel: Kernel;
  readonly #reader: WindowReader;
  /** Unread bytes at the beginning of the window. */
  #unread = 0;
  /** Bytes of the file before the window. */
  #consumed = 0;
  #hasEnded = false;
  #stoppedAt: number | null = null;

  constructor(kernel: Kernel, reader: WindowReader) {
    this.#kernel = kernel;
    this.#reader = reader;
  }

  /** Whether the document has ended. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** The bytes pushed and not read. */
  get rest(): string {
    const { memory, WINDOW } = this.#kernel;
    return Buffer.from(memory.buffer, WINDOW.value, this.#unread).toString('latin1');
  }

  /** Bytes read so far; the byte at which it declined the file. */
  get position(): number {
    return this.#stoppedAt ?? this.#consumed;
  }

  /** Reads the next chunk. Returns false if the file is declined. */
  push(bytes: Uint8Array): boolean {
    for (let start = 0; start < bytes.length; ) {
      const room = this.#kernel.WINDOW_SIZE.value - this.#unread;
      // A node, event or value is longer than the window.
      if (room === 0) return this.#stopAt(this.#consumed);
      const part = bytes.subarray(start, start + Math.min(room, MAX_PART_BYTES));
      if (!this.#scan(part)) {
        return this.#stopAt(this.#consumed + this.#kernel.position.value - this.#kernel.WINDOW.value);
      }
      start += part.length;
    }
    return true;
  }

  #stopAt(byte: number): false {
    this.#stoppedAt = byte;
    return false;
  }

  #scan(part: Uint8Array): boolean {
    const kernel = this.#kernel;
    const window = kernel.WINDOW.value;
    const end = window + this.#unread + part.length;
    this.#bytes().set(part, window + this.#unread);
    let stop: number = STOP.full;
    for (let from = window; stop === STOP.full || stop === STOP.other; from = kernel.position.value) {
      stop = this.#reader.scan(from, end);
      if (!this.#reader.collect(stop)) return false;
    }
    if (stop !== STOP.more && stop !== STOP.done) return false;
    this.#hasEnded = stop === STOP.done;
    const rest = kernel.position.value;
    this.#bytes().copyWithin(window, rest, end);
    this.#unread = end - rest;
    this.#consumed += rest - window;
    return true;
  }

  #bytes(): Uint8Array {
    return new Uint8Array(this.#kernel.memory.buffer);
  }
}

/** The kernel returns to JavaScript after so many bytes. Larger parts delay the first result, and V8's optimized kernel. */
const MAX_PART_BYTES = 2 ** 19;
