/** The notes of several profiles as one list. */

import type { ProfileNote } from './notes.ts';
import type { Profile } from './profile.ts';

/** With more notes than this, only the first one is shown. */
const MAX_NOTES = 3;

/** Returns the notes of all profiles, each with its file; if there are too many, the first one and their number. */
export function mergeNotes(profiles: readonly Profile[]): readonly ProfileNote[] {
  const notes = new MergedNotes();
  for (const profile of profiles) notes.add(profile);
  return notes.finish();
}

export class MergedNotes {
  readonly #first: ProfileNote[] = [];
  #notes = 0;
  #profilesWithNotes = 0;
  #profiles = 0;

  add({ notes, sources: [source = ''] }: Profile): void {
    this.#first.push(...notes.slice(0, MAX_NOTES - this.#first.length).map((note) => noteOf(source, note)));
    this.#notes += notes.length;
    this.#profilesWithNotes += notes.length > 0 ? 1 : 0;
    this.#profiles++;
  }

  finish(): readonly ProfileNote[] {
    const [note] = this.#first;
    if (note === undefined || this.#notes <= MAX_NOTES) return this.#first;
    const first = note.code === 'notes-of-files' ? note.first : note;
    return [{ code: 'notes-of-files', count: this.#profilesWithNotes, of: this.#profiles, first }];
  }
}

/** A note of a merged profile has its file already. */
function noteOf(source: string, note: ProfileNote): ProfileNote {
  return note.code === 'notes-of-files' ? note : { source, ...note };
}
