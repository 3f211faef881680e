/** writeProf writes a traced profile as it was read, and a sampled profile with the figures of the call graph. */

import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type MarshalValue, readMarshal } from '../../../src/formats/python/marshal.ts';
import { buildCallGraph, merge, type Profile, PstatError, readProfile, Stats, writeProf } from '../../../src/index.ts';
import { code, json, native, plain, withFrames } from '../../support/documents.ts';
import { type Edge, type Entry, type Key, prof } from '../../support/marshal.ts';
import { edgesOf, known, rowsOf } from '../../support/reading.ts';
import { profileOf, stackSamples } from '../../support/stacks.ts';
import { readJson } from '../../support/v8.ts';

/** A .prof in plain values: [[file, line, name], [cc, nc, tt, ct, callers]], the callers like it. */
function dictOf(bytes: Uint8Array): [unknown, unknown][] {
  const { value, end } = readMarshal(bytes);
  expect(end).toBe(bytes.length);
  return plainDict(value);
}

function plainDict(value: MarshalValue | undefined): [unknown, unknown][] {
  if (typeof value !== 'object' || value?.type !== 'dict') throw new TypeError('no dict');
  return value.entries.map(([key, entry]) => [itemsOf(key), itemsOf(entry).map(plainCallers)]);
}

function plainCallers(value: MarshalValue): unknown {
  if (typeof value !== 'object' || value?.type !== 'dict') return value;
  return value.entries.map(([key, edge]) => [itemsOf(key), typeof edge === 'object' ? itemsOf(edge) : edge]);
}

function itemsOf(value: MarshalValue): readonly MarshalValue[] {
  if (typeof value !== 'object' || value?.type !== 'tuple') throw new TypeError('no tuple');
  return value.items;
}

function again(profile: Profile): Profile {
  return readProfile(writeProf(profile), 'again');
}

describe('a traced profile', () => {
  const files = readdirSync('samples', { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.prof') && !entry.parentPath.includes('broken'))
    .map((entry) => `${entry.parentPath}/${entry.name}`);

  test.each(files)('%s is written as it was read', (file) => {
    const bytes = readFileSync(file);
    const ours = dictOf(writeProf(readProfile(bytes, file)));
    expect(ours).toEqual(plainDict(readMarshal(bytes).value));
  });

  test.each(files)('%s is the same profile when it is read again', (file) => {
    const profile = readProfile(readFileSync(file), 'again');
    expect(again(profile)).toEqual({ ...profile, notes: [] });
  });

  const count = fc.oneof(fc.nat(), fc.bigInt({ min: 0n, max: 1n << 200n }));
  const seconds = fc.double({ noNaN: true });
  const name = fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) });
  const line = fc.oneof(fc.constant(0), fc.nat(), fc.maxSafeNat());
  const key: fc.Arbitrary<Key> = fc.tuple(fc.oneof(fc.constant('~'), name), line, name);
  const edge: fc.Arbitrary<Edge> = fc.oneof(fc.nat(), fc.tuple(count, count, seconds, seconds));
  const callers = fc.uniqueArray(fc.tuple(key, edge), { selector: ([from]) => JSON.stringify(from), maxLength: 4 });
  const entry: fc.Arbitrary<Entry> = fc.record({ key, cc: count, nc: count, tt: seconds, ct: seconds, callers });
  const entries = fc.uniqueArray(entry, { selector: (one) => JSON.stringify(one.key), maxLength: 8 });

  test('keeps every count in full, every time bit for bit, and the order', () => {
    fc.assert(
      fc.property(entries, (all) => {
        const bytes = prof(...all);
        if (all.length > 0) expect(dictOf(writeProf(readProfile(bytes, 'any')))).toEqual(dictOf(bytes));
      }),
    );
  });

  test('is written with the sums if it is merged', () => {
    const [a, b] = files
      .filter((file) => file.includes('before/'))
      .map((file) => readProfile(readFileSync(file), file));
    const both = merge([known(a), known(b)]);
    expect(rowsOf(again(both))).toEqual(rowsOf(both));
    expect(edgesOf(again(both))).toEqual(edgesOf(both));
  });

  test('keeps a caller without figures as a caller only', () => {
    const bytes = prof({ key: ['a.py', 1, 'f'], cc: 1, nc: 1, tt: 1, ct: 1, callers: [[['b.py', 2, 'g'], 1]] });
    expect(dictOf(writeProf(readProfile(bytes, 'x')))).toEqual([
      [
        ['a.py', 1, 'f'],
        [1, 1, 1, 1, [[['b.py', 2, 'g'], 1]]],
      ],
    ]);
  });

  test('of Python 3.15’s sampler keeps every figure and loses its marker', () => {
    const bytes = readFileSync('samples/odd/sampled-3.15.pstats');
    const { value } = readMarshal(bytes);
    if (typeof value !== 'object' || value?.type !== 'dict') throw new TypeError('no dict');
    const unmarked = value.entries.filter(([mark]) => itemsOf(mark).length === 3);
    expect(unmarked.length).toBe(value.entries.length - 1);
    expect(dictOf(writeProf(readProfile(bytes, 'x')))).toEqual(plainDict({ type: 'dict', entries: unmarked }));
  });
});

describe('a sampled profile', () => {
  const MAIN = ['file:///srv/app/main.js', 1, 'main'];
  const A = ['file:///srv/app/main.js', 10, 'a'];
  const B = ['file:///srv/app/main.js', 20, 'b'];

  test('writes samples on top as cc, samples on the stack as nc, and seconds; edges have nc first', () => {
    const profile = readJson(plain({ samples: [5, 6, 7, 8], timeDeltas: [5000, 1000, 1000, 2000] }));
    const all = dictOf(writeProf(profile)).filter(([key]) => JSON.stringify(key).includes('main.js'));
    expect(all).toEqual([
      [MAIN, [1, 4, 0.001, 0.0047, []]],
      [
        A,
        [
          2,
          2,
          0.003,
          0.003,
          [
            [MAIN, [2, 1, 0.001, 0.003]],
            [A, [1, 1, 0.002, 0.002]],
          ],
        ],
      ],
      [B, [1, 1, 0.0007, 0.0007, [[MAIN, [1, 1, 0.0007, 0.0007]]]]],
    ]);
  });

  test('writes V8’s own nodes like Python’s built-ins, without the root, and idle only if asked for', () => {
    const profile = readJson(plain({ samples: [2, 3, 4, 5], timeDeltas: [0, 1000, 1000, 1000] }));
    const names = (idle: boolean) =>
      dictOf(writeProf(profile, { idle }))
        .map(([key]) => String(key))
        .filter((key) => key.startsWith('~'));
    expect(names(false)).toEqual(['~,0,(program)', '~,0,(garbage collector)']);
    expect(names(true)).toEqual(['~,0,(program)', '~,0,(garbage collector)', '~,0,(idle)']);
  });

  test('writes the garbage collector under the code that it interrupted', () => {
    const bytes = writeProf(readJson(plain({ samples: [6, 3, 8, 8] })));
    const [, entry] = known(dictOf(bytes).find(([key]) => String(key) === '~,0,(garbage collector)'));
    expect(entry).toEqual([1, 1, 0.001, 0.001, [[A, [1, 1, 0.001, 0.001]]]]);
  });

  test('keeps functions of one name on one line apart', () => {
    const bytes = writeProf(readJson(withFrames(code('e', 0, 4), code('e', 0, 90), native('e'))));
    expect(dictOf(bytes).map(([key]) => key)).toEqual([
      ['file:///srv/app/main.js', 1, 'e:5'],
      ['file:///srv/app/main.js', 1, 'e:91'],
      ['~', 0, 'e'],
    ]);
  });

  test('writes the figures of the call graph, with every sample counted once', () => {
    fc.assert(
      fc.property(stackSamples, (stacks) => {
        const profile = profileOf(stacks);
        const ours = buildCallGraph(again(profile));
        const rows = rowsOf(profile).map(({ name, self, total, selfCount, totalCount }) => [
          name === '' ? '(anonymous)' : name,
          self / 1e6,
          total / 1e6,
          selfCount,
          totalCount,
        ]);
        const { name } = ours.functions;
        const { self, total, selfCount, totalCount } = ours.metrics;
        // Python's primitive calls are samples on top.
        expect([...ours.rows].map((fn) => [name[fn], self[fn], total[fn], totalCount[fn], selfCount[fn]])).toEqual(
          rows,
        );
        expect(ours.sums.counted).toBeCloseTo(buildCallGraph(profile).sums.counted / 1e6, 12);
        expect(ours.sums.totalCount).toBe(buildCallGraph(profile).sums.selfCount);
      }),
    );
  });

  test('writes every edge, and every caller as a function, as SnakeViz needs', () => {
    fc.assert(
      fc.property(stackSamples, (stacks) => {
        const profile = profileOf(stacks);
        const ours = again(profile);
        const scaled = edgesOf(profile).map((edge) => ({
          ...edge,
          selfCount: edge.totalCount,
          totalCount: edge.selfCount,
          self: edge.self / 1e6,
          total: edge.total / 1e6,
        }));
        const byPair = (a: { pair: string }, b: { pair: string }) => (a.pair < b.pair ? -1 : 1);
        expect(edgesOf(ours).sort(byPair)).toEqual(scaled.sort(byPair));
        expect(ours.functions.length).toBe(rowsOf(ours).length);
      }),
    );
  });

  test('does not write excluded stacks', () => {
    const profile = readJson(plain());
    const focused = new Stats(profile, { focus: ['b'] }).profile;
    expect(rowsOf(again(focused)).map(({ name }) => name)).toEqual(['main', 'b']);
  });

  test('adds up to the microsecond for a real recording', () => {
    const file = 'samples/resource-providers.cpuprofile';
    const profile = readProfile(readFileSync(file), file);
    const { counted: whole, idle } = buildCallGraph(profile).sums;
    expect(Math.round(buildCallGraph(again(profile)).sums.counted * 1e6)).toBe(whole);
    const withIdle = readProfile(writeProf(profile, { idle: true }), file);
    expect(Math.round(buildCallGraph(withIdle).sums.counted * 1e6)).toBe(whole + (idle ?? 0));
  });

  test('without times is an error', () => {
    const document = plain();
    for (const field of ['samples', 'timeDeltas', 'endTime', 'startTime'] as const) delete document[field];
    const profile = readProfile(json(document), 'untimed.cpuprofile');
    expect(() => writeProf(profile)).toThrow(PstatError);
    expect(() => writeProf(profile)).toThrow('untimed.cpuprofile: does not say how long anything took');
  });
});

test('an empty profile is an empty dict', () => {
  expect(Buffer.from(writeProf(readJson(plain({ nodes: [], samples: [], timeDeltas: [] })))).toString()).toBe('{0');
});
