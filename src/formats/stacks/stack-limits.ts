/**
 * How much the stacks of one file may hold. A stack is short in a file and long in memory: a pprof location of two bytes
 * may stand for a thousand functions, and a thread's stacks for a tree of their own.
 */

import { tooMany } from '../errors.ts';

/** A tree this large takes 2 GB. */
const MAX_NODES = 2 ** 24;

const MAX_FUNCTIONS = 2 ** 22;

const MAX_SAMPLES = 2 ** 24;

/** Frames of all stacks, as often as they occur. */
const MAX_FRAMES = 2 ** 27;

const MAX_THREADS = 10_000;

/** Counts for all threads of a file. Each method throws PstatError (`unreadable`) beyond its limit. */
export class StackLimits {
  #nodes = 0;
  #frames = 0;
  #functions = 0;
  #samples = 0;
  #threads = 0;

  addThread(): void {
    if (++this.#threads > MAX_THREADS) throw tooMany('threads', MAX_THREADS);
  }

  addFrame(): void {
    if (++this.#frames > MAX_FRAMES) throw tooMany('frames of stacks', MAX_FRAMES);
  }

  addNode(): void {
    if (++this.#nodes > MAX_NODES) throw tooMany('call nodes', MAX_NODES);
  }

  addFunctions(added: number): void {
    this.#functions += added;
    if (this.#functions > MAX_FUNCTIONS) throw tooMany('functions', MAX_FUNCTIONS);
  }

  addSample(): void {
    if (++this.#samples > MAX_SAMPLES) throw tooMany('samples', MAX_SAMPLES);
  }
}
