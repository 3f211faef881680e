/** What `pstat compare` answers. Apart from its words, for it brings statistics that no other command needs. */

import { compare } from '../../compare/compare.ts';
import type { Comparison } from '../../compare/comparison.ts';
import { failures, isUndecided, isWatchable } from '../../compare/threshold.ts';
import { missingSides, nothingWatched } from '../../errors.ts';
import { loadRuns, refuseUnlikeRoutes } from '../../runs.ts';
import { type CompareView, compareView, parseCompareSort } from '../../view/compare-view.ts';
import type { Io } from '../io.ts';
import { type Arguments, flag, gateFrom, loadOptionsFrom, queryFrom, statsOptionsFrom } from '../options.ts';
import { withProgress } from '../progress.ts';

/** What changed between the two sets of runs that the words name. Throws PstatError. */
export async function compareAnswer(words: readonly string[], args: Arguments, io: Io): Promise<CompareView> {
  const [before, after, ...others] = words;
  if (before === undefined || after === undefined || others.length > 0) throw missingSides(words.length);
  const { filter = [], exclude = [], sort: sortWords = [], reverse = false, limit = 0 } = queryFrom(args);
  const sort = parseCompareSort(sortWords);
  const gate = gateFrom(args);
  const stats = statsOptionsFrom(args);
  const load = { ...loadOptionsFrom(args), stdin: io.stdin };
  const runsOf = (side: string) =>
    withProgress(io, (onProgress) => loadRuns(side, { load: { ...load, onProgress }, stats }));
  const [runsBefore, runsAfter] = [await runsOf(before), await runsOf(after)];
  refuseUnlikeRoutes(runsBefore, runsAfter);
  const comparison = compare(runsBefore, runsAfter, {
    measure: sort[0] === 'cumtime' ? 'total' : 'self',
    filter,
    exclude,
    ...(stats.paths === undefined ? {} : { paths: stats.paths }),
  });
  if (gate?.watched === 'function' && filter.length > 0 && !isWatchable(comparison)) throw nothingWatched();
  return compareView(
    comparison,
    { sort, reverse, limit, filtered: filter.length + exclude.length > 0 },
    outcomeOf(comparison, gate, args),
  );
}

/** Too few runs decide nothing: that passes, with a word, unless it must not. */
function outcomeOf(comparison: Comparison, gate: ReturnType<typeof gateFrom>, args: Arguments) {
  if (gate === null) return { failures: null, notes: [] };
  const failed = failures(comparison, gate.threshold, gate.watched);
  if (failed.length > 0 || !isUndecided(comparison, gate.watched)) return { failures: failed, notes: [] };
  const needed = `too few runs to decide: record ${comparison.family.runsNeeded} a side`;
  return flag(args, 'strict')
    ? { failures: [needed], notes: [] }
    : { failures: null, notes: [`${needed}; passed, as --strict is not given`] };
}
