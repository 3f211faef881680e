/** Texts of sources that a profile holds itself (`pstat.scripts`). */

import type { Profile } from '../model/profile.ts';
import type { Script } from '../model/raw-profile.ts';
import { contentsOf } from './map-sources.ts';

/** Reads each script and each map once, however many files are asked for. */
export class ProfileTexts {
  readonly #scripts: readonly Script[];
  /** file that ran -> its text */
  readonly #own: ReadonlyMap<string, string>;
  /** Files that functions were moved to. */
  readonly #originals: ReadonlySet<string>;
  /** source in a map -> its text; null until one is asked for */
  #mapped: ReadonlyMap<string, string> | null = null;

  constructor(profile: Profile) {
    this.#scripts = 'callTree' in profile ? (profile.scripts ?? []) : [];
    const { file, generated } = profile.functions;
    this.#originals = new Set(file.filter((_, fn) => generated?.[fn] != null));
    this.#own = firstOf(this.#scripts.flatMap(({ url, source }) => (source === null ? [] : [[url, source] as const])));
  }

  /** Returns the text of a file: of one that ran, or of a source in the map of one; null if the profile does not hold it. */
  find(file: string): string | null {
    // What tsx makes of app.ts in memory has its name: places in the source need the source's text.
    const own = this.#originals.has(file) ? undefined : this.#own.get(file);
    if (own !== undefined) return own;
    this.#mapped ??= firstOf(this.#scripts.flatMap(({ sourceMap, url }) => contentsOf(sourceMap, url)));
    return this.#mapped.get(file) ?? null;
  }
}

/** The first entry of a name counts. */
function firstOf(entries: readonly (readonly [string, string])[]): ReadonlyMap<string, string> {
  return new Map(entries.toReversed());
}
