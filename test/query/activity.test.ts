import { describe, expect, test } from 'vitest';
import { normalizeStacks } from '../../src/model/normalize/sampled.ts';
import { applyWindow } from '../../src/model/window.ts';
import { activityOf, recordedPart } from '../../src/query/activity.ts';
import { Stats } from '../../src/query/stats.ts';
import { draw } from '../support/draw.ts';
import { profileOf } from '../support/stacks.ts';
import { traced, WORKED_EXAMPLE } from '../support/traced.ts';

const PICTURE = 'a (idle) a b (idle) (idle)';
const profile = normalizeStacks(
  draw(PICTURE, {
    describe: (name) => ({ kind: name === '(idle)' ? 'idle' : 'js', name, file: '', line: 0, column: 0 }),
  }),
  'drawn',
);

describe('the recorded part', () => {
  test('is the whole duration, with the time before the first sample', () => {
    const late = normalizeStacks(draw('a a', { beforeFirstSample: 500 }), 'drawn');
    expect(recordedPart(late)).toEqual({ from: 0, to: 2500 });
  });

  test('is from the first to the last sample that a window left', () => {
    const part = applyWindow(profile, { from: 1500, to: 3500 });
    expect('callTree' in part && recordedPart(part)).toEqual({ from: 1500, to: 3500 });
  });
});

describe('the activity', () => {
  test('is the share of each part in which something ran', () => {
    expect(activityOf(new Stats(profile), 6)).toEqual([1, 0, 1, 1, 0, 0]);
    expect(activityOf(new Stats(profile), 2)).toEqual([2 / 3, 1 / 3].map((share) => expect.closeTo(share, 10)));
  });

  test('divides a sample that is longer than a part', () => {
    const long = profileOf([
      { stack: ['a'], weight: 2500 },
      { stack: ['a'], weight: 1500 },
    ]);
    expect(activityOf(new Stats(long), 8)).toEqual(new Array(8).fill(1));
  });

  test('of a window is of its time alone', () => {
    expect(activityOf(new Stats(applyWindow(profile, { from: 1000, to: 3000 })), 2)).toEqual([0, 1]);
  });

  test('is 0 where times are not known', () => {
    expect(activityOf(new Stats(traced(WORKED_EXAMPLE)), 3)).toEqual([0, 0, 0]);
  });
});
