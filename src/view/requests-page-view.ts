/** The index of a folder of requests in the page of a report: what `pstat requests` says, and what each row opens. */

import { addTo } from '../base/maps.ts';
import { at } from '../model/columns.ts';
import type { RequestFacts, RequestsFacts, RouteFacts, ScopeFacts, TableColumn } from '../model/layout/page-facts.ts';
import { ProfileMerger } from '../model/merge.ts';
import type { Profile } from '../model/profile.ts';
import { Stats } from '../query/stats.ts';
import { type ProfiledRequest, readRequest } from '../routes/profiled-request.ts';
import type { RouteNamer } from '../routes/route-name.ts';
import { type ScopeQuestion, scopeFacts } from './page-view.ts';
import type { RequestsView } from './requests-view.ts';

/** What only the command line knows of an index. */
export interface IndexQuestion {
  readonly heading: string;
  readonly columns: readonly TableColumn[];
  readonly lines: readonly string[];
  readonly linesTitle: string;
  readonly idle: boolean;
  readonly nameRoute: RouteNamer;
  scopeOf(stats: Stats, selection: { readonly route: string } | { readonly file: string }): ScopeQuestion;
}

/** @param profiles one for each file, in their order */
export function requestsFacts(
  view: RequestsView,
  profiles: readonly Profile[],
  question: IndexQuestion,
): RequestsFacts {
  const requests = profiles.map((profile) => readRequest(profile, question.nameRoute));
  const numbersOf = new Map<string, number[]>();
  for (const [number, request] of requests.entries()) {
    if (request !== null) addTo(numbersOf, request.route, number);
  }
  const names = [...numbersOf.keys()];
  const { heading, columns, lines, linesTitle } = question;
  return {
    heading,
    columns,
    lines,
    linesTitle,
    rows: view.rows.map(({ route }) => ({ name: route, route: names.indexOf(route) })),
    routes: names.map((name) => routeFacts(name, numbersOf.get(name) ?? [], { profiles, requests, question })),
    requests: profiles.map((profile, number) => requestFacts(profile, requests[number] ?? null, { view, question })),
  };
}

interface Folder {
  readonly profiles: readonly Profile[];
  readonly requests: readonly (ProfiledRequest | null)[];
  readonly question: IndexQuestion;
}

function routeFacts(route: string, numbers: readonly number[], { profiles, requests, question }: Folder): RouteFacts {
  const merging = new ProfileMerger();
  for (const number of numbers) merging.add(at(profiles, number));
  const elapsed = (number: number) => requests[number]?.elapsed ?? 0;
  return {
    ...factsOf(merging.finish(), question, { route }),
    name: route,
    requests: numbers.toSorted((a, b) => elapsed(b) - elapsed(a) || a - b),
  };
}

function requestFacts(
  profile: Profile,
  request: ProfiledRequest | null,
  { view, question }: { readonly view: RequestsView; readonly question: IndexQuestion },
): RequestFacts {
  const [file = ''] = profile.sources;
  const { routes, coldStarts } = view.stats;
  const marks = {
    slowest: routes.some(({ slowestFile, requests }) => slowestFile === file && requests > 1),
    median: routes.some(({ medianFile, requests }) => medianFile === file && requests > 2),
    failed: request?.hasFailed === true,
    'cold start': coldStarts.some((start) => start.file === file),
  };
  return {
    ...factsOf(profile, question, { file }),
    file,
    elapsed: request?.elapsed ?? null,
    status: request?.status ?? null,
    marks: Object.entries(marks).flatMap(([mark, isSo]) => (isSo ? [mark] : [])),
  };
}

function factsOf(
  profile: Profile | null,
  { idle, scopeOf }: IndexQuestion,
  selection: Parameters<IndexQuestion['scopeOf']>[1],
): ScopeFacts {
  if (profile === null) throw new RangeError('a route without requests');
  const stats = new Stats(profile, { idle });
  return scopeFacts(stats, scopeOf(stats, selection));
}
