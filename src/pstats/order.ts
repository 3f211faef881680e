/** The sort orders of pstats and their descriptions. */

import { PstatError } from '../base/errors.ts';
import { compareCodePoints } from '../base/text.ts';
import type { Count } from '../model/count.ts';
import { unanswerableSortKey, unknownSortKey } from '../query/errors.ts';
import { PSTATS_KEYS, type PstatsKey, parsePstatsKey } from '../query/sort-keys.ts';
import type { Entry, PythonFunction } from './dictionary.ts';

/** Sorted functions and the description of the order: `internal time, call count`. */
export interface Order {
  readonly description: string;
  readonly functions: readonly PythonFunction[];
}

interface Key {
  readonly description: string;
  readonly compare: (a: Entry, b: Entry) => number;
}

const CALLS: Key = { description: 'call count', compare: descending(({ numbers }) => numbers.calls) };
const PRIMITIVE: Key = { description: 'primitive call count', compare: descending(({ numbers }) => numbers.primitive) };

const KEYS: Readonly<Record<PstatsKey, Key>> = {
  ncalls: CALLS,
  pcalls: PRIMITIVE,
  tottime: { description: 'internal time', compare: descending(({ numbers }) => numbers.own) },
  cumtime: { description: 'cumulative time', compare: descending(({ numbers }) => numbers.cumulative) },
  filename: { description: 'file name', compare: byFile },
  line: { description: 'line number', compare: byLine },
  name: { description: 'function name', compare: byName },
  nfl: { description: 'name/file/line', compare: (a, b) => byName(a, b) || byFile(a, b) || byLine(a, b) },
  stdname: { description: 'standard name', compare: (a, b) => compareCodePoints(a.fn.printed, b.fn.printed) },
};

/** Python 3.15's keys for sampled profiles; they replace the keys that count calls. */
const SAMPLED_KEYS: ReadonlyMap<string, Key> = new Map([
  ['samples', { ...CALLS, description: 'sample count' }],
  ['nsamples', { ...CALLS, description: 'sample count' }],
  ['psamples', { ...PRIMITIVE, description: 'primitive sample count' }],
]);

/** Numbers that pstats accepts for keys, for compatibility; only alone. */
const NUMBERED: ReadonlyMap<string, string> = new Map([
  ['-1', 'stdname'],
  ['0', 'calls'],
  ['1', 'time'],
  ['2', 'cumulative'],
]);

/**
 * Sorts entries by keys, the most important first. Ties stay in file order. Throws PstatError: `query` for a key that
 * pstats does not have, `missing-data` for calls of a sampled profile.
 */
export function sortEntries(entries: Iterable<Entry>, words: readonly string[], counts: 'samples' | 'calls'): Order {
  const [only = ''] = words;
  const meant = words.length === 1 ? [NUMBERED.get(only) ?? only] : words;
  const keys = meant.map((word) => parseKey(word, counts));
  const sorted = [...entries].sort((a, b) => keys.reduce((result, { compare }) => result || compare(a, b), 0));
  return {
    description: keys.map(({ description }) => description).join(', '),
    functions: sorted.map(({ fn }) => fn),
  };
}

/** The keys of pstats for this kind of profile, in its own order, each with its meaning. */
export function describeKeys(counts: 'samples' | 'calls'): readonly (readonly [word: string, meaning: string])[] {
  const shared = PSTATS_KEYS.map((word) => [word, KEYS[parsePstatsKey(word)]] as const);
  const own = counts === 'calls' ? [] : [...SAMPLED_KEYS];
  return [...own, ...shared]
    .filter(([, key]) => counts === 'calls' || (key !== CALLS && key !== PRIMITIVE))
    .map(([word, key]) => [word, key.description] as const);
}

/** Whether the browser of pstats accepts the key: not a number, and not `cum`, which its table lacks. */
export function isKey(word: string, counts: 'samples' | 'calls'): boolean {
  if (word === 'cum') return false;
  try {
    parseKey(word, counts);
    return true;
  } catch (error) {
    if (error instanceof PstatError) return false;
    throw error;
  }
}

function parseKey(word: string, counts: 'samples' | 'calls'): Key {
  const sampled = SAMPLED_KEYS.get(word);
  if (sampled !== undefined) {
    if (counts === 'calls') throw unknownSortKey(word, PSTATS_KEYS);
    return sampled;
  }
  const key = parsePstatsKey(word);
  if (counts === 'samples' && (key === 'ncalls' || key === 'pcalls'))
    throw unanswerableSortKey(
      word,
      'this profile counts samples, not calls',
      key === 'ncalls' ? 'samples' : 'psamples',
    );
  return KEYS[key];
}

/** Compares from high to low. NaN compares equal to everything, as in Python. */
function descending(figure: (entry: Entry) => Count): Key['compare'] {
  return (a, b) => {
    const [x, y] = [figure(a), figure(b)];
    return x < y ? 1 : x > y ? -1 : 0;
  };
}

function byFile(a: Entry, b: Entry): number {
  return compareCodePoints(a.fn.file, b.fn.file);
}

function byLine(a: Entry, b: Entry): number {
  return a.fn.line - b.fn.line;
}

function byName(a: Entry, b: Entry): number {
  return compareCodePoints(a.fn.name, b.fn.name);
}

/** The order of callers and callees in pstats: by file, line and name, independent of the sort keys. */
export function compareFunctions(a: PythonFunction, b: PythonFunction): number {
  return compareCodePoints(a.file, b.file) || a.line - b.line || compareCodePoints(a.name, b.name);
}
