import { describe, expect, test } from 'vitest';
import { noteTexts } from '../../support/notes.ts';
import { type Recording, record } from '../../support/v8.ts';

function gapNotes(recording: Recording): string[] {
  return noteTexts(record(recording)).filter((note) => note.includes('gap'));
}

describe('gaps between samples', () => {
  const EVERY_MS = [1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000];

  test('are noted with their number and their time', () => {
    const deltas = [...EVERY_MS, ...EVERY_MS, 12_000, 1000];
    const samples = deltas.map(() => 'a').join(' ');
    expect(gapNotes({ samples, deltas, duration: 30_000 })).toEqual([
      '1 gap of over 10 intervals between samples, 12.0 ms, at 16.0 ms; it is counted on the sample before it',
    ]);
  });

  test('of most of the time are a plain sentence', () => {
    const deltas = [1000, 1000, 1000, 90_000, 1000, 1000];
    const [note] = gapNotes({ samples: 'a a a b a a', deltas, duration: 96_000 });
    expect(note).toMatch(/^most of the time was not sampled: 94% \(90\.0 ms\) is in 1 gap, at 3\.00 ms;/);
  });

  test('in which the thread was idle miss nothing', () => {
    const deltas = [1000, 1000, 1000, 90_000, 1000, 1000];
    expect(gapNotes({ samples: 'a a idle b a a', deltas, duration: 96_000 }).join()).toMatch(/^1 gap of over/);
  });
});
