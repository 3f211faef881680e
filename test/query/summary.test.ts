/** Tests what a summary says of numbers that cannot be. */

import { describe, expect, test } from 'vitest';
import { Stats } from '../../src/query/stats.ts';
import { functionsView } from '../../src/view/views.ts';
import { noteTexts } from '../support/notes.ts';
import { traced } from '../support/traced.ts';

describe('numbers of a .prof that cannot be', () => {
  test('a negative tottime is shown, with a note', () => {
    const stats = new Stats(traced({ 'a.py:1(f)': [1, 1, -0.3, 0.1, {}], 'a.py:2(g)': [1, 1, 0.5, 0.5, {}] }));
    expect(noteTexts(stats.summary)).toContain(
      "1 tottime is negative, which no time can be: the profiler's clock was wrong; the file's numbers are shown as they are",
    );
    expect(functionsView(stats, {}).rows.map(({ tottime }) => tottime)).toEqual([500_000, -300_000]);
  });

  test('a negative number of calls is not known, nor is the sum or the time per call', () => {
    const stats = new Stats(traced({ 'a.py:1(f)': [-1, -1, 0.2, 0.2, {}], 'a.py:2(g)': [2, 2, 0.1, 0.1, {}] }));
    expect(stats.summary).toMatchObject({ ncalls: null, pcalls: null });
    expect(noteTexts(stats.summary).join()).toMatch(/^1 function has a negative number of calls/);
    expect(functionsView(stats, {}).rows).toMatchObject([
      { name: 'f', ncalls: null, pcalls: null, percall: null, cumpercall: null },
      { name: 'g', ncalls: 2, pcalls: 2, percall: 50_000 },
    ]);
  });

  test('other numbers have no note', () => {
    expect(noteTexts(new Stats(traced({ 'a.py:1(f)': [1, 1, 0, 0, {}] })).summary)).toEqual([]);
  });
});
