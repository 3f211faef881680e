/** Tests the files of samples/: they are read, samples/README.md is right, and they contain nothing private. */

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { buildCallGraph, type Profile, readProfile, type StacksProfile, Stats } from '../src/index.ts';
import { noteTexts } from './support/notes.ts';
import { edgesOf, examine, known, type Row, rowsOf, timesOf } from './support/reading.ts';

const ALL = readdirSync('samples', { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => `${entry.parentPath}/${entry.name}`.replaceAll('\\', '/'))
  .sort();

const README = readFileSync('samples/README.md', 'utf8');

const GOOD = ALL.filter(
  (file) =>
    /\.(prof|pstats|cpuprofile|json|json\.gz)$/.test(file) &&
    !/^samples\/(broken|resource-providers|node-trace)\//.test(file),
);

function read(file: string): Profile {
  return readProfile(readFileSync(file), file);
}

function readStacks(file: string): StacksProfile {
  const profile = read(file);
  if (!('callTree' in profile)) throw new TypeError(`${file} holds pairs`);
  return profile;
}

function holdsStacks(file: string): boolean {
  return 'callTree' in read(file);
}

describe('every valid sample is read', () => {
  test.each(GOOD)('%s', (file) => {
    const profile = read(file);
    examine(profile); // the time law among others
    const stats = new Stats(profile);
    expect(stats.functions().rows.length > 0).toBe(!/empty/.test(file));
    expect(stats.callers('').rows).toHaveLength(stats.callees('').rows.length);
    if ('callTree' in profile) expect(profile.callTree.parent).toHaveLength(profile.callTree.length);
  });

  test('samples include every format', () => {
    expect(GOOD.filter(holdsStacks).length).toBeGreaterThan(15);
    expect(GOOD.filter((file) => read(file).counts === 'calls').length).toBeGreaterThan(25);
    expect([...new Set(GOOD.map((file) => read(file).format.replace(/,.*/, '')))].sort()).toEqual([
      'Firefox profile (Firefox)',
      'Hermes profile',
      'Python profile',
      'Python sampled profile',
      'V8 CPU profile',
      'V8 CPU profile (head generation)',
      'V8 trace',
      'speedscope profile (speedscope@1.20.0)',
    ]);
  });
});

describe('duration = beforeFirstSample + counted + idle + afterLastSample, to the µs', () => {
  test.each(GOOD.filter(holdsStacks))('%s', (file) => {
    const profile = readStacks(file);
    const { counted, idle } = buildCallGraph(profile).sums;
    expect(profile.beforeFirstSample + counted + (idle ?? Number.NaN) + profile.afterLastSample).toBe(profile.duration);
  });

  const timed = GOOD.filter((file) => /\.cpuprofile$/.test(file) && !/end-time|empty|head-tree|hermes/.test(file));

  test.each(timed)('%s lasts from startTime to endTime', (file) => {
    const document = JSON.parse(readFileSync(file, 'utf8').replace(/^\ufeff/, ''));
    const { startTime, endTime } = document.result?.profile ?? document;
    expect(readStacks(file).duration).toBe(endTime - startTime);
  });

  test.each([
    ['old-head-tree.cpuprofile', 5000], // from the first time stamp to one interval after the last
    ['hermes-trace.cpuprofile', 20_000], // likewise
    ['unclosed-trace.json', 9700],
  ])('odd/%s lasts %d µs', (name, duration) => {
    expect(readStacks(`samples/odd/${name}`).duration).toBe(duration);
  });
});

// ---- figures, reckoned by hand with the time rule ------------------------------------------------------------------

function hot(file: string): string[] {
  return timesOf(read(file)).filter((times) => !times.endsWith(' 0/0'));
}

const VECTORS: Readonly<Record<string, { rows: string[]; beforeFirstSample: number; afterLastSample: number }>> = {
  plain: { rows: ['main 1000/4700', 'a 1000/1000', 'b 2700/2700'], beforeFirstSample: 5000, afterLastSample: 0 },
  'parents-instead-of-children': {
    rows: ['main 1000/4700', 'a 1000/1000', 'b 2700/2700'],
    beforeFirstSample: 5000,
    afterLastSample: 0,
  },
  'wrapped-in-result': {
    rows: ['main 1000/4700', 'a 1000/1000', 'b 2700/2700'],
    beforeFirstSample: 5000,
    afterLastSample: 0,
  },
  'byte-order-mark': {
    rows: ['main 1000/4700', 'a 1000/1000', 'b 2700/2700'],
    beforeFirstSample: 5000,
    afterLastSample: 0,
  },
  recursion: { rows: ['main 0/4000', 'a 3000/3000', 'b 1000/1000'], beforeFirstSample: 1000, afterLastSample: 0 },
  'gc-after-function': {
    rows: ['main 0/5000', 'a 2000/4000', 'b 1000/1000', '(garbage collector) 2000/2000'],
    beforeFirstSample: 1000,
    afterLastSample: 0,
  },
  'gc-after-idle': {
    rows: ['main 0/2000', 'a 1000/1000', 'b 1000/1000', '(garbage collector) 1000/1000', '(idle) 1000/1000'],
    beforeFirstSample: 1000,
    afterLastSample: 0,
  },
  'lone-program': {
    rows: ['main 0/3000', 'a 1000/1000', 'b 2000/2000', '(program) 1000/1000'],
    beforeFirstSample: 1000,
    afterLastSample: 0,
  },
  'negative-deltas': {
    rows: ['main 1600/3000', 'a 1000/1000', 'b 400/400'],
    beforeFirstSample: 1000,
    afterLastSample: 0,
  },
  'huge-gap': {
    rows: ['main 1000/503000', 'a 501000/501000', 'b 1000/1000'],
    beforeFirstSample: 1000,
    afterLastSample: 0,
  },
  'long-tail': {
    rows: ['main 1000/4000', 'a 1000/1000', 'b 2000/2000'],
    beforeFirstSample: 1000,
    afterLastSample: 899_000,
  },
  'end-time-zero': {
    rows: ['main 1000/4000', 'a 1000/1000', 'b 2000/2000'],
    beforeFirstSample: 1000,
    afterLastSample: 0,
  },
  'no-end-time': {
    rows: ['main 1000/4000', 'a 1000/1000', 'b 2000/2000'],
    beforeFirstSample: 1000,
    afterLastSample: 0,
  },
  'no-deltas': { rows: ['main 1000/4000', 'a 1000/1000', 'b 2000/2000'], beforeFirstSample: 0, afterLastSample: 0 },
  'no-samples': { rows: ['main 1000/4000', 'a 1000/1000', 'b 2000/2000'], beforeFirstSample: 0, afterLastSample: 0 },
  'unknown-sample-id': {
    rows: ['main 1000/3000', 'a 1000/1000', 'b 1000/1000'],
    beforeFirstSample: 1000,
    afterLastSample: 1000,
  },
  // Its end is a rounded second and invalid: the last sample owns one interval.
  'old-head-tree': { rows: ['main 1000/5000', 'a 1000/1000', 'b 3000/3000'], beforeFirstSample: 0, afterLastSample: 0 },
  'hermes-trace': { rows: ['render 20000/20000'], beforeFirstSample: 0, afterLastSample: 0 },
};

test.each(Object.entries(VECTORS))(
  'odd/%s.cpuprofile has the figures of the time rule',
  (name, { rows, beforeFirstSample, afterLastSample }) => {
    expect(hot(`samples/odd/${name}.cpuprofile`).sort()).toEqual([...rows].sort());
    expect(read(`samples/odd/${name}.cpuprofile`)).toMatchObject({ beforeFirstSample, afterLastSample });
  },
);

test.each<[string, RegExp | null]>([
  ['plain', null],
  ['recursion', null],
  ['gc-after-function', null],
  ['gc-after-idle', null],
  ['lone-program', null],
  ['parents-instead-of-children', null],
  ['wrapped-in-result', null],
  ['byte-order-mark', null],
  ['old-head-tree', null],
  ['hermes-trace', null],
  ['hostile-names', null],
  ['negative-deltas', /order/],
  ['huge-gap', /gap/],
  ['unknown-sample-id', /not in the file/],
  ['no-end-time', /endTime/],
  ['end-time-zero', /endTime/],
  ['no-deltas', /estimated/],
  ['no-samples', /estimated/],
])('odd/%s.cpuprofile has the note %s', (name, words) => {
  const notes = noteTexts(read(`samples/odd/${name}.cpuprofile`));
  if (words === null) expect(notes).toEqual([]);
  else expect(notes).toEqual([expect.stringMatching(words)]);
});

test('odd/unclosed-trace.json equals plain.cpuprofile and names its thread', () => {
  const profile = readStacks('samples/odd/unclosed-trace.json');
  expect(hot('samples/odd/unclosed-trace.json')).toEqual(known(VECTORS['plain']).rows);
  expect(profile).toMatchObject({
    beforeFirstSample: 5000,
    afterLastSample: 0,
    notes: [],
    format: 'V8 trace, JavaScriptMainThread 41/42',
  });
});

test('odd/old-head-tree.cpuprofile has 1-based lines', () => {
  const lines = rowsOf(read('samples/odd/old-head-tree.cpuprofile')).map(({ name, line, column }) => [
    name,
    line,
    column,
  ]);
  expect(lines).toContainEqual(['b', 20, 10]);
  expect(lines).toContainEqual(['(program)', 0, 0]);
});

describe('odd/sampled-3.15.pstats', () => {
  const file = 'samples/odd/sampled-3.15.pstats';

  test('has samples and cumsamples, and no calls', () => {
    expect(read(file).counts).toBe('samples');
    expect(
      rowsOf(read(file)).map(({ name, line, selfCount, totalCount, self, total }) => [
        name,
        line,
        selfCount,
        totalCount,
        self,
        total,
      ]),
    ).toEqual([
      ['main', 10, 1, 40, 0.001, 0.04],
      ['main', 11, 2, 20, 0.002, 0.02],
      ['handle', 20, 30, 30, 0.03, 0.03],
      ['handle', 21, 27, 27, 0.027, 0.027],
      ['iterencode', 205, 5, 5, 0.005, 0.005],
    ]);
  });

  test('has counts and no times for edges', () => {
    const edges = edgesOf(read(file)).map(({ pair, totalCount, self, total }) => [pair, totalCount, self, total]);
    expect(edges).toEqual([
      ['main -> handle', 30, Number.NaN, Number.NaN],
      ['main -> handle', 9, Number.NaN, Number.NaN],
      ['main -> handle', 18, Number.NaN, Number.NaN],
      ['handle -> iterencode', 5, Number.NaN, Number.NaN],
    ]);
  });

  test('notes functions with several rows', () => {
    expect(noteTexts(new Stats(read(file)).summary)).toEqual([
      expect.stringMatching(/^2 functions have one row per executed line/),
    ]);
  });
});

describe('odd/hostile-names.cpuprofile', () => {
  const rows = rowsOf(read('samples/odd/hostile-names.cpuprofile'));

  test('has one row for each name, as written', () => {
    const names = [
      '\u001b[31mred\u001b[0m',
      '__proto__',
      'constructor',
      'two\nlines',
      'nul\0byte',
      'lone \ud800 surrogate',
      '',
    ];
    for (const name of names)
      expect(
        rows.filter((row) => row.name === name),
        JSON.stringify(name),
      ).toHaveLength(1);
    expect(rows.filter((row) => row.name.normalize('NFC').endsWith('\u00e9'))).toHaveLength(2);
  });

  test.each(['(idle)', '(garbage collector)', '(program)'])(
    '%s is two functions of the user and one row of V8',
    (name) => {
      const kinds = rows.filter((row) => row.name === name).map(({ kind }) => kind);
      expect(kinds.filter((kind) => kind === 'js')).toHaveLength(2);
      expect(kinds).toHaveLength(3);
    },
  );

  test("has two user functions (root) and no row for V8's", () => {
    expect(rows.filter((row) => row.name === '(root)').map(({ kind }) => kind)).toEqual(['js', 'js']);
  });
});

// ---- what samples/README.md says -----------------------------------------------------------------------------------

function functionsOf(file: string): Map<string, Row> {
  return new Map(rowsOf(read(file)).map((row) => [row.name, row]));
}

function callsOf(file: string): number {
  return Number(buildCallGraph(read(file)).sums.selfCount);
}

const BEFORE = ALL.filter((file) => file.startsWith('samples/before/'));
const AFTER = ALL.filter((file) => file.startsWith('samples/after/'));

describe('samples/README.md', () => {
  test('lists exactly the files of odd/', () => {
    const named = [...README.matchAll(/`([\w.-]+\.(?:prof|pstats|cpuprofile|json))`/g)].map(([, name]) => known(name));
    const section = README.slice(README.indexOf('## odd'), README.indexOf('## broken'));
    for (const file of ALL.filter((each) => /^samples\/odd\/.*\.(prof|pstats|cpuprofile|json)$/.test(each))) {
      expect(section).toContain(`\`${file.slice('samples/odd/'.length)}\``);
    }
    const there = new Set(ALL.map((file) => file.split('/').at(-1)));
    expect(named.filter((name) => !there.has(name))).toEqual([]);
  });

  test('tells one request: 105 ms, 54,663 calls; the file of before/ next above the median', () => {
    const { sums } = buildCallGraph(read('samples/GET.resource_providers.prof'));
    expect(sums.selfCount).toBe(54_663);
    expect(Math.round(sums.counted * 1000)).toBe(105);
    const times = BEFORE.map((file) => buildCallGraph(read(file)).sums.counted).sort((a, b) => a - b);
    expect(sums.counted).toBe(times[5]);
  });

  test('tells ten files per side', () => {
    expect([BEFORE.length, AFTER.length]).toEqual([10, 10]);
  });

  test('tells 2,996 fewer calls, without garbage collector callbacks', () => {
    const gced = (file: string) => Number(functionsOf(file).get('_collection_gced')?.selfCount ?? 0);
    expect([...new Set([...BEFORE, ...AFTER].map(gced))].sort((a, b) => a - b)).toEqual([0, 6, 30]);
    for (const file of BEFORE) expect(callsOf(file) - 5 * gced(file)).toBe(54_633);
    for (const file of AFTER) expect(callsOf(file) - 5 * gced(file)).toBe(54_633 - 2_996);
  });

  test('tells 9,241 and 6,244 calls of list.append, none and one of _link_rel_types', () => {
    const append = "<method 'append' of 'list' objects>";
    for (const file of BEFORE) {
      expect(functionsOf(file).get(append)?.selfCount).toBe(9241);
      expect(functionsOf(file).has('_link_rel_types')).toBe(false);
    }
    for (const file of AFTER) {
      expect(functionsOf(file).get(append)?.selfCount).toBe(6244);
      expect(functionsOf(file).get('_link_rel_types')?.selfCount).toBe(1);
    }
  });

  test('tells that _serialize_links is first in one file of each set, with over 85 ms instead of 3 to 9', () => {
    for (const [files, unlike, line] of [
      [BEFORE, '201ms', 33],
      [AFTER, '156ms', 49],
    ] as const) {
      for (const file of files) {
        const { self, line: place } = known(functionsOf(file).get('_serialize_links'));
        expect(place).toBe(line);
        const isUnlike = file.includes(unlike);
        expect(self > 0.085).toBe(isUnlike);
        if (!isUnlike) expect(self).toSatisfy((seconds: number) => seconds > 0.003 && seconds < 0.0095);
        const [first] = new Stats(read(file)).functions({ sort: ['tottime'], limit: 1 }).rows;
        expect(first?.name === '_serialize_links').toBe(isUnlike);
      }
    }
  });

  test('tells that the Node recording lasts four seconds at 1,000 µs', () => {
    const profile = readStacks('samples/resource-providers.cpuprofile');
    expect(Math.round(profile.duration / 1e6)).toBe(4);
    expect(profile).toMatchObject({ beforeFirstSample: 2964, afterLastSample: 0, interval: 1104 });
  });

  // Computed by a Python program with the time rule.
  test.each([
    ['encodeJson', 1_283_463, 2_207_203],
    ['requestedVersion', 598_737, 1_064_381],
    ['encodeUtf8String', 535_174, 543_107],
    ['encode', 334_664, 897_544],
    ['(garbage collector)', 299_327, 299_327],
    ['parseVersion', 217_820, 308_510],
    ['cacheHeaders', 122_936, 161_742],
    ['serializeProvider', 72_132, 1_249_965],
    ['serializeLinks', 62_352, 900_459],
    ['RegExp: \\s+', 44_739, 51_525],
    ['(idle)', 34_942, 34_942],
    ['wantsVersion', 21_264, 1_080_733],
  ])('the Node recording: %s %d/%d', (name, self, total) => {
    expect(functionsOf('samples/resource-providers.cpuprofile').get(name)).toMatchObject({ self, total });
  });

  test('tells that edges of profile-module.prof have counts and no times', () => {
    const { edges } = buildCallGraph(read('samples/odd/profile-module.prof'));
    expect(edges.length).toBeGreaterThan(0);
    for (let edge = 0; edge < edges.length; edge++) {
      expect(edges.selfCount[edge]).toBeGreaterThan(0);
      expect([edges.self[edge], edges.total[edge]]).toEqual([Number.NaN, Number.NaN]);
    }
  });

  test('tells 8 bytes after the profile of trailing-bytes.prof', () => {
    expect(noteTexts(read('samples/odd/trailing-bytes.prof'))).toEqual([expect.stringMatching(/\b8\b/)]);
  });
});

// ---- may be published ----------------------------------------------------------------------------------------------

test('samples/ is smaller than 4 MB', () => {
  expect(ALL.reduce((sum, file) => sum + statSync(file).size, 0)).toBeLessThan(4e6);
});

test("no sample contains a path of a developer's machine", () => {
  const homes = [homedir(), `/home/${userInfo().username}`, '/root', '/work'].filter((home) => home.length > 1);
  for (const file of ALL) {
    const bytes = readFileSync(file);
    const text = (file.startsWith('samples/node-trace') && file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString(
      'latin1',
    );
    for (const home of homes) expect(text.includes(`${home}/`), `${home}/ in ${file}`).toBe(false);
  }
});
