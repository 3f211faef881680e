/** Reads what a report shows: one profile, or a folder of requests with each of its profiles. */

import type { PstatError } from '../../base/errors.ts';
import { type LoadOptions, loadProfile } from '../../input/load.ts';
import { keepChunks } from '../../input/streams.ts';
import { at } from '../../model/columns.ts';
import { applyFocus } from '../../model/focus.ts';
import type { Part } from '../../model/layout/packed-parts.ts';
import { findMergedFunctions } from '../../model/merge.ts';
import type { Profile } from '../../model/profile.ts';
import { parsePattern } from '../../query/pattern.ts';
import { Stats } from '../../query/stats.ts';
import { readRequest } from '../../routes/profiled-request.ts';
import { collectRouteStats } from '../../routes/route-stats.ts';
import { type BrokenFile, type RequestsView, requestsView } from '../../view/requests-view.ts';
import { type Arguments, routeNamerFrom, statsOptionsFrom } from '../arguments.ts';
import type { Io } from '../io.ts';
import { loadWithProgress } from '../progress.ts';

export interface Reported {
  readonly stats: Stats;
  /** Null for profiles that are of no request, and for a single one. */
  readonly folder: RequestFolder | null;
}

export interface RequestFolder {
  readonly view: RequestsView;
  /** One for each file, in their order. */
  readonly parts: readonly Part[];
}

/** Broken files are left out of requests, as `pstat requests` does, and are an error of other files. Throws PstatError. */
export async function loadReported(files: readonly string[], args: Arguments, given: Io): Promise<Reported> {
  const io = { ...given, stdin: keepChunks(given.stdin) };
  const profiles: Profile[] = [];
  const broken: PstatError[] = [];
  const onProfile = (profile: Profile) => profiles.push(profile);
  const collected = { onProfile, onBroken: (error: PstatError) => broken.push(error) };
  const first = await load(files, args, { io, more: collected });
  const nameRoute = routeNamerFrom(args);
  const isFolder = profiles.length > 1 && profiles.some((profile) => readRequest(profile, nameRoute) !== null);
  // Again, for the error or the note that other commands have.
  const merged =
    broken.length === 0 ? first : await load(files, args, { io, more: isFolder ? { skipBroken: true } : {} });
  const stats = new Stats(merged, statsOptionsFrom(args));
  if (!isFolder) return { stats, folder: null };
  return { stats, folder: await requestFolder(merged, profiles, { files, broken, args }) };
}

/** What a folder holds. @param profiles those that were merged */
export async function requestFolder(
  merged: Profile,
  profiles: readonly Profile[],
  { files, broken, args }: { files: readonly string[]; broken: readonly PstatError[]; args: Arguments },
): Promise<RequestFolder> {
  const parts = filterParts(merged, profiles, args);
  const routes = await collectRouteStats(each(parts), routeNamerFrom(args));
  const query = { sort: ['total'], reverse: false, limit: 0, filter: [], exclude: [] } as const;
  const found = { folder: files.join(', '), stats: routes, broken: broken.map(brokenFile) };
  return { view: requestsView(found, query), parts };
}

function load(
  files: readonly string[],
  args: Arguments,
  { io, more }: { readonly io: Io; readonly more: LoadOptions },
): Promise<Profile> {
  return loadWithProgress(args, io, (options) => loadProfile(files, { ...options, ...more }));
}

async function* each(parts: readonly Part[]): AsyncGenerator<Profile> {
  for (const { profile } of parts) yield profile;
}

function brokenFile({ source, fact }: PstatError): BrokenFile {
  return { file: source ?? '', fact };
}

/** Applies --focus and --ignore to each, by the names that functions have in all of them together. */
function filterParts(merged: Profile, profiles: readonly Profile[], args: Arguments): Part[] {
  const { paths = 'short', focus = [], ignore = [] } = statsOptionsFrom(args);
  const { names } = new Stats(merged, { paths });
  const functionsOf = findMergedFunctions(
    merged.functions,
    profiles.map(({ functions }) => functions),
  );
  return profiles.map((profile, i) => {
    const functionOf = at(functionsOf, i);
    const testOf = (pattern: (typeof focus)[number]) => {
      const parsed = parsePattern(pattern);
      return (fn: number) => names.matches(parsed, at(functionOf, fn));
    };
    return { profile: applyFocus(profile, focus.map(testOf), ignore.map(testOf)), functionOf };
  });
}
