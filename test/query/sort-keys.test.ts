/** Tests sort keys and the order of rows. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PstatError } from '../../src/base/errors.ts';
import { type FunctionInfo, FunctionTableBuilder } from '../../src/model/function-table.ts';
import {
  describeSortKey,
  firstSorted,
  parseSortKeys,
  perCall,
  SORT_KEYS,
  type Sortable,
  type SortKey,
} from '../../src/query/sort-keys.ts';

describe("pstats' words and abbreviations", () => {
  /** pstats' table with every abbreviation, and `cum`, which is ambiguous in pstats. */
  const ACCEPTED: Readonly<Partial<Record<SortKey, string>>> = {
    ncalls: 'ca cal call calls nc nca ncal ncall ncalls',
    cumtime: 'cu cum cumt cumti cumtim cumtime cumu cumul cumula cumulat cumulati cumulativ cumulative',
    filename: 'f fi fil file filen filena filenam filename m mo mod modu modul module',
    line: 'l li lin line',
    name: 'na nam name',
    nfl: 'nf nfl',
    pcalls: 'p pc pca pcal pcall pcalls',
    stdname: 's st std stdn stdna stdnam stdname',
    tottime: 'ti tim time to tot tott totti tottim tottime',
  };
  const meanings = Object.entries(ACCEPTED).flatMap(([key, words]) => words.split(' ').map((word) => [word, key]));

  test.each(meanings)('%s means %s', (word, key) => expect(parseSortKeys([word ?? ''], 'calls')).toEqual([key]));

  test.each(['c', 'n', 't', 'tt', '', ' ', 'zzz', 'Tottime', 'callsx', '-1', '__proto__', 'constructor'])(
    "'%s' is rejected",
    (word) => expect(errorOf([word], 'calls').kind).toBe('query'),
  );

  test('an ambiguous prefix is rejected with its meanings', () => {
    expect(errorOf(['c'], 'calls').message).toMatch(/calls.*cumtime/);
    expect(errorOf(['n'], 'calls').message).toMatch(/ncalls.*name.*nfl/);
  });

  test('an unknown word is rejected with all keys', () => {
    const { message } = errorOf(['zzz'], 'calls');
    expect(message).toContain("'zzz'");
    for (const key of SORT_KEYS) expect(message).toContain(key);
  });

  test('other prefixes are rejected', () => {
    const words = 'self flat total samples cumsamples percall cumpercall'.split(' ');
    const known = new Set([...meanings.map(([word]) => word), ...words]);
    const beginnings = [...known].flatMap((word = '') => [...word].map((_, i) => word.slice(0, i + 1)));
    const taken = [...new Set(beginnings)].filter((word) => accepts(word, 'calls') || accepts(word, 'samples'));
    expect(taken.toSorted()).toEqual([...known].toSorted());
  });
});

describe('further words', () => {
  test.each<[string, SortKey]>([
    ['self', 'tottime'],
    ['time', 'tottime'],
    ['flat', 'tottime'],
    ['total', 'cumtime'],
    ['cumulative', 'cumtime'],
    ['cum', 'cumtime'],
    ['samples', 'samples'],
    ['cumsamples', 'cumsamples'],
  ])('%s means %s', (word, key) => expect(parseSortKeys([word], 'samples')).toEqual([key]));
});

describe('several keys', () => {
  test('may be comma-separated or several words', () =>
    expect(parseSortKeys(['cum,calls', ' name , l'], 'calls')).toEqual(['cumtime', 'ncalls', 'name', 'line']));

  test('are each checked', () => expect(errorOf(['cum,zzz'], 'calls').message).toContain("'zzz'"));
  test('must not be empty', () => expect(errorOf(['cum,'], 'calls').kind).toBe('query'));
});

describe('a key that the profile does not have', () => {
  test.each(['ncalls', 'calls', 'pcalls', 'percall', 'cumpercall', 'nc'])('%s, for samples', (word) => {
    const { kind, message } = errorOf([word], 'samples');
    expect(kind).toBe('missing-data');
    expect(message).toContain(word);
    expect(message).toMatch(/samples, not calls/);
    expect(accepts(advice(message), 'samples')).toBe(true);
  });

  test.each(['samples', 'cumsamples'])('%s, for calls', (word) => {
    const { kind, message } = errorOf([word], 'calls');
    expect(kind).toBe('missing-data');
    expect(message).toMatch(/calls, not samples/);
    expect(accepts(advice(message), 'calls')).toBe(true);
  });

  test('is one of these; all others apply to both kinds', () => {
    const both = SORT_KEYS.filter((key) => accepts(key, 'samples') && accepts(key, 'calls'));
    expect(both.toSorted()).toEqual('cumtime filename line name nfl stdname tottime'.split(' '));
  });

  const advice = (message: string) => /use (\S+)$/.exec(message)?.[1] ?? '';
});

test('every key has its own description', () =>
  expect(new Set(SORT_KEYS.map(describeSortKey)).size).toBe(SORT_KEYS.length));

// ---- order ---------------------------------------------------------------------------------------------------------

interface Thing extends FunctionInfo {
  readonly self: number;
  readonly total: number;
  readonly selfCount: number | bigint;
  readonly totalCount: number | bigint;
}

const NOTHING: Thing = {
  kind: 'js',
  name: 'f',
  file: 'app.js',
  line: 1,
  column: 1,
  self: 0,
  total: 0,
  selfCount: 0,
  totalCount: 0,
};

function sortable(things: readonly Thing[]): Sortable {
  const functions = new FunctionTableBuilder();
  const rows = things.map(({ kind, name, file, line, column }) => functions.intern({ kind, name, file, line, column }));
  return {
    metrics: {
      self: things.map(({ self }) => self),
      total: things.map(({ total }) => total),
      selfCount: things.map(({ selfCount }) => selfCount),
      totalCount: things.map(({ totalCount }) => totalCount),
      selfSquares: null,
      totalSquares: null,
    },
    functionOf: (thing) => rows[thing] ?? -1,
    functions: functions.finish(),
  };
}

/** Sorts things by these keys. */
function inOrder(things: readonly Partial<Thing>[], ...keys: SortKey[]): number[] {
  const whole = things.map((thing) => ({ ...NOTHING, ...thing }));
  return sorted(whole.keys(), sortable(whole), keys, false);
}

describe('numeric keys', () => {
  test.each<[SortKey, keyof Thing]>([
    ['tottime', 'self'],
    ['cumtime', 'total'],
    ['samples', 'selfCount'],
    ['cumsamples', 'totalCount'],
    ['ncalls', 'selfCount'],
    ['pcalls', 'totalCount'],
  ])('%s: descending, unknown last', (key, column) => {
    expect(inOrder([{ [column]: 2 }, { [column]: Number.NaN }, { [column]: 10 }, { [column]: -1 }], key)).toEqual([
      2, 0, 3, 1,
    ]);
  });

  test('counts beyond 2^53 compare exactly', () => {
    const counts = [2n ** 53n + 1n, 2 ** 53 - 1, 2n ** 53n + 2n, 2n ** 53n];
    expect(
      inOrder(
        counts.map((selfCount) => ({ selfCount })),
        'ncalls',
      ),
    ).toEqual([2, 0, 3, 1]);
  });

  test('percall is tottime ÷ calls, cumpercall is cumtime ÷ primitive calls; no calls are last', () => {
    const things = [
      { self: 10, selfCount: 10, total: 10, totalCount: 1 },
      { self: 9, selfCount: 3, total: 9, totalCount: 9 },
      { self: 99, selfCount: 0, total: 99, totalCount: 0 },
    ];
    expect(inOrder(things, 'percall')).toEqual([1, 0, 2]);
    expect(inOrder(things, 'cumpercall')).toEqual([0, 1, 2]);
    expect(perCall(1, 2n)).toBe(0.5);
    expect(perCall(1, 0)).toBeNaN();
  });
});

describe('words', () => {
  test('filename, name: ascending, capitals first', () => {
    expect(inOrder([{ file: 'b' }, { file: 'a' }, { file: 'B' }], 'filename')).toEqual([2, 1, 0]);
    expect(inOrder([{ name: 'b' }, { name: '' }, { name: 'a' }], 'name')).toEqual([1, 2, 0]);
  });

  test('line: by number', () => expect(inOrder([{ line: 10 }, { line: 9 }, { line: 0 }], 'line')).toEqual([2, 1, 0]));

  test('nfl: name, then file, then line', () => {
    const things = [
      { name: 'g', file: 'a', line: 1 },
      { name: 'f', file: 'b', line: 1 },
      { name: 'f', file: 'a', line: 10 },
      { name: 'f', file: 'a', line: 9 },
    ];
    expect(inOrder(things, 'nfl')).toEqual([3, 2, 1, 0]);
  });

  test('stdname: by text, so that line 10 comes before line 9', () =>
    expect(inOrder([{ line: 9 }, { line: 10 }, { file: 'a' }], 'stdname')).toEqual([2, 1, 0]));

  test("stdname: Python's built-ins in braces", () => {
    const builtin = { kind: 'python', name: '<built-in len>', file: '~', line: 0 } as const;
    // '{' comes after every letter and before '~'.
    expect(inOrder([{ file: '~home' }, builtin, { file: 'z' }], 'stdname')).toEqual([2, 1, 0]);
  });

  test('by code point: characters beyond U+FFFF come last', () =>
    expect(inOrder([{ name: '\u{1f680}' }, { name: '\uff5e' }, { name: '\ud7ff' }], 'name')).toEqual([2, 1, 0]));

  test('by code point, as lists of code points compare', () => {
    const unicode = fc.string({ unit: fc.constantFrom('a', '\ud7ff', '\ue000', '\uff5e', '\u{10000}', '\u{1f680}') });
    fc.assert(
      fc.property(fc.uniqueArray(unicode, { maxLength: 8 }), (names) => {
        const order = inOrder(
          names.map((name) => ({ name })),
          'name',
        );
        const points = names.toSorted((a, b) => comparePoints([...a], [...b]));
        expect(order.map((i) => names[i])).toEqual(points);
      }),
    );
  });

  function comparePoints(a: readonly string[], b: readonly string[]): number {
    const differs = a.findIndex((point, i) => point !== b[i]);
    if (differs === -1) return a.length - b.length;
    const other = b[differs];
    return other === undefined ? 1 : (a[differs]?.codePointAt(0) ?? 0) - (other.codePointAt(0) ?? 0);
  }
});

describe('ties', () => {
  test('are broken by the next key', () => {
    const things = [
      { self: 1, total: 5 },
      { self: 2, total: 1 },
      { self: 1, total: 9 },
    ];
    expect(inOrder(things, 'tottime', 'cumtime')).toEqual([1, 2, 0]);
  });

  test('of figures are broken by cumtime before the name', () => {
    const things = [
      { name: 'a', self: 1, total: 5 },
      { name: 'b', self: 1, total: 9 },
    ];
    expect(inOrder(things, 'tottime')).toEqual([1, 0]);
    expect(inOrder(things, 'line')).toEqual([0, 1]);
  });

  test('are broken by name, file and line, ascending', () => {
    const things = [
      { name: 'g', file: 'a', line: 1 },
      { name: 'f', file: 'b', line: 1 },
      { name: 'f', file: 'a', line: 10 },
      { name: 'f', file: 'a', line: 9 },
    ];
    for (const key of ['tottime', 'cumtime', 'ncalls', 'percall'] as const) {
      expect(inOrder(things, key)).toEqual([3, 2, 1, 0]);
    }
  });

  test('of unknown values are broken, too', () => {
    const unknown = { self: Number.NaN };
    expect(
      inOrder(
        [
          { ...unknown, name: 'b' },
          { ...unknown, name: 'a' },
          { self: 0, name: 'c' },
        ],
        'tottime',
      ),
    ).toEqual([2, 1, 0]);
  });
});

describe('every order', () => {
  const figure = fc.oneof(fc.constantFrom(0, 1, 2, Number.NaN), fc.nat(5));
  const count = fc.oneof(figure, fc.constantFrom(1n, 2n ** 53n, 2n ** 60n));
  const thing: fc.Arbitrary<Thing> = fc.record({
    kind: fc.constant('js' as const),
    name: fc.constantFrom('f', 'g', ''),
    file: fc.constantFrom('a.js', 'b.js', '~'),
    line: fc.constantFrom(0, 9, 10),
    column: fc.constantFrom(1, 2),
    self: figure,
    total: figure,
    selfCount: count,
    totalCount: count,
  });
  /** Different functions, as rows always are. */
  const things = fc.uniqueArray(thing, {
    selector: ({ name, file, line, column }) => JSON.stringify([name, file, line, column]),
    maxLength: 12,
    size: 'max',
  });
  const keys = fc.array(fc.constantFrom(...SORT_KEYS), { minLength: 1, maxLength: 3 });

  test('does not depend on the input order', () => {
    const shuffles = things.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray([...all.keys()], { minLength: all.length })),
    );
    fc.assert(
      fc.property(shuffles, keys, ([all, shuffle], by) => {
        const straight = sorted(all.keys(), sortable(all), by, false).map((i) => all[i]);
        const shuffled = shuffle.map((i) => all[i] ?? NOTHING);
        expect(sorted(shuffled.keys(), sortable(shuffled), by, false).map((i) => shuffled[i])).toEqual(straight);
        expect(sorted(shuffle, sortable(all), by, false).map((i) => all[i])).toEqual(straight);
      }),
      { numRuns: 150 },
    );
  });

  test('has every item once, and is reversed by `reverse`', () => {
    fc.assert(
      fc.property(things, keys, (all, by) => {
        const order = sorted(all.keys(), sortable(all), by, false);
        expect(order.toSorted((a, b) => a - b)).toEqual([...all.keys()]);
        expect(sorted(all.keys(), sortable(all), by, true)).toEqual(order.toReversed());
      }),
    );
  });

  test('has the same beginning for every count', () => {
    fc.assert(
      fc.property(things, keys, fc.nat(14), fc.boolean(), (all, by, count, reverse) => {
        const whole = sorted(all.keys(), sortable(all), by, reverse);
        expect(firstSorted([...all.keys()], sortable(all), { keys: by, reverse, count })).toEqual(
          whole.slice(0, count),
        );
      }),
      { numRuns: 150 },
    );
  });

  test('is by the first key, descending, unknown last', () => {
    fc.assert(
      fc.property(things, keys, (all, by) => {
        const order = sorted(all.keys(), sortable(all), ['tottime', ...by], false).map((i) => all[i]?.self ?? 0);
        const known = order.filter((self) => !Number.isNaN(self));
        expect(order.slice(0, known.length)).toEqual(known.toSorted((a, b) => b - a));
      }),
    );
  });
});

// ---- support -------------------------------------------------------------------------------------------------------

function sorted(things: Iterable<number>, of: Sortable, keys: readonly SortKey[], reverse: boolean): number[] {
  return firstSorted([...things], of, { keys, reverse, count: Number.POSITIVE_INFINITY });
}

function accepts(word: string, counts: 'samples' | 'calls'): boolean {
  try {
    return parseSortKeys([word], counts).length === 1;
  } catch (error) {
    if (error instanceof PstatError) return false;
    throw error;
  }
}

function errorOf(words: readonly string[], counts: 'samples' | 'calls'): PstatError {
  try {
    parseSortKeys(words, counts);
  } catch (error) {
    if (error instanceof PstatError) return error;
    throw error;
  }
  throw new Error(`${words.join()} is accepted`);
}
