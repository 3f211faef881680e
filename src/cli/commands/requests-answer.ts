/** The answer of `requests`. */

import { profilesBelow } from '../../input/load.ts';
import { collectRouteStats } from '../../routes/route-stats.ts';
import { parseRequestSort, type RequestsView, requestsView } from '../../view/requests-view.ts';
import { oneFolder } from '../errors.ts';
import type { Io } from '../io.ts';
import { type Arguments, queryFrom } from '../options.ts';
import { withProgress } from '../progress.ts';

/** Summarizes the requests of a folder by route. Throws PstatError. */
export async function requestsAnswer(words: readonly string[], args: Arguments, io: Io): Promise<RequestsView> {
  const [folder, ...others] = words;
  if (folder === undefined || others.length > 0) throw oneFolder('requests', words.length);
  const { filter = [], exclude = [], sort = [], reverse = false, limit = 0 } = queryFrom(args);
  const query = { sort: parseRequestSort(sort), reverse, limit, filter, exclude };
  const stats = await withProgress(io, (onProgress) => collectRouteStats(profilesBelow(folder, { onProgress })));
  return requestsView(folder, stats, query);
}
