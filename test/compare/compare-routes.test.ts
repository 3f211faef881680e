import { describe, expect, test } from 'vitest';
import { PstatError } from '../../src/base/errors.ts';
import { compareRoutes, type RouteSides } from '../../src/compare/compare-routes.ts';
import type { Basis } from '../../src/compare/comparison.ts';
import { evaluateRoutesGate, gateExitCode, parseThreshold } from '../../src/compare/gate.ts';
import { sideOf } from '../../src/compare/side.ts';
import { sampledRun, tracedRun } from '../support/runs.ts';

interface Served {
  readonly processes?: number;
  readonly requests?: number;
  readonly isBusyKnown?: boolean;
}

/** Requests of about `time` ms, three of each of five processes. */
function side(time: number, { processes = 5, requests = 3, isBusyKnown = true }: Served = {}) {
  const served = Array.from({ length: processes * requests }, (_, i) => {
    const [process, request] = [Math.floor(i / requests), i % requests];
    return sampledRun([{ name: 'f', calls: time + process + request }], {
      source: 'a/x.cpuprofile',
      request: { worker: `${process}/0`, busy: isBusyKnown ? 1000 * (time + process + request) : null },
    });
  });
  return sideOf(served);
}

const sides = (routes: Readonly<Record<string, ReturnType<typeof side>>>): RouteSides =>
  new Map(Object.entries(routes));
const compared = (before: RouteSides, after: RouteSides, time: Basis | 'auto' = 'auto') =>
  compareRoutes(before, after, { time });

describe('each route', () => {
  const { basis, verdict, routes, unmatched } = compared(
    sides({ 'GET /a': side(100), 'GET /b': side(100), 'GET /gone': side(1) }),
    sides({ 'GET /b': side(100, { requests: 4 }), 'GET /a': side(200), 'PUT /new': side(1) }),
  );

  test('is one row: requests, processes, medians, verdict', () => {
    expect(routes.map(({ route, requests, processes }) => [route, requests, processes])).toEqual([
      ['GET /a', { before: 15, after: 15 }, { before: 5, after: 5 }],
      ['GET /b', { before: 15, after: 20 }, { before: 5, after: 5 }],
    ]);
    expect(routes[0]).toMatchObject({
      verdict: 'slower',
      isProcessKnown: true,
      total: { before: 103_000, after: 203_000, delta: 100_000, significant: true },
    });
    expect(routes[1]).toMatchObject({ verdict: 'no-change', total: { significant: false } });
  });

  test('has the busy time as its total, as requests by themselves', () => {
    expect(basis).toBe('busy');
  });

  test('of one side only is named', () => {
    expect(unmatched).toEqual({ before: ['GET /gone'], after: ['PUT /new'] });
  });

  test('makes the verdict of all', () => {
    expect(verdict).toBe('slower');
  });
});

describe('the verdict of all routes', () => {
  const of = (times: readonly number[]) => sides(Object.fromEntries(times.map((time, i) => [`GET /${i}`, side(time)])));

  test.each<[string, number[], number[]]>([
    ['slower', [100, 100], [200, 100]],
    ['faster', [200, 100], [100, 100]],
    ['mixed', [100, 200], [200, 100]],
    ['no-change', [100, 100], [100, 100]],
  ])('is %s', (expected, before, after) => {
    expect(compared(of(before), of(after)).verdict).toBe(expected);
  });

  test('is inconclusive where every route has fewer than 4 processes on a side', () => {
    const few = side(200, { processes: 3, requests: 40 });
    const { verdict: overall, routes } = compared(sides({ 'GET /a': side(100) }), sides({ 'GET /a': few }));
    expect(overall).toBe('inconclusive');
    expect(routes[0]?.total).toMatchObject({ p: null, adjustedP: null, significant: null, low: null });
  });

  test('is of the routes that could be tested', () => {
    const few = side(200, { processes: 3 });
    const { verdict: overall } = compared(
      sides({ 'GET /a': side(100), 'GET /b': side(100) }),
      sides({ 'GET /a': few, 'GET /b': side(100) }),
    );
    expect(overall).toBe('no-change');
  });
});

describe('ps', () => {
  /** One route whose sides just differ, and `others` that do not. */
  const oneOf = (others: number) => {
    const rest = Object.fromEntries(Array.from({ length: others }, (_, i) => [`GET /other/${i}`, side(100)]));
    return compared(sides({ 'GET /a': side(100), ...rest }), sides({ 'GET /a': side(104), ...rest }));
  };

  test('are adjusted over the routes: one of many needs more evidence', () => {
    const alone = oneOf(0).routes[0];
    expect(alone).toMatchObject({ verdict: 'slower' });
    expect(alone?.total.adjustedP).toBe(alone?.total.p);
    const among = oneOf(9).routes[0];
    expect(among?.total.p).toBe(alone?.total.p);
    expect(among?.total.adjustedP).toBeCloseTo(10 * (alone?.total.p ?? 0), 12);
    expect(among).toMatchObject({ verdict: 'no-change', total: { significant: false } });
  });

  test('do not count routes that cannot be tested', () => {
    const few = side(100, { processes: 2 });
    const { routes } = compared(
      sides({ 'GET /a': side(100), 'GET /b': few }),
      sides({ 'GET /a': side(104), 'GET /b': few }),
    );
    expect(routes.map(({ verdict }) => verdict)).toEqual(['slower', 'inconclusive']);
    expect(routes[0]?.total.adjustedP).toBe(routes[0]?.total.p);
  });
});

describe('the time', () => {
  test('is counted where one of the routes has no busy time', () => {
    const before = sides({ 'GET /a': side(100), 'GET /b': side(100, { isBusyKnown: false }) });
    expect(compared(before, before).basis).toBe('counted');
  });

  test('may be asked for, and is rejected where a file does not know it', () => {
    const both = sides({ 'GET /a': side(100) });
    expect(compared(both, both, 'counted').basis).toBe('counted');
    expect(() => compared(both, both, 'cpu')).toThrow(PstatError);
  });
});

test("requests of Werkzeug's names have unknown processes", () => {
  const named = sideOf(
    [0, 1, 2, 3, 4].map((i) => tracedRun([{ name: 'f', time: 100 + i }], `GET.x.000012ms.155240859${i}.prof`)),
  );
  expect(compared(sides({ 'GET /x': named }), sides({ 'GET /x': named })).routes[0]).toMatchObject({
    isProcessKnown: false,
    processes: { before: 5, after: 5 },
  });
});

describe('the gate of all routes', () => {
  test('does not know by how much a route of too few processes could be slower', () => {
    const before = sides({ 'GET /a': side(100), 'GET /b': side(100, { processes: 2 }) });
    const threshold = { percent: 50, microseconds: null };
    const gate = evaluateRoutesGate(compared(before, before), { target: 'total', threshold, isStrict: false });
    expect(gate).toMatchObject({ outcome: 'undecided', reason: null });
    expect(gate.undecided).toMatchObject([{ name: 'GET /b', delta: null, percent: null }]);
  });

  const outcome = (threshold: string, after: RouteSides, isStrict = false) => {
    const parsed = parseThreshold(threshold);
    if (parsed === null) throw new Error(threshold);
    const gate = evaluateRoutesGate(compared(sides({ 'GET /a': side(100), 'GET /b': side(100) }), after), {
      target: 'total',
      threshold: parsed,
      isStrict,
    });
    return [gate.outcome, gateExitCode(gate), gate.failures.map(({ name }) => name)];
  };

  test('fails with each route that is slower by more', () => {
    expect(outcome('50%', sides({ 'GET /a': side(200), 'GET /b': side(110) }))).toEqual(['failed', 3, ['GET /a']]);
    expect(outcome('5%', sides({ 'GET /a': side(200), 'GET /b': side(110) }))).toEqual([
      'failed',
      3,
      ['GET /a', 'GET /b'],
    ]);
  });

  test('passes where every interval is below', () => {
    expect(outcome('10%', sides({ 'GET /a': side(100), 'GET /b': side(101) }))).toEqual(['passed', 0, []]);
  });

  test('is undecided where a route has too few processes', () => {
    const after = sides({ 'GET /a': side(100), 'GET /b': side(100, { processes: 3 }) });
    expect(outcome('10%', after)).toEqual(['undecided', 0, []]);
    expect(outcome('10%', after, true)).toEqual(['undecided', 4, []]);
  });
});
