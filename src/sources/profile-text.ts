/** Texts of sources that a profile holds itself (`pstat.scripts`). */

import type { Profile } from '../model/profile.ts';
import { SourceMap } from './source-map.ts';

/** Returns the text of a file: of one that ran, or of a source in the map of one; null if the profile does not hold it. */
export function textInProfile(profile: Profile, file: string): string | null {
  if (!('callTree' in profile)) return null;
  const { scripts = [] } = profile;
  const own = scripts.find(({ url, source }) => url === file && source !== null);
  if (own !== undefined) return own.source;
  for (const { url, sourceMap } of scripts) {
    const map = sourceMap === null ? null : SourceMap.read(sourceMap, url);
    const text = map instanceof SourceMap ? map.contentOf(file) : null;
    if (text !== null) return text;
  }
  return null;
}
