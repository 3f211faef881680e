/** Errors of queries. */

import { missingDataError, type PstatError, queryError } from '../base/errors.ts';
import { escapeControls, quote } from '../base/text.ts';

export function unknownSortKey(key: string, known: readonly string[]): PstatError {
  const fact = `${quote(key)} is not a sort key; use one of ${known.join(', ')}`;
  return queryError(fact, { word: key, known });
}

export function ambiguousSortKey(key: string, meanings: readonly string[]): PstatError {
  return queryError(`the sort key ${quote(key)} could mean ${meanings.join(' or ')}; write one of them`);
}

export function untimedSortKey(key: string): PstatError {
  return missingDataError(`sort key ${key}: lines, and groups of a profile of edges, have no cumtime; use tottime`);
}

export function unanswerableSortKey(key: string, why: string, instead: string): PstatError {
  return missingDataError(`sort key ${key}: ${why}; use ${instead}`);
}

export function noLines(source: string): PstatError {
  return missingDataError('does not say which lines were executing', source);
}

export function noOwners(source: string): PstatError {
  return missingDataError(
    'has caller-callee edges, not stacks, so that the owner of a time is not known; group by package',
    source,
  );
}

export function treeNeedsStacks(source: string): PstatError {
  return missingDataError(
    'has caller-callee edges, not stacks; query callers and callees, or let the tree be estimated',
    source,
  );
}

export function groupsNeedStacks(source: string): PstatError {
  return missingDataError('has caller-callee edges, not stacks, so groups have no tree', source);
}

export function noTimeOrder(source: string): PstatError {
  return missingDataError(
    'does not say when its samples were taken, so it has no time order; several files have none together',
    source,
  );
}

export function badLimit(value: string): PstatError {
  return queryError(`the limit ${quote(value)} is not a number of rows; use 20, 10% or 0 for all`);
}

/** @param pattern with its slashes and flags */
export function badPattern(pattern: string, reason: string): PstatError {
  return queryError(`the regular expression ${quote(pattern)} does not parse: ${escapeControls(reason)}`);
}
