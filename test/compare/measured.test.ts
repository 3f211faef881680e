/** Requests that measured their own work: the whole is that, and not what samples happened to see. */

import { describe, expect, test } from 'vitest';
import { compare } from '../../src/compare/compare.ts';
import { requestFacts } from '../../src/formats/v8/request-metadata.ts';
import { normalizeStacks } from '../../src/model/normalize/sampled.ts';
import type { StacksProfile } from '../../src/model/profile.ts';
import { Stats } from '../../src/query/stats.ts';
import { draw } from '../support/draw.ts';

/** A request of four samples, 4 ms; what it measured is another thing. */
function request(busy: number | undefined, picture = 'a a a a'): StacksProfile {
  const facts = requestFacts({ method: 'GET', url: '/', busy });
  const settled = normalizeStacks(draw(picture, { interval: 1000 }), `GET.x.${busy}.cpuprofile`);
  return facts === null ? settled : { ...settled, request: facts };
}

const runs = (...busy: (number | undefined)[]) => busy.map((time) => new Stats(request(time)));

describe('the whole', () => {
  test('is what was measured', () => {
    const { whole, before, isMeasured } = compare(runs(5000, 6000, 7000), runs(4000, 4100, 4200));
    expect([whole.before, whole.after, isMeasured]).toEqual([6000, 4100, true]);
    expect(before.wholes).toEqual([5000, 6000, 7000]);
  });

  test('is what was counted, if any run on either side did not measure', () => {
    const { whole, isMeasured } = compare(runs(5000, 6000), runs(4000, undefined));
    expect([whole.before, whole.after, isMeasured]).toEqual([4000, 4000, false]);
  });

  test('is what was counted, if a part of it was asked for', () => {
    const focused = [new Stats(request(9000, 'a a b b'), { focus: ['/\\(a\\)/'] })];
    expect(compare(focused, focused)).toMatchObject({ whole: { before: 2000 }, isMeasured: false });
  });
});

test('runs of which the sampler saw little are noted', () => {
  const { notes } = compare(runs(4000, 9000, 4100), runs(4000, 4100));
  expect(notes).toContain('the samples of 1 run before hold under half of the work: the sampler slept');
  expect(compare(runs(7900), runs(4000)).notes.join()).not.toContain('slept');
});
