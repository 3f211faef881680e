/** The notes of several profiles as one list. */

import { pluralize } from '../base/text.ts';
import type { Profile } from './profile.ts';

/** With more notes than this, only the first one is shown. */
const MAX_NOTES = 6;

/** Returns the notes of all profiles, each with its file; if there are too many, the first one and their number. */
export function mergeNotes(profiles: readonly Profile[]): string[] {
  const notes = new MergedNotes();
  for (const profile of profiles) notes.add(profile);
  return notes.finish();
}

export class MergedNotes {
  readonly #first: string[] = [];
  #notes = 0;
  #profilesWithNotes = 0;
  #profiles = 0;

  add({ notes, sources: [source = ''] }: Profile): void {
    this.#first.push(...notes.slice(0, MAX_NOTES - this.#first.length).map((note) => `${source}: ${note}`));
    this.#notes += notes.length;
    this.#profilesWithNotes += notes.length > 0 ? 1 : 0;
    this.#profiles++;
  }

  finish(): string[] {
    if (this.#notes <= MAX_NOTES) return this.#first;
    const files = `${this.#profilesWithNotes} of ${pluralize(this.#profiles, 'file')}`;
    return this.#first
      .slice(0, 1)
      .map((note) => `${files} have notes; read one file alone to see its notes. First note: ${note}`);
  }
}
