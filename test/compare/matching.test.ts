import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matchFunctions } from '../../src/compare/matching.ts';
import { type FunctionTable, FunctionTableBuilder } from '../../src/model/function-table.ts';

/** `file:line name` each; `file:line:column name` where it matters. */
function table(places: readonly string[]): FunctionTable {
  const builder = new FunctionTableBuilder();
  for (const place of places) {
    const [, file = '', line = '0', column = '1', name = ''] = /^(.*?):(\d+)(?::(\d+))? ([^ ]*)$/.exec(place) ?? [];
    builder.intern({ kind: 'js', name, file, line: Number(line), column: Number(column) });
  }
  return builder.finish();
}

/** `before → after status`, in the order of the list before, then what is new. */
function matched(before: readonly string[], after: readonly string[]): string[] {
  return matchFunctions(table(before), table(after))
    .toSorted((a, b) => (a.before === -1 ? 1e9 + a.after : a.before) - (b.before === -1 ? 1e9 + b.after : b.before))
    .map((match) => `${before[match.before] ?? '-'} → ${after[match.after] ?? '-'} ${match.status}`);
}

/** Each function to the one at the same place of the other list, with this status. */
function allTo(status: string, before: readonly string[], after: readonly string[]): void {
  expect(matched(before, after)).toEqual(before.map((place, i) => `${place} → ${after[i]} ${status}`));
}

describe('one function stays one function', () => {
  test('where nothing moved', () => {
    allTo('matched', ['/app/x.js:1 f', '/app/x.js:9 g', ':0 writev'], ['/app/x.js:1 f', '/app/x.js:9 g', ':0 writev']);
  });

  test('at another line', () => {
    allTo('moved', ['/app/x.js:33 serialize'], ['/app/x.js:49 serialize']);
  });

  test('at another column, as in a bundle', () => {
    allTo('moved', ['/app/x.js:1:700 f', '/app/x.js:1:900 f'], ['/app/x.js:1:705 f', '/app/x.js:1:930 f']);
  });

  test('among namesakes, in order of their lines', () => {
    allTo(
      'moved',
      ['/app/x.js:10 f', '/app/x.js:20 f', '/app/x.js:30 f'],
      ['/app/x.js:12 f', '/app/x.js:22 f', '/app/x.js:39 f'],
    );
  });

  test('among namesakes whose lines differ in length, in whatever order the profiles hold them', () => {
    expect(matched(['/app/x.js:100 f', '/app/x.js:9 f'], ['/app/x.js:11 f', '/app/x.js:102 f'])).toEqual([
      '/app/x.js:100 f → /app/x.js:102 f moved',
      '/app/x.js:9 f → /app/x.js:11 f moved',
    ]);
  });

  test('among namesakes of which one did not move', () => {
    expect(matched(['/app/x.js:10 f', '/app/x.js:20 f'], ['/app/x.js:20 f'])).toEqual([
      '/app/x.js:10 f → - removed',
      '/app/x.js:20 f → /app/x.js:20 f matched',
    ]);
  });

  test.each([
    ['a query', '/app/x.js?v=1:1 f', '/app/x.js?v=2:1 f'],
    ['a fragment', '/app/x.js#a:1 f', '/app/x.js:1 f'],
    ['a hash', '/app/main.3f2a9c1b.js:1 f', '/app/main.77aa9c1b.js:4 f'],
    ['a hash behind a dash', '/app/index-B2xKd9a1.js:1 f', '/app/index-C7yQe0b4.js:1 f'],
    ['a hash of capitals', '/app/main-ABCDEFGH.js:1 f', '/app/main-HGFEDCBA.js:4 f'],
    ['a hash before ._.js', '/app/ssr__3f2a9c1b._.js:1 f', '/app/ssr__77aa9c1b._.js:4 f'],
    ['a hash before .chunk.js', '/app/main.3f2a9c1b.chunk.js:1 f', '/app/main.77aa9c1b.chunk.js:4 f'],
    ['a hash before .bundle.js', '/app/vendors-8f19653a72.bundle.js:1 f', '/app/vendors-0019653a72.bundle.js:1 f'],
    ['a hash before .chunk.min.mjs', '/app/a.3f2a9c1b.chunk.min.mjs:1 f', '/app/a.77aa9c1b.chunk.min.mjs:1 f'],
    ['Deno’s folder', '/d/npm/r.example/a/12.0.2/x.js:1 f', '/d/npm/r.example/a/12.1.0/x.js:1 f'],
    ['a version folder', '/opt/app/1.2.3/x.js:1 f', '/opt/app/1.3.0/x.js:1 f'],
    ['a version folder with a v', '/opt/app/v1.2.3/x.js:1 f', '/opt/app/v1.2.4-rc1/x.js:2 f'],
    ['pnpm’s folder', '/a/node_modules/.pnpm/express@4.18.1/x.js:1 f', '/a/node_modules/.pnpm/express@4.19.0/x.js:1 f'],
    ['Python’s own', '/usr/lib/python3.11/json/encoder.py:205 f', '/usr/lib/python3.12/json/encoder.py:215 f'],
    ['a root in a file URL', 'file:///srv/app/x.js:1 f', '/home/ci/app/x.js:1 f'],
    ['a drive', 'C:\\src\\app\\x.js:1 f', 'D:\\ci\\app\\x.js:1 f'],
  ])('in a path that differs by %s', (_, before, after) => {
    allTo('moved', [before], [after]);
  });

  test('below another root', () => {
    allTo(
      'moved',
      ['/srv/app/x.js:1 f', '/srv/app/lib/y.js:1 g'],
      ['/home/ci/app/x.js:1 f', '/home/ci/app/lib/y.js:1 g'],
    );
  });

  test('in a file of another name that holds at least half of its functions', () => {
    expect(
      matched(
        ['/a/work.js:1 f', '/a/work.js:2 g', '/a/work.js:3 compare'],
        ['/a/jobs.js:2 f', '/a/jobs.js:3 g', '/a/jobs.js:4 comparator'],
      ),
    ).toEqual([
      '/a/work.js:1 f → /a/jobs.js:2 f moved',
      '/a/work.js:2 g → /a/jobs.js:3 g moved',
      '/a/work.js:3 compare → - removed',
      '- → /a/jobs.js:4 comparator new',
    ]);
  });

  test('below a root whose last folder differs', () => {
    allTo('moved', ['/srv/app-1/a.js:1 f', '/srv/app-1/b.js:1 g'], ['/srv/app-2/a.js:1 f', '/srv/app-2/b.js:1 g']);
  });

  test('below a root that is longer on one side, for fewer files ran there', () => {
    expect(
      matched(
        ['/srv/app/lib/a.js:1 f', '/srv/app/main.js:1 main'],
        ['/home/app/lib/a.js:1 f', '/home/app/lib/b.js:1 g'],
      ),
    ).toContain('/srv/app/lib/a.js:1 f → /home/app/lib/a.js:1 f moved');
  });

  test('in a file with a hash that has no digit, as Vite writes one in six', () => {
    allTo('moved', ['/app/index-BxKdLmNo.js:1 f'], ['/app/index-DiwrgTda.js:1 f']);
  });

  test('in a file with a hash that has a dash or an underscore', () => {
    allTo('moved', ['/app/index-B3_d-K9a.js:1 f'], ['/app/index-Dk2-x_9a.js:1 f']);
  });

  test('in a file with a hash before .min.js', () => {
    allTo('moved', ['/app/main.3f2a9c1b.min.js:1 f'], ['/app/main.77aa9c1b.min.js:1 f']);
  });

  test('in another file that is there on both sides, recognized by a name that is unique on each', () => {
    expect(
      matched(['/a/x.js:1 f', '/a/x.js:2 g', '/a/x.js:3 stays'], ['/a/x.js:3 stays', '/a/y.js:1 f', '/a/y.js:2 other']),
    ).toEqual([
      '/a/x.js:1 f → /a/y.js:1 f moved',
      '/a/x.js:2 g → - removed',
      '/a/x.js:3 stays → /a/x.js:3 stays matched',
      '- → /a/y.js:2 other new',
    ]);
  });

  // As many namesakes as before, all ten lines further down: the order of lines is the pairing that the rule asks for.
  test('among namesakes that moved by just the distance between them', () => {
    allTo(
      'moved',
      ['/app/x.py:10 <lambda>', '/app/x.py:20 <lambda>', '/app/x.py:30 <lambda>'],
      ['/app/x.py:20 <lambda>', '/app/x.py:30 <lambda>', '/app/x.py:40 <lambda>'],
    );
  });
});

describe('two functions stay two', () => {
  test('of other names', () => {
    expect(matched(['/a/x.js:1 compare'], ['/a/x.js:1 comparator'])).toEqual([
      '/a/x.js:1 compare → - removed',
      '- → /a/x.js:1 comparator new',
    ]);
  });

  test('of one name that several functions of a side have', () => {
    expect(
      matched(['/a/x.js:1 get', '/a/x.js:2 f', '/a/z.js:1 get'], ['/a/y.js:1 get', '/a/y.js:2 g', '/a/z.js:1 get']),
    ).toEqual([
      '/a/x.js:1 get → - removed',
      '/a/x.js:2 f → - removed',
      '/a/z.js:1 get → /a/z.js:1 get matched',
      '- → /a/y.js:1 get new',
      '- → /a/y.js:2 g new',
    ]);
  });

  test('without a name', () => {
    expect(matched(['/a/x.js:1 ', '/a/x.js:3 stays'], ['/a/x.js:3 stays', '/a/y.js:1 '])).toContain(
      '/a/x.js:1  → - removed',
    );
  });

  test('of another kind', () => {
    const of = (kind: 'js' | 'native') => {
      const builder = new FunctionTableBuilder();
      builder.intern({ kind, name: 'f', file: '', line: 0, column: 0 });
      return builder.finish();
    };
    expect(matchFunctions(of('js'), of('native')).map(({ status }) => status)).toEqual(['removed', 'new']);
  });
});

const place = fc
  .record({
    root: fc.constantFrom('/srv/app', '/home/ci/app', 'file:///srv/app', ''),
    file: fc.constantFrom('x.js', 'y.js', 'main.3f2a9c1b.js', 'main.77aa9c1b.js', 'v1.2.3/x.js', 'x.js?v=1'),
    line: fc.integer({ min: 0, max: 4 }),
    name: fc.constantFrom('f', 'g', 'h', ''),
  })
  .map(({ root, file, line, name }) => `${root === '' ? '' : `${root}/${file}`}:${line} ${name}`);

test('whatever they are, every function of either side stands there once', () => {
  fc.assert(
    fc.property(fc.uniqueArray(place), fc.uniqueArray(place), (before, after) => {
      const matches = matchFunctions(table(before), table(after));
      const sorted = (side: 'before' | 'after') =>
        matches
          .map((match) => match[side])
          .filter((fn) => fn !== -1)
          .toSorted((a, b) => a - b);
      expect(sorted('before')).toEqual([...before.keys()]);
      expect(sorted('after')).toEqual([...after.keys()]);
      for (const { before: from, after: to, status } of matches) {
        expect(status === 'new').toBe(from === -1);
        expect(status === 'removed').toBe(to === -1);
        if (status === 'matched') expect(after[to]).toBe(before[from]);
      }
    }),
    { numRuns: 100 },
  );
});

test('a side with itself is all matched', () => {
  fc.assert(
    fc.property(fc.uniqueArray(place), (places) => {
      const functions = table(places);
      expect(
        matchFunctions(functions, functions).every(
          ({ before, after, status }) => before === after && status === 'matched',
        ),
      ).toBe(true);
    }),
  );
});
