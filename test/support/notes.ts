import { type FieldKind, NOTE_FIELDS, type ProfileNote } from '../../src/model/notes.ts';
import { type Note, noteText } from '../../src/render/note-words.ts';

/** The notes of a profile, a summary or a view as users read them. */
export function noteTexts({ notes }: { readonly notes: readonly Note[] }): string[] {
  return notes.map(noteText);
}

const VALUES = { text: 'a', texts: ['a', 'b'], number: 12, numbers: [3, 4] };

/** A note of every code, with any facts, of each file. */
export function everyNote(source: string): ProfileNote[] {
  const factOf = (kind: FieldKind) => (typeof kind === 'string' ? VALUES[kind] : kind[0]);
  const single = Object.entries(NOTE_FIELDS).map(([code, fields]) => {
    const facts = Object.entries(fields).map(([name, kind]) => [name, factOf(kind)]);
    return { code, ...Object.fromEntries(facts), source };
  });
  return [...single, { code: 'notes-of-files', count: 2, of: 3, first: single[0] }];
}
