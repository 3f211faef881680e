/** What is said in place of a table or a picture without rows. */

import type { ProfileSummary } from '../../query/summary.ts';

export const NO_FUNCTION_MATCHES = 'No function matches; patterns are case-sensitive, /name/i is not.';

export const NOTHING_LEFT = 'Nothing is left: no stack is in the window, or matches.';

export function nothingRecorded({ counts }: ProfileSummary): string {
  return `Nothing was recorded: the profile has no ${counts === 'samples' ? 'samples' : 'calls'}.`;
}

/** @param rooted whether the tree starts at functions that the user chose */
export function emptyTreeMessage({ rooted, profile }: { readonly rooted: boolean; readonly profile: ProfileSummary }) {
  if (rooted) return NO_FUNCTION_MATCHES;
  return (profile.excluded ?? 0) > 0 ? NOTHING_LEFT : nothingRecorded(profile);
}
