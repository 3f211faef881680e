import { expect, test } from 'vitest';
import { merge } from '../../src/model/merge.ts';
import type { ProfileNote } from '../../src/model/notes.ts';
import { formatNote, noteText } from '../../src/render/note-words.ts';
import { notesJson } from '../../src/render/profile-notes.ts';
import { everyNote, noteTexts } from '../support/notes.ts';
import { profileOf } from '../support/stacks.ts';

const GAPS: ProfileNote = { code: 'gaps', count: 2, intervals: 10, total: 40_000, longest: 30_000, at: 500 };

test.each(everyNote('a.prof').map((note) => [note.code, note] as const))(
  '%s has words for all its facts',
  (_, note) => {
    expect(noteText(note)).not.toMatch(/undefined|NaN|\[object/);
  },
);

test('the library escapes what a file puts into a note', () => {
  const note: ProfileNote = { ...GAPS, source: 'a\x1b]0;b\x07.prof' };
  expect(formatNote(note)).toMatch(/^a\\x1b\]0;b\\x07\.prof: 2 gaps of over 10 intervals /);
});

test('JSON has the code, the text and the facts of a note', () => {
  expect(notesJson([GAPS])).toEqual([{ ...GAPS, text: noteText(GAPS) }]);
  expect(Object.keys(notesJson([GAPS])[0] ?? {}).slice(0, 2)).toEqual(['code', 'text']);
  const older: ProfileNote = { code: 'text', text: 'as it was', source: 'a' };
  expect(notesJson([older])).toEqual([{ ...older, text: 'a: as it was' }]);
});

test('a note of several files has its file, also after another merge', () => {
  const [a, b] = ['a', 'b'].map((source) => ({
    ...profileOf([{ stack: ['a'], weight: 3 }]),
    sources: [source],
    notes: [GAPS],
  }));
  if (a === undefined || b === undefined) throw new Error('two profiles');
  const merged = merge([a, b]);
  expect(merged.notes).toEqual([
    { ...GAPS, source: 'a' },
    { ...GAPS, source: 'b' },
  ]);
  expect(noteTexts(merged)).toEqual([`a: ${noteText(GAPS)}`, `b: ${noteText(GAPS)}`]);
  expect(merge([merged, a]).notes).toEqual([...merged.notes, { ...GAPS, source: 'a' }]);
});

test('of many notes of several files the first stands for all, also after another merge', () => {
  const noted = (source: string) => ({
    ...profileOf([{ stack: ['a'], weight: 3 }]),
    sources: [source],
    notes: [GAPS, GAPS],
  });
  const first = { ...GAPS, source: 'a' };
  const merged = merge([noted('a'), noted('b')]);
  expect(merged.notes).toEqual([{ code: 'notes-of-files', count: 2, of: 2, first }]);
  expect(noteTexts(merged)).toEqual([
    `2 of 2 files have notes; read one file alone to see its notes. First note: a: ${noteText(GAPS)}`,
  ]);
  expect(notesJson(merged.notes)).toMatchObject([{ first: { code: 'gaps', text: `a: ${noteText(GAPS)}` } }]);
  const again = merge([merged, noted('c'), noted('d')]);
  expect(again.notes).toEqual([{ code: 'notes-of-files', count: 3, of: 3, first }]);
});
