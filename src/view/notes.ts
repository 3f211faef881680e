import type { SummaryNote } from '../query/summary.ts';

/** Notes on an answer: those of its profile, and its own. render/note-words.ts words them. */
export type ViewNote =
  | SummaryNote
  /** Times of lines are scaled from the whole recording to a part of it. */
  | { readonly code: 'scaled-times' }
  /** Much time is on lines of generated code that hold several lines of the source. */
  | { readonly code: 'unknown-lines' }
  | { readonly code: 'groups-without-cumtime' }
  /** Functions whose names contain the pattern, beside those that it names exactly. */
  | { readonly code: 'partial-matches'; readonly count: number; readonly pattern: string }
  | { readonly code: 'untimed-edges' }
  | { readonly code: 'nearest-names'; readonly names: readonly string[] }
  /** Restrictions leave no function. */
  | { readonly code: 'nothing-left' }
  /** Focus and ignore were switched off for a profile without stacks. */
  | { readonly code: 'patterns-off' };
