/** Compares every .prof file of samples/ with CPython's pstats; make-prof-goldens.py writes the goldens. */

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Count, type EdgesProfile, loadProfile, readProfile } from '../../../src/index.ts';
import { known } from '../../support/reading.ts';

const SAMPLES = 'samples';
const GOLDENS = 'test/formats/python/goldens';

/** Figures as in the file; NaN if it has none. */
interface Figures {
  readonly what: 'function' | 'caller';
  readonly key: string;
  readonly cc: Count;
  readonly nc: Count;
  readonly tt: number;
  readonly ct: number;
}

interface Golden {
  readonly totals: Readonly<Record<string, string>>;
  readonly lines: readonly string[];
}

function goldenOf(name: string): Golden {
  const lines = readFileSync(`${GOLDENS}/${name}.txt`, 'utf8').trimEnd().split('\n');
  const isFigures = (line: string) => /^(function|caller) /.test(line);
  return {
    totals: Object.fromEntries(lines.filter((line) => !isFigures(line)).map((line) => line.split(' '))),
    lines: lines.filter(isFigures),
  };
}

/** The profile as the golden's lines have it: functions in file order, each followed by its callers. */
function figuresOf(profile: EdgesProfile): Figures[] {
  const { functions, rows, metrics, edges: pairs } = profile;
  const keyOf = (fn: number) =>
    [JSON.stringify(functions.file[fn]), functions.line[fn], JSON.stringify(functions.name[fn])].join(' ');
  const callersOf = new Map<number, Figures[]>();
  for (let edge = 0; edge < pairs.length; edge++) {
    const callee = known(pairs.callee[edge]);
    const callers = callersOf.get(callee) ?? [];
    callers.push({ what: 'caller', key: keyOf(known(pairs.caller[edge])), ...at(pairs.metrics, edge) });
    callersOf.set(callee, callers);
  }
  return Array.from(rows).flatMap((fn, row) => [
    { what: 'function' as const, key: keyOf(fn), ...at(metrics, row) },
    ...(callersOf.get(fn) ?? []),
  ]);
}

function at({ selfCount, totalCount, self, total }: EdgesProfile['metrics'], index: number) {
  return {
    nc: known(selfCount[index]),
    cc: known(totalCount[index]),
    tt: known(self[index]),
    ct: known(total[index]),
  };
}

function canonical({ what, key, cc, nc, tt, ct }: Figures): string {
  return [what, key, countWord(cc), nc, hexadecimal(tt), hexadecimal(ct)].join(' ');
}

function countWord(count: Count): string {
  return Number.isNaN(count) ? '?' : String(count);
}

function hexadecimal(seconds: number): string {
  if (Number.isNaN(seconds)) return '?';
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(seconds);
  return bytes.toString('hex');
}

/** A line of the golden with its times as bits, to compare with `canonical`. */
function withBits(line: string): string {
  const words = line.split(' ');
  return [...words.slice(0, -2), ...words.slice(-2).map((word) => hexadecimal(numberOf(word)))].join(' ');
}

function numberOf(word: string): number {
  return word === '?' ? Number.NaN : Number(word.replace('inf', 'Infinity'));
}

function sha256(lines: readonly string[]): string {
  return createHash('sha256')
    .update(lines.map((line) => `${line}\n`).join(''))
    .digest('hex');
}

function traced(name: string): EdgesProfile {
  const profile = readProfile(readFileSync(`${SAMPLES}/${name}`), name);
  if ('callTree' in profile) throw new TypeError(`${name} is sampled`);
  return profile;
}

function sumOf(counts: readonly Count[]): string {
  return String(counts.reduce<bigint>((sum, count) => sum + BigInt(count), 0n));
}

const OF_CPYTHON = readdirSync(GOLDENS, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.prof.txt'))
  .map((name) => name.replaceAll('\\', '/').slice(0, -'.txt'.length))
  .sort();

test('every valid .prof of samples/ has a golden', () => {
  const recorded = readdirSync(SAMPLES, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.prof') && !name.startsWith('broken/'));
  expect(recorded.sort()).toEqual(OF_CPYTHON);
});

describe.each(OF_CPYTHON)('%s', (name) => {
  const golden = goldenOf(name);
  const profile = traced(name);
  const metrics = figuresOf(profile);
  const own = metrics.filter(({ what }) => what === 'function');

  test('has the totals of CPython', () => {
    expect({
      total_calls: sumOf(own.map(({ nc }) => nc)),
      prim_calls: sumOf(own.map(({ cc }) => cc)),
      functions: String(own.length),
      edges: String(profile.edges.length),
    }).toEqual({
      total_calls: golden.totals['total_calls'],
      prim_calls: golden.totals['prim_calls'],
      functions: golden.totals['functions'],
      edges: golden.totals['edges'],
    });
    expect(own.reduce((sum, { tt }) => sum + tt, 0)).toBe(Number(golden.totals['total_tt']));
  });

  test('has the functions and callers that the golden lists', () => {
    const lines = new Set(metrics.map(canonical));
    for (const line of golden.lines) expect(lines).toContain(withBits(line));
  });

  test('has every function and caller, in file order, to the last bit', () => {
    expect(sha256(metrics.map(canonical))).toBe(golden.totals['sha256']);
  });

  test('has the same hottest functions', () => {
    if (golden.lines.length === metrics.length) return; // a small file: all of it was compared
    const hottest = own.map(({ tt }) => tt).sort((a, b) => b - a);
    expect(golden.lines.map((line) => Number(line.split(' ').at(-2)))).toEqual(hottest.slice(0, golden.lines.length));
  });
});

describe('the ten files of before/, added', async () => {
  const golden = goldenOf('before-added');
  const profile = await loadProfile(`${SAMPLES}/before`);
  if ('callTree' in profile) throw new TypeError('before/ is sampled');
  const metrics = figuresOf(profile);
  const own = metrics.filter(({ what }) => what === 'function');

  test('every count of every function and caller, exactly', () => {
    const withoutTimes = (each: Figures) => [each.what, each.key, each.cc, each.nc].join(' ');
    const blocks: string[][] = [];
    for (const each of metrics) {
      if (each.what === 'function') blocks.push([]);
      blocks.at(-1)?.push(withoutTimes(each));
    }
    for (const block of blocks) block.splice(1, block.length, ...block.slice(1).sort());
    blocks.sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
    expect(sha256(blocks.flat())).toBe(golden.totals['sha256']);
    expect(sumOf(own.map(({ nc }) => nc))).toBe(golden.totals['total_calls']);
    expect(sumOf(own.map(({ cc }) => cc))).toBe(golden.totals['prim_calls']);
    expect(String(profile.edges.length)).toBe(golden.totals['edges']);
  });

  test('the times that the golden spells out, to a relative 1e-12', () => {
    const lines = new Map(own.map((each) => [[each.what, each.key, each.cc, each.nc].join(' '), each]));
    expect(golden.lines).toHaveLength(15);
    for (const line of golden.lines) {
      const words = line.split(' ');
      const ours = lines.get(words.slice(0, -2).join(' '));
      expectClose(ours?.tt, Number(words.at(-2)));
      expectClose(ours?.ct, Number(words.at(-1)));
    }
    expectClose(
      own.reduce((sum, { tt }) => sum + tt, 0),
      Number(golden.totals['total_tt']),
    );
  });

  test('every other time is the sum of the ten, to a relative 1e-12', () => {
    const sums = new Map<string, { tt: number; ct: number }>();
    // The names of an edge are both of its ends, so callers get their function's key too.
    for (const name of readdirSync(`${SAMPLES}/before`)) {
      for (const [key, { tt, ct }] of keyed(figuresOf(traced(`before/${name}`)))) {
        const before = sums.get(key) ?? { tt: 0, ct: 0 };
        sums.set(key, { tt: before.tt + tt, ct: before.ct + ct });
      }
    }
    const merged = keyed(metrics);
    expect([...merged.keys()].sort()).toEqual([...sums.keys()].sort());
    for (const [key, { tt, ct }] of merged) {
      expectClose(tt, sums.get(key)?.tt ?? Number.NaN);
      expectClose(ct, sums.get(key)?.ct ?? Number.NaN);
    }
  });
});

/** Figures by both ends of their edge, names without addresses. */
function keyed(metrics: readonly Figures[]): Map<string, Figures> {
  let callee = '';
  const result = new Map<string, Figures>();
  for (const each of metrics) {
    if (each.what === 'function') callee = each.key;
    const key = (each.what === 'function' ? callee : `${each.key} calls ${callee}`).replace(/ at 0x[0-9a-f]+/g, '');
    expect(result.has(key)).toBe(false);
    result.set(key, each);
  }
  return result;
}

function expectClose(found: number | undefined, wanted: number): void {
  expect(Math.abs((found ?? Number.NaN) - wanted)).toBeLessThanOrEqual(1e-12 * Math.abs(wanted));
}
