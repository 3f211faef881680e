/** Stacks of pprof locations, each once: the values of equal stacks add up. */

import { at, floatAt } from '../../model/columns.ts';
import { PairIndex } from '../../model/pair-index.ts';

/** A row of a StackTable. Callers come before those they call. */
export type StackIndex = number;

/** A row of the locations, in order of first use. */
export type LocationIndex = number;

export class StackTable {
  /** The stack of no frame. */
  readonly empty: StackIndex;
  /** The stack of the caller and the innermost location, both -1 for the empty stack -> StackIndex */
  readonly #stacks: PairIndex;
  /** StackIndex -> ns, or the profile's unit */
  readonly self: number[] = [];
  readonly samples: number[] = [];

  /** @param expected the likely number of stacks */
  constructor(expected: number) {
    this.#stacks = new PairIndex(expected);
    this.empty = this.child(-1, -1);
  }

  /** StackIndex -> the stack of the caller. Later stacks may move the column. */
  get parent(): Float64Array {
    return this.#stacks.firsts;
  }

  /** StackIndex -> its innermost location. Later stacks may move the column. */
  get location(): Float64Array {
    return this.#stacks.seconds;
  }

  /** Returns the stack with one more frame. */
  child(parent: StackIndex, location: LocationIndex): StackIndex {
    const stack = this.#stacks.indexOf(parent, location);
    if (stack === this.self.length) {
      this.self.push(0);
      this.samples.push(0);
    }
    return stack;
  }

  add(stack: StackIndex, self: number, samples: number): void {
    this.self[stack] = at(this.self, stack) + self;
    this.samples[stack] = at(this.samples, stack) + samples;
  }

  /** Returns the stacks with values. */
  written(): StackIndex[] {
    return [...this.self.keys()].filter((stack) => at(this.self, stack) !== 0 || at(this.samples, stack) !== 0);
  }

  /** Adds to each location how many of the stacks it is on, as often as it is on one. */
  countLocations(stacks: readonly StackIndex[], uses: Float64Array): void {
    const { parent, location } = this;
    const counts = new Float64Array(parent.length);
    for (const stack of stacks) counts[stack] = 1;
    for (let stack = parent.length - 1; stack > this.empty; stack--) {
      const count = floatAt(counts, stack);
      const above = floatAt(parent, stack);
      const innermost = floatAt(location, stack);
      counts[above] = floatAt(counts, above) + count;
      uses[innermost] = floatAt(uses, innermost) + count;
    }
  }
}
