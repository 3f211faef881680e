import { describe, expect, test } from 'vitest';
import { StackBuilder } from '../../../src/formats/stacks/stack-builder.ts';
import { normalizeStacks } from '../../../src/model/normalize/sampled.ts';

/** Samples of one function at these times, 100 µs each; the names and durations of what was built. */
function built(times: readonly number[], tolerance: number) {
  const builder = new StackBuilder();
  const fn = builder.functions.intern({ kind: 'js', name: 'f', file: 'a.js', line: 1, column: 1 });
  const node = builder.child(builder.root, fn);
  for (const time of times) builder.addAfterGap({ node, amount: 100, hits: 1, time }, tolerance);
  const profile = normalizeStacks(builder.finish({ format: 'test' }), 'x');
  const { functions, callTree, timeline, duration } = profile;
  const samples = Array.from(timeline?.node ?? [], (each, i) => [
    functions.name[callTree.function[each] ?? -1],
    timeline?.time[i],
    timeline?.duration[i],
  ]);
  return { samples, duration };
}

describe('a gap between samples', () => {
  test('longer than the tolerance is idle time', () => {
    expect(built([1000, 1300], 50)).toEqual({
      samples: [
        ['f', 0, 100],
        ['(idle)', 100, 200],
        ['f', 300, 100],
      ],
      duration: 400,
    });
  });

  test('up to the tolerance is closed, so that all time belongs to a sample', () => {
    const closed = {
      samples: [
        ['f', 0, 100],
        ['f', 100, 100],
      ],
      duration: 200,
    };
    expect(built([1000, 1150], 50)).toEqual(closed);
    // A sample that would overlap begins where the one before ends.
    expect(built([1000, 1030], 50)).toEqual(closed);
  });
});
