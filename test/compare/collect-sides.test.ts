import { describe, expect, test } from 'vitest';
import { PstatError } from '../../src/base/errors.ts';
import { type CollectedSides, collectSides, haveMixedTimes, pairSides } from '../../src/compare/collect-sides.ts';
import { subtractQueuedTime } from '../../src/model/normalize/queued-time.ts';
import type { Profile } from '../../src/model/profile.ts';
import { sampledProfile, tracedProfile } from '../support/runs.ts';

const program = (source = 'run.prof') => tracedProfile([{ name: 'f', time: 10 }], source);
const request = (url: string, method = 'GET') => sampledProfile([{ name: 'f' }], { request: { url, method } });
const collect = (...profiles: Profile[]): Promise<CollectedSides> => collectSides('runs/', profiles, {});

/** key -> number of processes */
const sizes = (collected: CollectedSides) =>
  Object.fromEntries([...collected].map(([route, side]) => [String(route), side.processes.length]));

describe('profiles are collected', () => {
  test('as one side, of whole programs', async () => {
    expect(sizes(await collect(program(), program(), program()))).toEqual({ null: 3 });
  });

  test('by route, of requests, as their contents or names have it', async () => {
    const named = program('a/GET.customers.7.000012ms.1552408596.prof');
    expect(
      sizes(await collect(request('/customers/1'), request('/customers/2?x'), request('/customers', 'POST'))),
    ).toEqual({
      'GET /customers/{id}': 2,
      'POST /customers': 1,
    });
    expect(sizes(await collect(named))).toEqual({ 'GET /customers/{id}': 1 });
  });

  test('one by one, from a stream', async () => {
    const stream = (async function* () {
      yield program();
      yield program();
    })();
    expect(sizes(await collectSides('runs/', stream, {}))).toEqual({ null: 2 });
  });

  test('with the stacks that were asked for', async () => {
    const profile = sampledProfile([{ name: 'f' }, { name: 'g' }]);
    const collected = await collectSides('runs/', [profile], { focus: ['(f)'] });
    expect([...(collected.get(null)?.functions.name ?? [])]).toEqual(['f']);
  });

  test('not as programs and requests together', async () => {
    const mixed = collect(sampledProfile([{ name: 'f' }]), request('/a'));
    await expect(mixed).rejects.toThrow(PstatError);
    await expect(mixed).rejects.toThrow(/runs\/.* holds profiles of whole programs and of requests; compare one kind/);
  });

  test('not as samples and calls together', async () => {
    await expect(collect(program(), sampledProfile([{ name: 'f' }]))).rejects.toThrow('samples and counted calls');
  });
});

describe('two paths', () => {
  test('of whole programs are two sides', async () => {
    const pair = pairSides(await collect(program()), await collect(program(), program()));
    expect('sides' in pair && [pair.sides.before.processes.length, pair.sides.after.processes.length]).toEqual([1, 2]);
  });

  test('of one common route are two sides', async () => {
    const pair = pairSides(await collect(request('/a/1')), await collect(request('/a/2')));
    expect('sides' in pair).toBe(true);
  });

  test.each<[string, string[], string[]]>([
    ['both', ['/a', '/b'], ['/a', '/b']],
    ['one', ['/a'], ['/a', '/b']],
  ])('of several routes on %s are compared by route', async (_, before, after) => {
    const pair = pairSides(
      await collect(...before.map((url) => request(url))),
      await collect(...after.map((url) => request(url))),
    );
    expect('routes' in pair && [[...pair.routes.before.keys()], [...pair.routes.after.keys()]]).toEqual([
      before.map((url) => `GET ${url}`),
      after.map((url) => `GET ${url}`),
    ]);
  });

  test('without a common route are rejected, and the routes are named', async () => {
    const [before, after] = [await collect(request('/a'), request('/b')), await collect(request('/c'))];
    expect(() => pairSides(before, after)).toThrow(PstatError);
    expect(() => pairSides(before, after)).toThrow(
      'the sides have no route in common: before GET /a, GET /b; after GET /c; compare requests of one route',
    );
  });

  test('of many routes are rejected with the first five', async () => {
    const many = await collect(...Array.from({ length: 7 }, (_, i) => request(`/a${'bcdefgh'[i]}`)));
    expect(() => pairSides(many, new Map())).toThrow(/GET \/ab, .*GET \/af and 2 more; after/);
  });

  test('of programs and requests are rejected', async () => {
    const [programs, requests] = [await collect(sampledProfile([{ name: 'f' }])), await collect(request('/a'))];
    expect(() => pairSides(programs, requests)).toThrow(/before whole programs; after GET \/a/);
  });

  test('with a route that holds control characters are rejected in visible ones', async () => {
    const hostile = await collect(request('/\u001b[31mred'));
    expect(() => pairSides(hostile, new Map())).toThrow(/\\x1b\[31mred/);
  });
});

test('times are mixed where some profiles are undisturbed and others are not', async () => {
  const counted = () => sampledProfile([{ name: 'f' }], { run: { interval: 1000, thread: { cpu: 1, queued: 0 } } });
  const undisturbed = () => subtractQueuedTime(counted()) ?? counted();
  expect(haveMixedTimes(await collect(undisturbed()), await collect(undisturbed()))).toBe(false);
  expect(haveMixedTimes(await collect(counted()), await collect(counted()))).toBe(false);
  expect(haveMixedTimes(await collect(undisturbed()), await collect(counted()))).toBe(true);
  expect(haveMixedTimes(await collect(undisturbed(), counted()), await collect(undisturbed()))).toBe(true);
});
