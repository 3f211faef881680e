/** The answer of `requests`. */

import type { PstatError } from '../../base/errors.ts';
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
  const broken: PstatError[] = [];
  const onBroken = (error: PstatError) => broken.push(error);
  const stats = await withProgress(io, (onProgress) =>
    collectRouteStats(profilesBelow(folder, { onProgress, onBroken })),
  );
  const brokenFiles = broken.map(({ source, fact }) => ({ file: source ?? '', fact }));
  return requestsView({ folder, stats, broken: brokenFiles }, query);
}
