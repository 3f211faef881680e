/** A file's bytes through the kernel's window: each piece behind what was left of the one before. */

import { type Kernel, STOP } from './kernel.ts';

/** How a kind of file is read. */
export interface WindowReader {
  /** Reads the window up to `end`, and says why it stopped. */
  scan(from: number, end: number): number;
  /** Takes what the kernel has read, whenever it stopped. False to give up. */
  take(stop: number): boolean;
}

export class ChunkFeeder {
  readonly #kernel: Kernel;
  readonly #reader: WindowReader;
  /** Bytes at the beginning of the window that were not read yet. */
  #left = 0;
  /** Bytes of the file before the window. */
  #before = 0;
  #hasEnded = false;
  #stoppedAt: number | null = null;

  constructor(kernel: Kernel, reader: WindowReader) {
    this.#kernel = kernel;
    this.#reader = reader;
  }

  /** Whether the document that is read has come to its end. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** What was pushed and not read. */
  get rest(): string {
    const { memory, WINDOW } = this.#kernel;
    return Buffer.from(memory.buffer, WINDOW.value, this.#left).toString('latin1');
  }

  /** Where in the file it stands: where it stopped, if it did. Bytes. */
  get position(): number {
    return this.#stoppedAt ?? this.#before;
  }

  /** Reads on. False if the file is not to be read so. */
  push(bytes: Uint8Array): boolean {
    for (let start = 0; start < bytes.length; ) {
      const room = this.#kernel.WINDOW_SIZE.value - this.#left;
      // One node, event or value as long as the window.
      if (room === 0) return this.#stopAt(this.#before);
      const piece = bytes.subarray(start, start + Math.min(room, PIECE));
      if (!this.#scan(piece)) {
        return this.#stopAt(this.#before + this.#kernel.position.value - this.#kernel.WINDOW.value);
      }
      start += piece.length;
    }
    return true;
  }

  #stopAt(byte: number): false {
    this.#stoppedAt = byte;
    return false;
  }

  #scan(piece: Uint8Array): boolean {
    const kernel = this.#kernel;
    const window = kernel.WINDOW.value;
    const end = window + this.#left + piece.length;
    this.#bytes().set(piece, window + this.#left);
    let stop: number = STOP.full;
    for (let from = window; stop === STOP.full || stop === STOP.other; from = kernel.position.value) {
      stop = this.#reader.scan(from, end);
      if (!this.#reader.take(stop)) return false;
    }
    if (stop !== STOP.more && stop !== STOP.done) return false;
    this.#hasEnded = stop === STOP.done;
    const rest = kernel.position.value;
    this.#bytes().copyWithin(window, rest, end);
    this.#left = end - rest;
    this.#before += rest - window;
    return true;
  }

  #bytes(): Uint8Array {
    return new Uint8Array(this.#kernel.memory.buffer);
  }
}

/** Larger ones would be waited for longer before the first of them is read; V8 compiles the kernel well meanwhile. */
const PIECE = 2 ** 19;
