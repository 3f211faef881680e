/** Notes on profiles and on answers in Reports, in JSON and on stderr. */

import type { JsonNote } from './json.ts';
import { formatNote, type Note, noteText } from './note-words.ts';
import { noteLine, type ReportLine } from './report.ts';

/** Notes of a Report. */
export function reportNotes(notes: readonly Note[]): ReportLine[] {
  return notes.map((note) => noteLine(noteText(note)));
}

/** Notes for stderr. */
export function noteLines(notes: readonly Note[]): string {
  return notes.map((note) => `note: ${formatNote(note)}\n`).join('');
}

export function notesJson(notes: readonly Note[]): JsonNote[] {
  return notes.map(noteJson);
}

function noteJson(note: Note): JsonNote {
  const { code, ...facts } = note;
  const ordered = { code, text: '', ...facts };
  return { ...ordered, text: noteText(note), ...('first' in note ? { first: noteJson(note.first) } : {}) };
}
