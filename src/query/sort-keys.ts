/**
 * Sort keys. pstats' words and abbreviations keep their meaning (`tot` is tottime, `s` is stdname); further words are
 * accepted (`self`, `total`, `samples`).
 */

import quickselect from 'quickselect';
import { compareCodePoints } from '../base/text.ts';
import type { Metrics } from '../model/call-graph.ts';
import { at } from '../model/columns.ts';
import type { Count } from '../model/count.ts';
import { compareFunctions } from '../model/function-order.ts';
import type { FunctionIndex, FunctionTable } from '../model/function-table.ts';
import { ambiguousSortKey, unanswerableSortKey, unknownSortKey } from './errors.ts';
import { standardName } from './places.ts';

/** The keys without aliases. */
export type SortKey =
  | 'tottime'
  | 'cumtime'
  | 'samples'
  | 'cumsamples'
  | 'ncalls'
  | 'pcalls'
  | 'percall'
  | 'cumpercall'
  | 'filename'
  | 'line'
  | 'name'
  | 'nfl'
  | 'stdname';

/** The keys that pstats has. */
export type PstatsKey = Exclude<SortKey, 'samples' | 'cumsamples' | 'percall' | 'cumpercall'>;

/** Items to sort, functions or edges: item -> metrics and the function that it is displayed as. */
export interface Sortable {
  readonly metrics: Metrics;
  readonly functionOf: (item: number) => FunctionIndex;
  readonly functions: FunctionTable;
}

type Compare = (sortable: Sortable, a: number, b: number) => number;

interface KeyDefinition {
  readonly description: string;
  /** The kind of profile that has this key; absent for both. */
  readonly counts?: 'samples' | 'calls';
  /** The key to use for the other kind of profile. */
  readonly instead?: SortKey;
  readonly compare: Compare;
}

const KEYS: Readonly<Record<SortKey, KeyDefinition>> = {
  tottime: { description: 'time in the function itself', compare: descending(({ self }, i) => at(self, i)) },
  cumtime: { description: 'time with everything it called', compare: descending(({ total }, i) => at(total, i)) },
  samples: {
    description: 'samples in the function itself',
    counts: 'samples',
    instead: 'ncalls',
    compare: descending(({ selfCount }, i) => at(selfCount, i)),
  },
  cumsamples: {
    description: 'samples with everything it called',
    counts: 'samples',
    instead: 'cumtime',
    compare: descending(({ totalCount }, i) => at(totalCount, i)),
  },
  ncalls: {
    description: 'calls',
    counts: 'calls',
    instead: 'samples',
    compare: descending(({ selfCount }, i) => at(selfCount, i)),
  },
  pcalls: {
    description: 'calls that were not recursive',
    counts: 'calls',
    instead: 'samples',
    compare: descending(({ totalCount }, i) => at(totalCount, i)),
  },
  percall: {
    description: 'tottime of one call',
    counts: 'calls',
    instead: 'tottime',
    compare: descending(({ self, selfCount }, i) => perCall(at(self, i), at(selfCount, i))),
  },
  cumpercall: {
    description: 'cumtime of one call that was not recursive',
    counts: 'calls',
    instead: 'cumtime',
    compare: descending(({ total, totalCount }, i) => perCall(at(total, i), at(totalCount, i))),
  },
  filename: {
    description: 'file',
    compare: ascending((fns, a, b) => compareCodePoints(at(fns.file, a), at(fns.file, b))),
  },
  line: { description: 'line', compare: ascending((fns, a, b) => at(fns.line, a) - at(fns.line, b)) },
  name: {
    description: 'name',
    compare: ascending((fns, a, b) => compareCodePoints(at(fns.name, a), at(fns.name, b))),
  },
  nfl: { description: 'name, file and line', compare: ascending(compareFunctions) },
  stdname: {
    description: 'file:line(name) as text',
    compare: ascending((fns, a, b) => compareCodePoints(standardName(fns, a), standardName(fns, b))),
  },
};

export const SORT_KEYS = Object.keys(KEYS) as readonly SortKey[];

export function describeSortKey(key: SortKey): string {
  return KEYS[key].description;
}

/** Returns the time of one call; NaN for no calls, or if the number is not known. */
export function perCall(time: number, calls: Count): number {
  // Negative counts are not known (summary.ts).
  return Number(calls) <= 0 ? Number.NaN : time / Number(calls);
}

/** The keys in words, each a key or a comma-separated list of keys. */
export function splitSortWords(words: readonly string[]): string[] {
  return words.flatMap((word) => word.split(',')).map((word) => word.trim());
}

/**
 * Parses words.
 * Throws PstatError: `query` for an unknown key, `missing-data` for one that this kind of profile does not have.
 */
export function parseSortKeys(words: readonly string[], counts: 'samples' | 'calls'): SortKey[] {
  return splitSortWords(words).map((word) => requireAnswerable(parseSortKey(word), word, counts));
}

/** Parses words, whatever the profile counts. Throws PstatError (`query`) for an unknown key. */
export function parseSortWords(words: readonly string[]): SortKey[] {
  return splitSortWords(words).map(parseSortKey);
}

/** Parses one key. Throws PstatError (`query`) for an unknown one. */
export function parseSortKey(word: string): SortKey {
  const meanings = AMBIGUOUS.get(word);
  if (meanings !== undefined) throw ambiguousSortKey(word, meanings);
  const key = WORDS.get(word);
  if (key === undefined) throw unknownSortKey(word, SORT_KEYS);
  return key;
}

/** Whether a word is a key or an abbreviation of one. */
export function isSortKey(word: string): boolean {
  return WORDS.has(word);
}

function requireAnswerable(key: SortKey, word: string, counts: 'samples' | 'calls'): SortKey {
  const { counts: needs, instead } = KEYS[key];
  if (needs === undefined || needs === counts || instead === undefined) return key;
  const why = { samples: 'this profile counts samples, not calls', calls: 'this profile counts calls, not samples' };
  throw unanswerableSortKey(word, why[counts], instead);
}

/** The order of items, and how many to return. */
export interface Sorting {
  readonly keys: readonly SortKey[];
  /** Whether the order is reversed, ties too. */
  readonly reverse: boolean;
  readonly count: number;
}

/**
 * Returns the first items in order: by each key in turn, figures then by cumtime, then by name, file, line and column;
 * unknown values last.
 * The order is total, so that the same file gives the same bytes.
 */
export function firstSorted(items: readonly number[], sortable: Sortable, { keys, reverse, count }: Sorting): number[] {
  const tie = isFigure(keys.at(-1)) ? [KEYS.cumtime.compare] : [];
  const compares = [...keys.map((key) => KEYS[key].compare), ...tie, ascending(compareFunctions)];
  const sign = reverse ? -1 : 1;
  const inOrder = (a: number, b: number) => {
    for (const compare of compares) {
      const result = compare(sortable, a, b);
      if (result !== 0) return sign * result;
    }
    return sign * (a - b);
  };
  const first = [...items];
  // Select the first few of thousands, then sort only those.
  if (count > 0 && count < first.length) quickselect(first, count - 1, 0, first.length - 1, inOrder);
  return first.slice(0, count).sort(inOrder);
}

const TEXT_KEYS: ReadonlySet<SortKey> = new Set(['filename', 'line', 'name', 'nfl', 'stdname']);

function isFigure(key: SortKey | undefined): boolean {
  return key !== undefined && !TEXT_KEYS.has(key);
}

/** Counts beyond 2^53 are bigints, which JavaScript compares with numbers exactly. */
function descending(columnValue: (metrics: Metrics, item: number) => Count): Compare {
  return ({ metrics }, a, b) => {
    const x = columnValue(metrics, a);
    const y = columnValue(metrics, b);
    const unknown = Number(Number.isNaN(x)) - Number(Number.isNaN(y));
    if (unknown !== 0) return unknown;
    return x > y ? -1 : x < y ? 1 : 0;
  };
}

function ascending(compare: (functions: FunctionTable, a: FunctionIndex, b: FunctionIndex) => number): Compare {
  return ({ functions, functionOf }, a, b) => compare(functions, functionOf(a), functionOf(b));
}

// ---- words ---------------------------------------------------------------------------------------------------------

/**
 * pstats' words, each with its shortest abbreviation. pstats drops letters from the end until the prefix is taken, so
 * `cu` works and `c`, `n`, `t` do not (get_sort_arg_defs in https://github.com/python/cpython/blob/main/Lib/pstats.py).
 * There `cum` fails although both candidates mean the same; here it works.
 */
const PSTATS_WORDS: readonly (readonly [word: string, shortest: string, key: PstatsKey])[] = [
  ['calls', 'ca', 'ncalls'],
  ['ncalls', 'nc', 'ncalls'],
  ['cumtime', 'cu', 'cumtime'],
  ['cumulative', 'cu', 'cumtime'],
  ['filename', 'f', 'filename'],
  ['line', 'l', 'line'],
  ['module', 'm', 'filename'],
  ['name', 'na', 'name'],
  ['nfl', 'nf', 'nfl'],
  ['pcalls', 'p', 'pcalls'],
  ['stdname', 's', 'stdname'],
  ['time', 'ti', 'tottime'],
  ['tottime', 'to', 'tottime'],
];

/** pstats' words, in its own order. */
export const PSTATS_KEYS: readonly string[] = PSTATS_WORDS.map(([word]) => word);

/** Parses one of pstats' words or abbreviations only. Throws PstatError (`query`) for any other. */
export function parsePstatsKey(word: string): PstatsKey {
  const [, , key] = PSTATS_WORDS.find(([full, shortest]) => full.startsWith(word) && word.startsWith(shortest)) ?? [];
  const meanings = AMBIGUOUS.get(word);
  if (meanings !== undefined) throw ambiguousSortKey(word, meanings);
  if (key === undefined) throw unknownSortKey(word, PSTATS_KEYS);
  return key;
}

const OWN_WORDS: readonly (readonly [word: string, key: SortKey])[] = [
  ['self', 'tottime'],
  ['flat', 'tottime'],
  ['total', 'cumtime'],
  ['samples', 'samples'],
  ['cumsamples', 'cumsamples'],
  ['percall', 'percall'],
  ['cumpercall', 'cumpercall'],
];

/** prefix that pstats rejects as ambiguous -> words that begin with it */
const AMBIGUOUS: ReadonlyMap<string, readonly string[]> = new Map([
  ['c', ['calls', 'cumtime']],
  ['n', ['ncalls', 'name', 'nfl']],
  ['t', ['time', 'tottime']],
]);

/** word or abbreviation -> the key it means */
const WORDS: ReadonlyMap<string, SortKey> = new Map([
  ...PSTATS_WORDS.flatMap(([word, shortest, key]) =>
    listPrefixes(word, shortest).map((prefix) => [prefix, key] as const),
  ),
  ...OWN_WORDS.map(([word, key]) => [word, key] as const),
]);

function listPrefixes(word: string, shortest: string): string[] {
  return Array.from({ length: word.length - shortest.length + 1 }, (_, i) => word.slice(0, shortest.length + i));
}
