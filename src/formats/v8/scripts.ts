/** `pstat.scripts`: source maps and texts of the code that ran, as pstat's recorders write them. */

import type { Script } from '../../model/raw-profile.ts';
import { isObject } from '../json.ts';

/** Returns what can be read; the profile is read all the same. Maps are checked when they are used. */
export function readScripts(pstat: unknown): Script[] {
  if (!isObject(pstat) || !Array.isArray(pstat['scripts'])) return [];
  return pstat['scripts'].flatMap((script: unknown) => {
    if (!isObject(script) || typeof script['url'] !== 'string') return [];
    const { url, sourceMap = null, source } = script;
    return [{ url, sourceMap, source: typeof source === 'string' ? source : null }];
  });
}
