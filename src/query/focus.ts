/** Filters stacks of a profile that has them. */

import { type FunctionTest, focusStacks } from '../model/focus.ts';
import type { Profile } from '../model/profile.ts';
import { noStacks } from './errors.ts';

/** As `focusStacks`. Throws PstatError (`missing-data`) for an edges profile. */
export function applyFocus(profile: Profile, focus: readonly FunctionTest[], ignore: readonly FunctionTest[]): Profile {
  if (focus.length + ignore.length === 0) return profile;
  if (!('callTree' in profile)) throw noStacks(profile.sources[0] ?? '');
  return focusStacks(profile, focus, ignore);
}
