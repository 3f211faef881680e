/**
 * What one can sort by. pstats' words and abbreviations keep pstats' meaning (`tot` is tottime, `s` is stdname);
 * V8's words are accepted beside them.
 */

import quickselect from 'quickselect';
import { ambiguousSortKey, unanswerableSortKey, unknownSortKey } from '../base/errors.ts';
import { compareCodePoints } from '../base/text.ts';
import type { Metrics } from '../model/call-graph.ts';
import { at } from '../model/columns.ts';
import type { Count } from '../model/count.ts';
import type { FunctionIndex, FunctionTable } from '../model/function-table.ts';
import { standardName } from './places.ts';

/** Every word that is not an alias. */
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

/** Things to be sorted, functions or edges: thing -> figures and the function it is shown as. */
export interface Sortable {
  readonly figures: Metrics;
  readonly functionOf: (thing: number) => FunctionIndex;
  readonly functions: FunctionTable;
}

type Compare = (sortable: Sortable, a: number, b: number) => number;

interface KeyDefinition {
  readonly description: string;
  /** The only profiles that hold it; missing for any. */
  readonly counts?: 'samples' | 'calls';
  /** What to sort by in the other kind of profile. */
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
    compare: descending(({ selfCount: count }, i) => at(count, i)),
  },
  cumsamples: {
    description: 'samples with everything it called',
    counts: 'samples',
    instead: 'cumtime',
    compare: descending(({ totalCount: subcount }, i) => at(subcount, i)),
  },
  ncalls: {
    description: 'calls',
    counts: 'calls',
    instead: 'samples',
    compare: descending(({ selfCount: count }, i) => at(count, i)),
  },
  pcalls: {
    description: 'calls that were not recursive',
    counts: 'calls',
    instead: 'samples',
    compare: descending(({ totalCount: subcount }, i) => at(subcount, i)),
  },
  percall: {
    description: 'tottime of one call',
    counts: 'calls',
    instead: 'tottime',
    compare: descending(({ self, selfCount: count }, i) => perCall(at(self, i), at(count, i))),
  },
  cumpercall: {
    description: 'cumtime of one call that was not recursive',
    counts: 'calls',
    instead: 'cumtime',
    compare: descending(({ total, totalCount: subcount }, i) => perCall(at(total, i), at(subcount, i))),
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

/** Time of one call; NaN when there was none, or when it is not known. */
export function perCall(time: number, calls: Count): number {
  return Number(calls) === 0 ? Number.NaN : time / Number(calls);
}

/**
 * The keys behind what the user wrote, each word possibly a list with commas.
 * Throws PstatError: `query` for no key, `missing-data` for one that this kind of profile cannot answer.
 */
export function parseSortKeys(words: readonly string[], counts: 'samples' | 'calls'): SortKey[] {
  return words
    .flatMap((word) => word.split(','))
    .map((word) => requireAnswerable(parseSortKey(word.trim()), word.trim(), counts));
}

/** The key behind one word. Throws PstatError (`query`) for none. */
export function parseSortKey(word: string): SortKey {
  const meanings = AMBIGUOUS.get(word);
  if (meanings !== undefined) throw ambiguousSortKey(word, meanings);
  const key = WORDS.get(word);
  if (key === undefined) throw unknownSortKey(word, SORT_KEYS);
  return key;
}

function requireAnswerable(key: SortKey, word: string, counts: 'samples' | 'calls'): SortKey {
  const { counts: needs, instead } = KEYS[key];
  if (needs === undefined || needs === counts || instead === undefined) return key;
  const why = { samples: 'this profile counts samples, not calls', calls: 'this profile counts calls, not samples' };
  throw unanswerableSortKey(word, why[counts], instead);
}

/** How things are to be sorted, and how many of them are wanted. */
export interface Sorting {
  readonly keys: readonly SortKey[];
  /** Whether all of the order is turned round. */
  readonly reverse: boolean;
  readonly count: number;
}

/**
 * The first things in order: by each key in turn, then name, file, line, column; unknown figures last. A total order, so
 * the same file gives the same bytes.
 */
export function firstSorted(
  things: readonly number[],
  sortable: Sortable,
  { keys, reverse, count }: Sorting,
): number[] {
  const compares = [...keys.map((key) => KEYS[key].compare), ascending(compareFunctions)];
  const sign = reverse ? -1 : 1;
  const inOrder = (a: number, b: number) => {
    for (const compare of compares) {
      const result = compare(sortable, a, b);
      if (result !== 0) return sign * result;
    }
    return sign * (a - b);
  };
  const first = [...things];
  // Twenty of thousands are found, and only they are sorted.
  if (count > 0 && count < first.length) quickselect(first, count - 1, 0, first.length - 1, inOrder);
  return first.slice(0, count).sort(inOrder);
}

/** Counts beyond 2^53 are bigints; JavaScript compares them with numbers exactly. */
function descending(figure: (figures: Metrics, thing: number) => Count): Compare {
  return ({ figures }, a, b) => {
    const x = figure(figures, a);
    const y = figure(figures, b);
    const unknown = Number(Number.isNaN(x)) - Number(Number.isNaN(y));
    if (unknown !== 0) return unknown;
    return x > y ? -1 : x < y ? 1 : 0;
  };
}

function ascending(compare: (functions: FunctionTable, a: FunctionIndex, b: FunctionIndex) => number): Compare {
  return ({ functions, functionOf }, a, b) => compare(functions, functionOf(a), functionOf(b));
}

function compareFunctions(functions: FunctionTable, a: FunctionIndex, b: FunctionIndex): number {
  return (
    compareCodePoints(at(functions.name, a), at(functions.name, b)) ||
    compareCodePoints(at(functions.file, a), at(functions.file, b)) ||
    at(functions.line, a) - at(functions.line, b) ||
    at(functions.column, a) - at(functions.column, b)
  );
}

// ---- words ---------------------------------------------------------------------------------------------------------

/**
 * pstats' words and the shortest abbreviation of each that pstats takes. It builds its table by dropping letters from
 * the end until a prefix is taken, so `cu` works and `c`, `n`, `t` do not. `cum` fails there though both candidates
 * mean the same; here it works.
 */
const PSTATS_WORDS: readonly (readonly [word: string, shortest: string, key: SortKey])[] = [
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

/** The words that pstats takes, in its own order. */
export const PSTATS_KEYS: readonly string[] = PSTATS_WORDS.map(([word]) => word);

/** The key behind one of pstats' words or its abbreviations, and no other. Throws PstatError (`query`) for none. */
export function parsePstatsKey(word: string): SortKey {
  const [, , key] = PSTATS_WORDS.find(([whole, shortest]) => whole.startsWith(word) && word.startsWith(shortest)) ?? [];
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

/** Beginnings that pstats refuses -> the words they might begin. */
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
