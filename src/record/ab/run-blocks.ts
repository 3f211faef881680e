/** Runs two versions in turn, in blocks of one run of each: AB, BA, AB … Drift of the machine cancels out within them. */

import type { Microseconds } from '../../model/raw-profile.ts';
import { type Method, type RunContext, recordVersion } from './run.ts';
import type { RunFolder } from './run-folder.ts';
import type { Version } from './versions.ts';

export type SideName = 'before' | 'after';

export interface Blocks {
  readonly versions: Readonly<Record<SideName, Version>>;
  readonly folder: RunFolder;
  readonly interval: Microseconds;
  readonly method: Method;
  /** As `Recording` has it. */
  readonly exitCode: number;
  /** How many blocks there are to be, those that are there included. */
  readonly count: number;
  /** Called after each block, and before the first run, with the number of complete ones: whether they suffice. */
  readonly isEnough: (complete: number) => Promise<boolean>;
  /** Called before each run. */
  readonly onProgress: (progress: Progress) => void;
}

export interface Progress {
  readonly side: SideName;
  /** 0 for the warm-up. */
  readonly block: number;
  readonly count: number;
  /** ms that the rest will take; null while nothing is known. */
  readonly left: number | null;
}

/**
 * Runs what is missing, after a warm-up of each version that is not kept. Returns false if the user interrupted it.
 * Throws PstatError as `recordVersion` does.
 */
export async function runBlocks(blocks: Blocks, context: RunContext): Promise<boolean> {
  const { folder, count, isEnough } = blocks;
  const runner = new Runner(blocks, context);
  const done = folder.countBlocks();
  if (done >= count || (await isEnough(done))) return true;
  for (const side of orderOf(1)) if (!(await runner.run(side, 0))) return false;
  for (let block = folder.countBlocks() + 1; block <= count; block++) {
    for (const side of orderOf(block)) {
      if (!folder.has(side, block) && !(await runner.run(side, block))) return false;
    }
    if (await isEnough(block)) return true;
  }
  return true;
}

function orderOf(block: number): readonly SideName[] {
  return block % 2 === 1 ? ['before', 'after'] : ['after', 'before'];
}

class Runner {
  readonly #blocks: Blocks;
  readonly #context: RunContext;
  /** ms of the runs so far. */
  readonly #durations: number[] = [];
  readonly #ran = new Set<SideName>();

  constructor(blocks: Blocks, context: RunContext) {
    this.#blocks = blocks;
    this.#context = context;
  }

  /** Returns false if the user interrupted it. A run of block 0 is not kept. */
  async run(side: SideName, block: number): Promise<boolean> {
    if (this.#context.interruption.signal !== null) return false;
    const { versions, folder, interval, method, exitCode, count, onProgress } = this.#blocks;
    onProgress({ side, block, count, left: this.#timeLeft(side, block) });
    const start = performance.now();
    const recording = { dir: folder.unfinished, interval, method, exitCode, block, other: this.#otherThatRan(side) };
    const isComplete = await recordVersion(versions[side], recording, this.#context);
    if (isComplete && block > 0) folder.keepRun(side, block);
    folder.discardUnfinished();
    this.#durations.push(performance.now() - start);
    this.#ran.add(side);
    return isComplete;
  }

  #otherThatRan(side: SideName): string | null {
    const other = side === 'before' ? 'after' : 'before';
    return this.#ran.has(other) ? this.#blocks.versions[other].label : null;
  }

  #timeLeft(side: SideName, block: number): number | null {
    const { count, folder } = this.#blocks;
    const known = this.#durations.length;
    if (known === 0) return null;
    const begun = block === 0 ? folder.countBlocks() : block - 1;
    const isSecond = block > 0 && orderOf(block)[1] === side;
    const runs = 2 * (count - begun) - (isSecond ? 1 : 0) + (block === 0 ? 1 : 0);
    return (runs * this.#durations.reduce((sum, duration) => sum + duration, 0)) / known;
  }
}
