/** What the slowest requests do that typical ones do not. */

import { expect, test } from 'vitest';
import { functionAt } from '../../src/model/function-table.ts';
import { normalizeStacks } from '../../src/model/normalize/sampled.ts';
import type { Profile } from '../../src/model/profile.ts';
import { routeOfProfile } from '../../src/routes/route-name.ts';
import { chooseTail, describeTail } from '../../src/routes/route-tail.ts';
import { draw } from '../support/draw.ts';
import { requestFactsOf } from '../support/runs.ts';

/** Requests of 1 to 20 ms, in another order; the two slowest parse. */
const PROFILES = new Map<string, Profile>(
  Array.from({ length: 20 }, (_, i) => {
    const elapsed = (((i * 7) % 20) + 1) * 1000;
    const facts = requestFactsOf({ url: `/a/${i}`, elapsed });
    const stacks = elapsed > 18_000 ? 'work parse parse parse' : 'work parse';
    return [`${elapsed}`, { ...normalizeStacks(draw(stacks), `${elapsed}`), request: facts }];
  }),
);

async function* profiles(): AsyncGenerator<Profile> {
  yield* PROFILES.values();
}

const toMicroseconds = (ms: number) => ms * 1000;

async function* read(files: readonly string[]): AsyncGenerator<Profile> {
  for (const file of files) yield PROFILES.get(file) as Profile;
}

test('compares the slowest requests with the half in the middle, per request', async () => {
  const choice = await chooseTail(profiles(), { route: 'GET /a/{id}', share: 0.1 }, routeOfProfile);
  const tail = await describeTail(choice, read);
  expect(tail).toMatchObject({ requests: 20, median: 10_500, slowestFiles: ['20000', '19000'] });
  expect([tail.slowest.requests, tail.slowest.elapsed]).toEqual([2, 19_500]);
  expect([tail.typical.requests, tail.typical.elapsed]).toEqual([10, 10_500]);
  const rows = tail.rows.map(({ fn, slowest, typical, samples }) => [
    functionAt(tail.functions, fn).name,
    Math.round(slowest / typical),
    samples,
  ]);
  expect(rows.sort()).toEqual([
    ['parse', 3, 6],
    ['work', 1, 2],
  ]);
});

test('leaves the slowest requests out of the typical ones', async () => {
  const choice = await chooseTail(profiles(), { route: 'GET /a/{id}', share: 0.5 }, routeOfProfile);
  expect(choice.slowest.map(({ elapsed }) => elapsed)).toEqual(
    [11, 12, 13, 14, 15, 16, 17, 18, 19, 20].map(toMicroseconds),
  );
  expect(choice.typical.map(({ elapsed }) => elapsed)).toEqual([6, 7, 8, 9, 10].map(toMicroseconds));
});

test('waiting is the time in no function, and never negative', async () => {
  const choice = await chooseTail(profiles(), { route: 'GET /a/{id}', share: 0.1 }, routeOfProfile);
  expect((await describeTail(choice, read)).slowest.waiting).toBe(19_500 - 4000);
  const quick = { ...choice, slowest: choice.all.slice(0, 2) };
  expect((await describeTail(quick, read)).slowest).toMatchObject({ elapsed: 1500, waiting: 0 });
});

test('needs several requests', async () => {
  const route = 'GET /none';
  await expect(chooseTail(profiles(), { route, share: 0.1 }, routeOfProfile)).rejects.toThrow(/only 0 requests/);
});
