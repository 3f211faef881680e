/** The answer of `requests`. */

import type { PstatError } from '../../base/errors.ts';
import { profilesBelow, streamProfiles } from '../../input/load.ts';
import { collectRouteStats } from '../../routes/route-stats.ts';
import { chooseTail, describeTail } from '../../routes/route-tail.ts';
import { type RequestsTailView, requestsTailView } from '../../view/requests-tail-view.ts';
import { type BrokenFile, parseRequestSort, type RequestsView, requestsView } from '../../view/requests-view.ts';
import {
  type Arguments,
  loadOptionsFrom,
  routeNamerFrom,
  selectionFrom,
  sortWords,
  statsOptionsFrom,
  tailFrom,
} from '../arguments.ts';
import { badOption, oneFolder } from '../errors.ts';
import type { Io } from '../io.ts';
import { withProgress } from '../progress.ts';

/** Summarizes the requests of a folder by route, or the slowest of one route. Throws PstatError. */
export async function requestsAnswer(
  words: readonly string[],
  args: Arguments,
  io: Io,
): Promise<RequestsView | RequestsTailView> {
  const [folder, ...others] = words;
  if (folder === undefined || others.length > 0) throw oneFolder(words.length);
  return args['tail'] === undefined ? routesAnswer(folder, args, io) : tailAnswer(folder, args, io);
}

async function routesAnswer(folder: string, args: Arguments, io: Io): Promise<RequestsView> {
  const query = { sort: parseRequestSort(sortWords(args)), ...selectionFrom(args) };
  const nameRoute = routeNamerFrom(args);
  const reading = readingFrom(args);
  const stats = await withProgress(io, (onProgress) =>
    collectRouteStats(profilesBelow(folder, { ...reading.options, onProgress }), nameRoute),
  );
  return requestsView({ folder, stats, broken: reading.broken }, query);
}

/** Reads the folder to choose requests, and the chosen ones again. */
async function tailAnswer(folder: string, args: Arguments, io: Io): Promise<RequestsTailView> {
  const { filter, exclude, reverse, limit } = selectionFrom(args);
  const tail = tailFrom(args);
  const sort = sortWords(args);
  if (sort.length > 0) throw badOption('sort', sort.join(), 'possible with --tail, which sorts by difference');
  const reading = readingFrom(args);
  const choice = await withProgress(io, (onProgress) =>
    chooseTail(profilesBelow(folder, { ...reading.options, onProgress }), tail, routeNamerFrom(args)),
  );
  const { sourceMaps } = reading.options;
  // A chosen file was read before: it is not left out.
  const onBroken = (error: PstatError) => {
    throw error;
  };
  const described = await describeTail(choice, (files) => streamProfiles(files, { sourceMaps, onBroken }));
  const { paths = 'short' } = statsOptionsFrom(args);
  const about = { folder, share: tail.share, broken: reading.broken, tail: described };
  return requestsTailView(about, { filter, exclude, reverse, limit, paths });
}

/** The options to read a folder with; broken files are collected. */
function readingFrom(args: Arguments) {
  const broken: BrokenFile[] = [];
  const onBroken = ({ source, fact }: PstatError) => broken.push({ file: source ?? '', fact });
  const { selection = null, sourceMaps = null } = loadOptionsFrom(args);
  return { broken, options: { selection, onBroken, sourceMaps } };
}
