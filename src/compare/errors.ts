/** Errors of comparisons. */

import { missingDataError, PstatError } from '../base/errors.ts';
import { compareCodePoints, escapeControls, listFirst, quote } from '../base/text.ts';
import type { Basis } from './comparison.ts';

export function emptySide(): PstatError {
  return missingDataError('nothing to compare: each side needs at least one run');
}

export function unlikeSides(): PstatError {
  return missingDataError('samples and counted calls cannot be compared; compare runs of one kind');
}

export function notOfTime(source: string): PstatError {
  return missingDataError('holds bytes or counts, and compare tests times; select a value that is a time', source);
}

export function mixedTimes(): PstatError {
  return missingDataError('undisturbed and counted time cannot be compared; load all profiles with the same `time`');
}

/** @param source a file that does not know the time */
export function unknownBasis(basis: Basis, source: string): PstatError {
  return missingDataError(`does not record ${BASIS_NAMES[basis]}; ${BASIS_REMEDIES[basis]}`, source);
}

const BASIS_NAMES: Readonly<Record<Basis, string>> = {
  undisturbed: 'how long the thread had no processor',
  counted: 'any time of functions',
  cpu: 'the CPU time of the process',
  elapsed: 'how long the whole recording took',
  busy: 'the busy time of a request',
};

const BASIS_REMEDIES: Readonly<Record<Basis, string>> = {
  undisturbed: 'record on Linux with `pstat record`, or compare counted time',
  counted: 'record it again',
  cpu: 'record a whole program with `pstat record`, or compare counted time',
  elapsed: 'compare counted time, or the whole recording',
  busy: 'record requests with the request profiler, or compare counted time',
};

export function programsAndRequests(source: string): PstatError {
  return missingDataError('holds profiles of whole programs and of requests; compare one kind at a time', source);
}

/** @param before routes; null stands for whole programs */
export function noCommonRoute(before: readonly (string | null)[], after: readonly (string | null)[]): PstatError {
  const list = (routes: readonly (string | null)[]) => {
    const names = routes.map((route) => (route === null ? 'whole programs' : escapeControls(route)));
    return listFirst(names, MAX_ROUTES);
  };
  return missingDataError(
    `the sides have no route in common: before ${list(before)}; after ${list(after)}; compare requests of one route`,
  );
}

export function noRouteMatches(pattern: string, routes: readonly string[]): PstatError {
  const names = listFirst([...routes].sort(compareCodePoints).map(escapeControls), MAX_ROUTES);
  return new PstatError('no-match', `no request matches ${quote(pattern)}; recorded are ${names}`);
}

const MAX_ROUTES = 5;
