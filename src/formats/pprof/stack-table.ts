/** Stacks of pprof locations, each once: the values of equal stacks add up. */

import { at } from '../../model/columns.ts';
import { PairIndex } from '../../model/pair-index.ts';

/** A row of a StackTable. Callers come before those they call. */
export type StackIndex = number;

/** A row of the locations, in order of first use. */
export type LocationIndex = number;

export class StackTable {
  /** The stack of no frame. */
  readonly empty: StackIndex = 0;
  readonly #children: PairIndex;
  /** StackIndex -> the stack of the caller; -1 for the empty one */
  readonly parent: StackIndex[] = [-1];
  /** StackIndex -> its innermost location */
  readonly location: LocationIndex[] = [-1];
  /** StackIndex -> ns, or the profile's unit */
  readonly self: number[] = [0];
  readonly samples: number[] = [0];

  /** @param expected the likely number of stacks */
  constructor(expected: number) {
    this.#children = new PairIndex(expected);
  }

  get length(): number {
    return this.parent.length;
  }

  /** Returns the stack with one more frame. */
  child(parent: StackIndex, location: LocationIndex): StackIndex {
    const stack = this.#children.indexOf(parent, location) + 1;
    if (stack === this.parent.length) {
      this.parent.push(parent);
      this.location.push(location);
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
    const written: StackIndex[] = [];
    for (let stack = 0; stack < this.length; stack++) {
      if (at(this.self, stack) !== 0 || at(this.samples, stack) !== 0) written.push(stack);
    }
    return written;
  }

  /** Adds to each location how many of the stacks it is on, as often as it is on one. */
  countLocations(stacks: readonly StackIndex[], uses: Float64Array): void {
    const counts = new Float64Array(this.length);
    for (const stack of stacks) counts[stack] = 1;
    for (let stack = this.length - 1; stack > this.empty; stack--) {
      const parent = at(this.parent, stack);
      const location = at(this.location, stack);
      counts[parent] = at(counts, parent) + at(counts, stack);
      uses[location] = at(uses, location) + at(counts, stack);
    }
  }
}
