import { describe, expect, test } from 'vitest';
import { type EdgesProfile, type Profile, PstatError, readProfile, Stats } from '../../../src/index.ts';
import { buildCallGraph } from '../../../src/model/call-graph.ts';
import type { Bytes, Entry } from '../../support/marshal.ts';
import { dict, edge, g, hex, i, int, join, key, l, list, prof, tuple, u, value } from '../../support/marshal.ts';
import { noteTexts } from '../../support/notes.ts';
import { attempt, edgesOf, examine, hasControl, profTableOf, refusalOf, rowsOf } from '../../support/reading.ts';

function traced(bytes: Bytes): EdgesProfile {
  const profile: Profile = readProfile(bytes, 'file');
  if ('callTree' in profile) throw new TypeError('stacks');
  return profile;
}

/** As `handle -> work nc/cc tt ct`. */
function edgeTableOf(profile: Profile): string[] {
  return edgesOf(profile).map(
    ({ pair, selfCount, totalCount, self, total }) => `${pair} ${selfCount}/${totalCount} ${self} ${total}`,
  );
}

const MAIN = ['/app/main.py', 1, '<module>'] as const;
const HANDLE = ['/app/main.py', 20, 'handle'] as const;
const WORK = ['/app/lib/util.py', 10, 'work'] as const;
const OTHER_WORK = ['/opt/lib/util.py', 10, 'work'] as const;
const LEN = ['~', 0, '<built-in method builtins.len>'] as const;
const APPEND = ['~', 0, "<method 'append' of 'list' objects>"] as const;

/** A program of six functions, one of which calls itself. */
const WORKED: readonly Entry[] = [
  { key: MAIN, cc: 1, nc: 1, tt: 0.5, ct: 6 },
  { key: HANDLE, cc: 3, nc: 3, tt: 0.25, ct: 5.5, callers: [[MAIN, [3, 3, 0.25, 5.5]]] },
  {
    key: WORK,
    cc: 4,
    nc: 10,
    tt: 1.5,
    ct: 4,
    callers: [
      [HANDLE, [4, 4, 0.9, 4]],
      [WORK, [6, 0, 0.6, 1]],
    ],
  },
  { key: OTHER_WORK, cc: 2, nc: 2, tt: 0.0625, ct: 1.25, callers: [[HANDLE, [2, 2, 0.0625, 1.25]]] },
  {
    key: LEN,
    cc: 1200,
    nc: 1200,
    tt: 2.6875,
    ct: 2.6875,
    callers: [
      [WORK, [1000, 1000, 2, 2]],
      [OTHER_WORK, [200, 200, 0.6875, 0.6875]],
    ],
  },
  {
    key: APPEND,
    cc: 50,
    nc: 50,
    tt: 1,
    ct: 1,
    callers: [
      [WORK, [30, 30, 0.5, 0.5]],
      [OTHER_WORK, [20, 20, 0.5, 0.5]],
    ],
  },
];

describe('a worked example', () => {
  const profile = traced(prof(...WORKED));

  test('has its figures in the order of the file', () => {
    expect(profTableOf(profile)).toEqual(WORKED.map(({ key, cc, nc, tt, ct }) => [...key, cc, nc, tt, ct]));
  });

  test('has 1266 function calls (1260 primitive calls) in 6.000 seconds', () => {
    expect(buildCallGraph(profile).sums).toMatchObject({ selfCount: 1266, totalCount: 1260, counted: 6, idle: null });
  });

  test('callers have the first two numbers swapped', () => {
    expect(edgeTableOf(profile)).toEqual([
      '<module> -> handle 3/3 0.25 5.5',
      'handle -> work 4/4 0.9 4',
      'work -> work 6/0 0.6 1',
      'handle -> work 2/2 0.0625 1.25',
      'work -> <built-in method builtins.len> 1000/1000 2 2',
      'work -> <built-in method builtins.len> 200/200 0.6875 0.6875',
      "work -> <method 'append' of 'list' objects> 30/30 0.5 0.5",
      "work -> <method 'append' of 'list' objects> 20/20 0.5 0.5",
    ]);
  });

  test('rows are in microseconds', () => {
    const { rows } = new Stats(profile).functions({ sort: ['cumtime'] });
    expect(rows.map(({ total }) => total)).toEqual([6e6, 5.5e6, 4e6, 2.6875e6, 1.25e6, 1e6]);
  });

  test("Python's own functions are shown in braces and have no place", () => {
    const row = new Stats(profile).functions({ filter: ['append'] }).rows[0];
    expect(row).toMatchObject({
      name: "<method 'append' of 'list' objects>",
      shownName: "{method 'append' of 'list' objects}",
      line: null,
    });
  });

  test('the profile has its format and counts', () => {
    expect(profile).toMatchObject({ counts: 'calls', sources: ['file'], notes: [] });
  });
});

test('a dict without a reference flag, with short texts, is read', () => {
  // By CPython 3.11: marshal.dumps({('/srv/app/main.py', 1, 'main'): (1, 1, 0.25, 1.0, {})})
  const bytes = hex(
    '7b a903 fa10 2f7372762f6170702f6d61696e2e7079 e901000000 da04 6d61696e' +
      ' 2905 7202000000 7202000000 e7000000000000d03f e7000000000000f03f 7b30 30',
  );
  expect(profTableOf(traced(bytes))).toEqual([['/srv/app/main.py', 1, 'main', 1, 1, 0.25, 1]]);
});

describe('figures are taken as they are', () => {
  const top = ['a.py', 1, 'top'] as const;
  const a = ['a.py', 2, 'a'] as const;
  const b = ['a.py', 3, 'b'] as const;

  test('mutual recursion: the totals of the edges of `a` exceed its own (as CPython writes it)', () => {
    const profile = traced(
      prof(
        { key: top, cc: 1, nc: 1, tt: 3, ct: 13 },
        {
          key: b,
          cc: 2,
          nc: 3,
          tt: 5,
          ct: 8,
          callers: [
            [top, [1, 1, 2, 3]],
            [a, [2, 1, 3, 5]],
          ],
        },
        {
          key: a,
          cc: 2,
          nc: 3,
          tt: 5,
          ct: 8,
          callers: [
            [top, [1, 1, 2, 7]],
            [b, [2, 2, 3, 4]],
          ],
        },
      ),
    );
    expect(profTableOf(profile).map((row) => row.slice(2))).toEqual([
      ['top', 1, 1, 3, 13],
      ['b', 2, 3, 5, 8],
      ['a', 2, 3, 5, 8],
    ]);
    expect(edgeTableOf(profile)).toEqual(['top -> b 1/1 2 3', 'a -> b 2/1 3 5', 'top -> a 1/1 2 7', 'b -> a 2/2 3 4']);
  });

  test('counts have no limit', () => {
    const huge = 2n ** 70n + 1n;
    const profile = traced(prof({ key: a, cc: huge, nc: huge * 2n, tt: 1, ct: 1, callers: [[b, [huge, 7, 1, 1]]] }));
    expect(profTableOf(profile)).toEqual([['a.py', 2, 'a', huge, huge * 2n, 1, 1]]);
    expect(edgesOf(profile)).toMatchObject([{ selfCount: huge, totalCount: 7 }]);
  });

  test('sums of counts are exact beyond 2^53', () => {
    const profile = traced(
      prof({ key: a, cc: 2n ** 53n, nc: 2n ** 53n, tt: 0, ct: 0 }, { key: b, cc: 1, nc: 1, tt: 0, ct: 0 }),
    );
    expect(buildCallGraph(profile).sums).toMatchObject({ selfCount: 2n ** 53n + 1n, totalCount: 2n ** 53n + 1n });
  });

  test('times may be negative, huge and infinite', () => {
    const times = [-0.25, 1e300, 5e-324, Number.POSITIVE_INFINITY];
    const profile = traced(
      prof(...times.map((tt, line) => ({ key: ['a.py', line + 1, 'f'] as const, cc: 1, nc: 1, tt, ct: -tt }))),
    );
    expect(rowsOf(profile).map(({ self }) => self)).toEqual(times);
    expect(rowsOf(profile).map(({ total }) => total)).toEqual(times.map((time) => -time));
  });

  test('a function may have no calls', () => {
    expect(profTableOf(traced(prof({ key: a, cc: 0, nc: 0, tt: 0, ct: 0 })))).toEqual([['a.py', 2, 'a', 0, 0, 0, 0]]);
  });

  test('times may be integers, as `profile` writes them for its root', () => {
    const bytes = dict([key(['profile', 0, 'profiler']), tuple(i(0), i(0), i(0), i(0), dict())]);
    expect(profTableOf(traced(bytes))).toEqual([['profile', 0, 'profiler', 0, 0, 0, 0]]);
  });
});

describe('rows', () => {
  test('a caller without figures is no row, but stays a caller', () => {
    const profile = traced(
      prof({ key: HANDLE, cc: 3, nc: 3, tt: 0.25, ct: 5.5, callers: [[MAIN, [3, 3, 0.25, 5.5]]] }),
    );
    expect(rowsOf(profile).map(({ name }) => name)).toEqual(['handle']);
    expect(edgeTableOf(profile)).toEqual(['<module> -> handle 3/3 0.25 5.5']);
    const stats = new Stats(profile);
    expect(stats.functions().rows.map(({ name }) => name)).toEqual(['handle']);
    expect(stats.callers('handle').rows[0]?.edges.rows).toMatchObject([
      { name: '<module>', selfCount: 3, total: 5.5e6 },
    ]);
  });

  test('rows are in file order, whatever the order of callers', () => {
    const profile = traced(prof(...[...WORKED].reverse()));
    expect(rowsOf(profile).map(({ name, file }) => `${file} ${name}`)).toEqual(
      [...WORKED].reverse().map((entry) => `${entry.key[0]} ${entry.key[2]}`),
    );
  });

  test('a repeated key has its last value at its first place, as in a Python dict', () => {
    const entries = [
      { key: MAIN, cc: 1, nc: 1, tt: 0.5, ct: 1, callers: [[WORK, [9, 9, 9, 9]]] },
      { key: HANDLE, cc: 2, nc: 2, tt: 0.5, ct: 1 },
      { key: MAIN, cc: 5, nc: 6, tt: 0.25, ct: 2, callers: [[HANDLE, [6, 5, 0.25, 2]]] },
    ] as const;
    const profile = traced(prof(...entries));
    expect(profTableOf(profile).map((row) => row.slice(2))).toEqual([
      ['<module>', 5, 6, 0.25, 2],
      ['handle', 2, 2, 0.5, 1],
    ]);
    expect(edgeTableOf(profile)).toEqual(['handle -> <module> 6/5 0.25 2']);
  });

  test('a repeated caller has its last edge', () => {
    const profile = traced(
      prof({
        key: HANDLE,
        cc: 3,
        nc: 3,
        tt: 1,
        ct: 1,
        callers: [
          [MAIN, [1, 1, 1, 1]],
          [MAIN, [3, 2, 0.5, 0.75]],
        ],
      }),
    );
    expect(edgeTableOf(profile)).toEqual(['<module> -> handle 3/2 0.5 0.75']);
  });

  test('functions are distinguished by file, line and name only', () => {
    const keys = [
      ['a.py', 1, 'f'],
      ['a.py', 2, 'f'],
      ['b.py', 1, 'f'],
      ['a.py', 1, 'g'],
      ['a.p', 1, 'yf'],
      ['', 1, 'a.pyf'],
      ['a.py', 0, 'f'],
      ['__proto__', 0, 'constructor'],
    ] as const;
    const profile = traced(prof(...keys.map((each, at) => ({ key: each, cc: at, nc: at, tt: at, ct: at }))));
    expect(profTableOf(profile)).toEqual(keys.map((each, at) => [...each, at, at, at, at]));
  });

  test.each([
    ['plain', '7b 30'],
    ['as CPython 3 writes it', 'fb 30'],
  ])('an empty dict is an empty profile: %s', (_, digits) => {
    const profile = traced(hex(digits));
    expect(rowsOf(profile)).toEqual([]);
    expect(buildCallGraph(profile).sums).toMatchObject({ selfCount: 0, counted: 0 });
  });

  test('lines below zero and beyond 32 bits are read', () => {
    for (const line of [-1, 2n ** 40n, 2n ** 70n]) {
      const bytes = dict([tuple(u('a.py'), int(line), u('f')), value({ cc: 1, nc: 1, tt: 1, ct: 1 }, dict())]);
      examine(attempt(bytes));
    }
  });
});

describe('the pure-Python profile module', () => {
  const bytes = prof(
    { key: ['profile', 0, 'profiler'], cc: 0, nc: 0, tt: 0, ct: 0 },
    { key: ['a.py', 1, 'main'], cc: 1, nc: 1, tt: 0.5, ct: 2, callers: [[['profile', 0, 'profiler'], 1]] },
    { key: ['', 0, 'len'], cc: 40, nc: 40, tt: 1.5, ct: 1.5, callers: [[['a.py', 1, 'main'], 40]] },
  );

  test('callers have counts and unknown times, neither zero nor those of the function', () => {
    const profile = traced(bytes);
    expect(edgesOf(profile)).toEqual([
      { pair: 'profiler -> main', selfCount: 1, totalCount: Number.NaN, self: Number.NaN, total: Number.NaN },
      { pair: 'main -> len', selfCount: 40, totalCount: Number.NaN, self: Number.NaN, total: Number.NaN },
    ]);
    const stats = new Stats(profile);
    expect(stats.callers('len').rows[0]?.edges.rows).toMatchObject([
      { name: 'main', selfCount: 40, totalCount: null, self: null, total: null },
    ]);
    expect(stats.callees('main').rows[0]?.edges.rows).toMatchObject([
      { name: 'len', selfCount: 40, self: null, total: null },
    ]);
  });

  test('its functions have all their figures', () => {
    expect(profTableOf(traced(bytes))).toEqual([
      ['profile', 0, 'profiler', 0, 0, 0, 0],
      ['a.py', 1, 'main', 1, 1, 0.5, 2],
      ['', 0, 'len', 40, 40, 1.5, 1.5],
    ]);
  });

  test("its C functions have no file, and are not cProfile's", () => {
    const row = new Stats(traced(bytes)).functions({ filter: ['len'] }).rows[0];
    expect(row).toMatchObject({ name: 'len', shownName: 'len', file: null, line: null });
  });

  test('an edge may have zero calls, or more than 2^53', () => {
    const profile = traced(
      dict([key(MAIN), value({ cc: 1, nc: 1, tt: 1, ct: 1 }, dict([key(HANDLE), i(0)], [key(WORK), l(2n ** 64n)]))]),
    );
    expect(edgesOf(profile)).toMatchObject([{ selfCount: 0 }, { selfCount: 2n ** 64n }]);
  });
});

describe('the sampler of Python 3.15', () => {
  const marker = [tuple(u('__sampled__')), hex('54')] as const;
  const entries = [
    [key(['a.py', 1, 'f']), value({ cc: 3, nc: 5, tt: 0.003, ct: 0.005 }, dict([key(['b.py', 2, 'g']), i(4)]))],
    [key(['b.py', 2, 'g']), value({ cc: 0, nc: 5, tt: 0, ct: 0.005 }, dict())],
  ] as const;

  test('its marker is not a function, at any place', () => {
    for (const bytes of [dict(marker, ...entries), dict(...entries, marker)]) {
      expect(rowsOf(traced(bytes)).map(({ name }) => name)).toEqual(['f', 'g']);
      expect(traced(bytes)).toMatchObject({ counts: 'samples', notes: [] });
    }
  });

  test('the first number of an entry is samples on top, the second samples anywhere, unlike calls', () => {
    const rows = rowsOf(traced(dict(marker, ...entries)));
    expect(rows).toMatchObject([
      { name: 'f', selfCount: 3, totalCount: 5, self: 0.003, total: 0.005 },
      { name: 'g', selfCount: 0, totalCount: 5, self: 0, total: 0.005 },
    ]);
  });

  test('an edge has the samples with it on the stack; its samples on top and its times are unknown', () => {
    expect(edgesOf(traced(dict(marker, ...entries)))).toEqual([
      { pair: 'g -> f', selfCount: Number.NaN, totalCount: 4, self: Number.NaN, total: Number.NaN },
    ]);
  });

  test('the total is the samples on top, because samples anywhere overlap', () => {
    const { summary } = new Stats(traced(dict(marker, ...entries)));
    expect(summary).toMatchObject({
      samples: 3,
      ncalls: null,
      pcalls: null,
      counted: 3000,
      shareOf: 3000,
      stacks: false,
    });
  });

  test('is sorted by samples, never by calls', () => {
    const stats = new Stats(traced(dict(marker, ...entries)));
    expect(stats.functions({ sort: ['cumsamples', 'name'] }).rows.map(({ name }) => name)).toEqual(['f', 'g']);
    expect(() => stats.functions({ sort: ['ncalls'] })).toThrow(/counts samples, not calls/);
    const [f] = stats.callers('(f)').rows;
    expect(f?.edges.sort).toEqual(['cumsamples']);
    expect(f?.edges.rows).toMatchObject([{ name: 'g', selfCount: null, totalCount: 4, self: null, total: null }]);
  });

  test('an empty one is empty', () => {
    expect(traced(dict(marker))).toMatchObject({ counts: 'samples' });
    expect(rowsOf(traced(dict(marker)))).toEqual([]);
  });

  test('without the marker, counts such as 5/0 are read as calls', () => {
    const profile = traced(dict(...entries));
    expect(profTableOf(profile)).toEqual([
      ['a.py', 1, 'f', 3, 5, 0.003, 0.005],
      ['b.py', 2, 'g', 0, 5, 0, 0.005],
    ]);
    expect(edgesOf(profile)).toMatchObject([{ pair: 'g -> f', selfCount: 4, total: Number.NaN }]);
  });
});

describe('texts', () => {
  test('names are kept as they are written', () => {
    const names = ['', '資源', 'é', 'e\u0301', '\ud800', 'a\0b', '\u001b[31mred', 'two\nlines', '<lambda>', '  '];
    const profile = traced(
      prof(...names.map((name, line) => ({ key: [name, line, name] as const, cc: 1, nc: 1, tt: 1, ct: 1 }))),
    );
    expect(rowsOf(profile).map(({ name, file }) => [name, file])).toEqual(names.map((name) => [name, name]));
  });

  test('an address in a name stays, in one file', () => {
    const name = '<built-in method __new__ of type object at 0x7f1386e35460>';
    expect(rowsOf(traced(prof({ key: ['~', 0, name], cc: 1, nc: 1, tt: 1, ct: 1 })))[0]?.name).toBe(name);
  });
});

// ---- malformed -----------------------------------------------------------------------------------------------------

describe('malformed', () => {
  const NAME = ['/srv/app/main.py', 1, 'main'] as const;
  const metrics = { cc: 1, nc: 1, tt: 0.25, ct: 1 };
  const sound = value(metrics, dict());
  const text = u('1');
  const withCallers = (callers: Bytes) => dict([key(NAME), value(metrics, callers)]);

  test.each<[string, Bytes]>([
    ['a key of two', dict([tuple(u('a.py'), i(1)), sound])],
    ['a key of four', dict([tuple(u('a.py'), i(1), u('f'), i(1)), sound])],
    ['a key of one', dict([tuple(u('a.py')), sound])],
    ['an empty key', dict([tuple(), sound])],
    ['a key that is a list', dict([tuple(u('a.py'), i(1), u('f')), sound], [list(u('a.py'), i(1), u('f')), sound])],
    ['a second key that is a text', dict([key(NAME), sound], [text, sound])],
    ['a second key that is None', dict([key(NAME), sound], [hex('4e'), sound])],
    ['a file that is a number', dict([tuple(i(1), i(1), u('f')), sound])],
    ['a file that is None', dict([tuple(hex('4e'), i(1), u('f')), sound])],
    ['a line that is a text', dict([tuple(u('a.py'), text, u('f')), sound])],
    ['a name that is a number', dict([tuple(u('a.py'), i(1), i(1)), sound])],
    ['a name that is a tuple', dict([tuple(u('a.py'), i(1), tuple()), sound])],
    ['a value of four', dict([key(NAME), tuple(i(1), i(1), g(1), g(1))])],
    ['a value of six', dict([key(NAME), tuple(i(1), i(1), g(1), g(1), dict(), i(1))])],
    ['a value that is not a tuple', dict([key(NAME), i(1)])],
    ['a value that is None', dict([key(NAME), hex('4e')])],
    ['calls that are a text', dict([key(NAME), tuple(text, i(1), g(1), g(1), dict())])],
    ['calls that are 1.5', dict([key(NAME), tuple(i(1), g(1.5), g(1), g(1), dict())])],
    ['calls that are infinite', dict([key(NAME), tuple(i(1), g(Number.POSITIVE_INFINITY), g(1), g(1), dict())])],
    ['a time that is a text', dict([key(NAME), tuple(i(1), i(1), text, g(1), dict())])],
    ['a time that is None', dict([key(NAME), tuple(i(1), i(1), g(1), hex('4e'), dict())])],
    ['callers that are None', withCallers(hex('4e'))],
    ['callers that are a list', withCallers(list())],
    ['callers that are a number', withCallers(i(1))],
    ['a caller of two', withCallers(dict([tuple(u('a.py'), i(1)), i(1)]))],
    ['a caller that is a text', withCallers(dict([text, i(1)]))],
    ['an edge of three', withCallers(dict([key(MAIN), tuple(i(1), i(1), g(1))]))],
    ['an edge of five', withCallers(dict([key(MAIN), tuple(i(1), i(1), g(1), g(1), g(1))]))],
    ['an edge that is a text', withCallers(dict([key(MAIN), text]))],
    ['an edge that is None', withCallers(dict([key(MAIN), hex('4e')]))],
    ['an edge that is 1.5', withCallers(dict([key(MAIN), g(1.5)]))],
    ['an edge with a time that is a text', withCallers(dict([key(MAIN), tuple(i(1), i(1), text, g(1))]))],
    ['an edge with calls that are a text', withCallers(dict([key(MAIN), tuple(text, i(1), g(1), g(1))]))],
  ])('%s', (_, bytes) => {
    const error = refusalOf(bytes, 'bad.prof');
    expect(error).toMatchObject({ kind: 'malformed', source: 'bad.prof' });
    expect(error.message).toMatch(/^bad\.prof: \S/);
    expect(error.message).not.toContain('[object');
  });

  test.each([1.5, Number.NaN, Number.POSITIVE_INFINITY])('a line that is %d', (line) => {
    expect(refusalOf(dict([tuple(u('a.py'), g(line), u('f')), sound]))).toMatchObject({ kind: 'malformed' });
  });

  test('the error names the entry', () => {
    const bytes = dict([key(NAME), sound], [key(HANDLE), tuple(i(1), i(1), text, g(1), dict())]);
    expect(refusalOf(bytes).message).toContain("entry 1 ('handle')");
  });

  test('a name is made visible in an error', () => {
    for (const name of ['\u001b[31mred', '\u009b31m', 'two\nlines', '\u202etxt.exe', 'x'.repeat(1e6), '\ud800', "'"]) {
      const { message } = refusalOf(dict([tuple(u('a.py'), i(1), u(name)), i(1)]));
      expect(hasControl(message), JSON.stringify(message.slice(0, 200))).toBe(false);
      expect(message.length).toBeLessThan(1000);
    }
  });

  test('bytes after the dict give a note: CPython does not read them either', () => {
    const profile = traced(join(prof(...WORKED), Buffer.from('and more')));
    expect(profTableOf(profile)).toEqual(profTableOf(traced(prof(...WORKED))));
    expect(noteTexts(profile)).toHaveLength(1);
    expect(noteTexts(profile)[0]).toContain('8');
  });

  test('a whole second profile after the first is not read as part of it', () => {
    const profile = traced(join(prof(...WORKED), prof({ key: NAME, cc: 1, nc: 1, tt: 1, ct: 1 })));
    expect(rowsOf(profile)).toHaveLength(WORKED.length);
    expect(noteTexts(profile)).toHaveLength(1);
  });

  test('a file that is cut at any byte is malformed', () => {
    const bytes = prof(...WORKED);
    for (let end = 0; end < bytes.length; end++) expect(attempt(bytes.subarray(0, end))).toBeInstanceOf(PstatError);
    expect(attempt(bytes)).not.toBeInstanceOf(PstatError);
  });

  test('an edge must be a tuple of four, not a list', () => {
    expect(refusalOf(withCallers(dict([key(MAIN), list(...[0, 1].map(i), g(0), g(0))])))).toMatchObject({
      kind: 'malformed',
    });
    expect(edge([1, 1, 0, 0])).toEqual(tuple(i(1), i(1), g(0), g(0)));
  });
});

// ---- any value in any place ----------------------------------------------------------------------------------------

/** A marshalled value as a tree: bytes, a tuple of such, or a dict as a list of pairs. */
type Tree = Bytes | { readonly tuple: readonly Tree[] } | { readonly dict: readonly (readonly [Tree, Tree])[] };

const SOUND: Tree = {
  dict: [
    [
      { tuple: [u('a.py'), i(1), u('f')] },
      {
        tuple: [
          i(1),
          i(2),
          g(0.5),
          g(1),
          { dict: [[{ tuple: [u('a.py'), i(9), u('g')] }, { tuple: [i(2), i(1), g(0.5), g(1)] }]] },
        ],
      },
    ],
    [
      { tuple: [u('a.py'), i(9), u('g')] },
      { tuple: [i(3), i(3), g(0.25), g(2), { dict: [[{ tuple: [u('a.py'), i(1), u('f')] }, i(3)]] }] },
    ],
  ],
};

/** The bytes of a tree in which value number `place`, counted from the outside, is replaced. */
function replaced(tree: Tree, place: number, other: Bytes): Bytes {
  let count = 0;
  const written = (value: Tree): Bytes => {
    if (count++ === place) return other;
    if (value instanceof Uint8Array) return value;
    if ('tuple' in value) return tuple(...value.tuple.map(written));
    return dict(...value.dict.map(([key, inside]) => [written(key), written(inside)] as const));
  };
  return written(tree);
}

test('any value in any place gives a profile or a PstatError', () => {
  const others: readonly Bytes[] = [
    ...['4e', '54', '46', '53', '2e', '30', '', '7b30', '5b00000000', '2800000000'].map(hex),
    ...[
      i(0),
      i(-1),
      l(2n ** 70n),
      l(-(2n ** 70n)),
      g(0.5),
      g(Number.NaN),
      g(Number.POSITIVE_INFINITY),
      g(-1),
      g(1e300),
    ],
    ...[
      u(''),
      u('\u001b[2J'),
      u('__proto__'),
      tuple(i(1)),
      tuple(i(1), i(1), g(1), g(1)),
      tuple(u('a.py'), i(1), u('f')),
    ],
    ...[list(i(1), i(1), g(1), g(1)), dict([i(1), i(1)]), replaced(SOUND, -1, i(0))],
  ];
  for (let place = 0; place < 40; place++) {
    for (const other of others) {
      try {
        examine(attempt(replaced(SOUND, place, other)));
      } catch (error) {
        throw new Error(
          `${Buffer.from(other).toString('hex')} at ${place}: ${error instanceof Error ? error.stack : error}`,
        );
      }
    }
  }
});
