import { describe, expect, test } from 'vitest';
import { merge } from '../../src/model/merge.ts';
import { normalize } from '../../src/model/normalize/normalize.ts';
import type { EdgesProfile, Profile } from '../../src/model/profile.ts';
import { draw } from '../support/draw.ts';
import { noteTexts } from '../support/notes.ts';
import { traced } from '../support/traced.ts';

const file = (name: string, calls: number, time: number): EdgesProfile =>
  traced({ 'a.py:1(f)': [calls, calls, time, time, {}] }, name);

function sumNotes(...profiles: readonly [Profile, ...Profile[]]): string[] {
  return noteTexts(merge(profiles)).filter((note) => note.includes('counted twice'));
}

describe('a file that holds the sum of the others', () => {
  const tests = [file('test_1.prof', 3, 0.1), file('test_2.prof', 5, 0.2)];

  test('is noted, wherever it is among them', () => {
    const words =
      'combined.prof has as many calls and as much time as the other 2 files together, function by function: everything is counted twice; leave it out';
    const combined = file('combined.prof', 8, 0.3);
    expect(sumNotes(combined, ...tests)).toEqual([words]);
    expect(sumNotes(...(tests as [EdgesProfile, EdgesProfile]), combined)).toEqual([words]);
  });

  test('is recognized by calls and by time', () => {
    expect(sumNotes(file('other.prof', 8, 0.4), ...tests)).toEqual([]);
    expect(sumNotes(file('other.prof', 9, 0.3), ...tests)).toEqual([]);
  });

  test('is recognized function by function', () => {
    const g = traced({ 'a.py:2(g)': [8, 8, 0.3, 0.3, {}] }, 'other.prof');
    expect(sumNotes(g, ...tests)).toEqual([]);
  });

  test('may be a copy of the only other file', () => {
    expect(sumNotes(file('one.prof', 3, 0.1), file('copy.prof', 3, 0.1))).toEqual([
      'one.prof has as many calls and as much time as the other file, function by function: everything is counted twice; leave it out',
    ]);
  });

  test('is not looked for among samples of stacks', () => {
    expect(sumNotes(normalize(draw('f g f'), 'one.cpuprofile'), normalize(draw('f g f'), 'copy.cpuprofile'))).toEqual(
      [],
    );
  });

  test('is not found among files without calls', () => {
    expect(sumNotes(file('a.prof', 0, 0), file('b.prof', 0, 0))).toEqual([]);
  });
});
