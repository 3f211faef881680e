/** What is said in place of a table or a picture without rows. */

import { pluralize } from '../../base/text.ts';
import type { ProfileSummary } from '../../query/summary.ts';

export const NO_FUNCTION_MATCHES = 'No function matches; patterns are case-sensitive, /name/i is not.';

const NO_FUNCTION_LEFT =
  'No function matches in the stacks that are left; patterns are case-sensitive, /name/i is not.';

export const NOTHING_LEFT = 'Nothing is left: no stack is in the window, or matches.';

/** Without any filter. */
export function nothingRecorded({ counts, samples, idle, duration }: ProfileSummary): string {
  const taken = Number(samples ?? 0);
  if (taken > 0 && (idle ?? 0) > 0) return `${pluralize(taken, 'sample')}, all idle; --idle shows them.`;
  if (taken > 0 && duration === 0) return `${pluralize(taken, 'sample')}, and no time is known of them.`;
  if (taken > 0) return `${pluralize(taken, 'sample')}, of no function.`;
  return `Nothing was recorded: the profile has no ${counts === 'samples' ? 'samples' : 'calls'}.`;
}

/** @param rooted whether the tree starts at functions that the user chose */
export function emptyTreeMessage({ rooted, profile }: { readonly rooted: boolean; readonly profile: ProfileSummary }) {
  const isPart = (profile.excluded ?? 0) > 0;
  if (rooted) return isPart ? NO_FUNCTION_LEFT : NO_FUNCTION_MATCHES;
  return isPart ? NOTHING_LEFT : nothingRecorded(profile);
}
