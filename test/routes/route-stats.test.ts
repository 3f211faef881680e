/** Routes from file names and contents, and their statistics. */

import { describe, expect, test } from 'vitest';
import { PstatError } from '../../src/base/errors.ts';
import { parseRequestName } from '../../src/base/recording-files.ts';
import { readRequestMetadata } from '../../src/formats/v8/request-metadata.ts';
import { normalizeStacks } from '../../src/model/normalize/sampled.ts';
import type { Profile, StacksProfile } from '../../src/model/profile.ts';
import type { RequestFacts } from '../../src/model/raw-profile.ts';
import { createRouteNamer, routeOfName, routeOfUrl } from '../../src/routes/route-name.ts';
import { collectRouteStats } from '../../src/routes/route-stats.ts';
import { draw } from '../support/draw.ts';

const REQUEST: RequestFacts = {
  method: 'GET',
  url: '/',
  route: null,
  status: 200,
  aborted: false,
  cut: false,
  start: 0,
  elapsed: 1000,
  busy: null,
  profiler: null,
  skipped: 0,
  others: 0,
  unattributed: 0,
  worker: null,
  number: null,
};

describe('a route', () => {
  test.each([
    ['/', 'GET /'],
    ['/resource_providers?limit=5', 'GET /resource_providers'],
    ['/resource_providers/42/', 'GET /resource_providers/{id}'],
    ['/rp/d45c39a3-9ec3-43c1-a2e9-17d310269470/traits', 'GET /rp/{uuid}/traits'],
    ['/rp/D45C39A39EC343C1A2E917D310269470', 'GET /rp/{uuid}'],
    ['/blobs/da39a3ee5e6b4b0d3255bfef95601890afd80709', 'GET /blobs/{id}'],
    ['/v1.0/users', 'GET /v1.0/users'],
    ['/decade/facade/deadbeefdeadbeef', 'GET /decade/facade/deadbeefdeadbeef'],
    ['http://example.com/a/1', 'GET /a/{id}'],
    ['/o/01ARZ3NDEKTSV4RRFFQ69G5FAV', 'GET /o/{id}'], // ULID
    ['/o/cjld2cjxh0000qzrmn831i7rn', 'GET /o/{id}'], // cuid
    ['/o/tz4a98xxat96iws9zmbrgj3a', 'GET /o/{id}'], // cuid2
    ['/o/V1StGXR8_Z5jdHi6B-myT', 'GET /o/{id}'], // nanoid
    ['/watch/dQw4w9WgXcQ', 'GET /watch/{id}'],
    ['/o/cus_NffrFeUfNV2Hib', 'GET /o/{id}'],
    ['/o/pi_3MtwBwLkdIwHu7ix28a3tqPa', 'GET /o/{id}'],
    ['/o/cs_test_a11YYufWQzNY63zpQ6QSNRQhkUpVph4WRmzW0zWJO2znZKdVujZ0N0S22u', 'GET /o/{id}'],
    ['/o/user_01h455vb4pex5vsknk084sn02q', 'GET /o/{id}'], // TypeID
    ['/o/order_12345', 'GET /o/{id}'],
    ['/o/john%40example.com', 'GET /o/{id}'],
    ['/o/2026-11-26', 'GET /o/{id}'],
    ['/o/2026-11-26T10:00:00.000Z', 'GET /o/{id}'],
    ['/o/507f1f77bcf86cd799439011', 'GET /o/{id}'],
    ['/watch/oHg5SJYRHA0', 'GET /watch/{id}'],
    ['/commits/3f2a9bc', 'GET /commits/{id}'],
    ['/o/a1b2c3d4e5f6', 'GET /o/{id}'],
    ['/bookings/X7K9Q2', 'GET /bookings/{id}'],
    ['/o/-25/+4915112345678', 'GET /o/{id}/{id}'],
    ['/hosts/192.168.1.17/00-1A-2B-3C-4D-5E', 'GET /hosts/{id}/{id}'],
    ['/hosts/fe80::1ff:fe23:4567:890a/00:1a:2b:3c:4d:5e', 'GET /hosts/{id}/{id}'],
    ['/near/52.52,-13.40', 'GET /near/{id}'],
    ['/browse/PROJ-123/ORD-2026-00017', 'GET /browse/{id}/{id}'],
    ['/posts/12345-a-title/another-title-67890', 'GET /posts/{id}/{id}'],
    ['/verify/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc', 'GET /verify/{id}'],
    ['/users/42.json', 'GET /users/{id}.json'],
    [`/o/${'a'.repeat(201)}`, 'GET /o/{id}'],
    [`/o/${'a'.repeat(200)}`, `GET /o/${'a'.repeat(200)}`],
    ['/1.0/v1.json/ed25519/en-US/UTF-8', 'GET /1.0/v1.json/ed25519/en-US/UTF-8'],
    ['/sha256Hash/http2Stats/base64Encode', 'GET /sha256Hash/http2Stats/base64Encode'],
    ['/404-page/top-100/web-2024/x86_64', 'GET /404-page/top-100/web-2024/x86_64'],
    ['/v2/getOAuth2TokenForUser/iphone14pro', 'GET /v2/getOAuth2TokenForUser/iphone14pro'],
    ['/my-blog-post-about-2023-cars/step_2', 'GET /my-blog-post-about-2023-cars/step_2'],
    ['/internationalization/resource_providers', 'GET /internationalization/resource_providers'],
  ])('of %s', (url, route) => {
    expect(routeOfUrl({ ...REQUEST, url })).toBe(route);
  });

  test.each([
    ['GET.root.000108ms.1552408596.prof', 'GET /', 108_000],
    ['GET.resource_providers.101ms.1795332259.prof', 'GET /resource_providers', 101_000],
    ['PUT.allocations.d45c39a3-9ec3-43c1-a2e9-17d310269470.225ms.1795331074.prof', 'PUT /allocations/{uuid}', 225_000],
    ['GET.rp.7.000001ms.1552408596.12.cpuprofile.gz', 'GET /rp/{id}', 1000],
    // django-extensions writes no method.
    ['resource_providers.7.000108ms.1552408596.prof', '/resource_providers/{id}', 108_000],
    ['root.000108ms.1552408596.prof', '/', 108_000],
    ['users.7.edit.001928ms.1439448962.prof', '/users/{id}/edit', 1_928_000],
    ['GET.users.john@example.com.edit.000108ms.1552408596.prof', 'GET /users/{id}/edit', 108_000],
    ['GET.-.@scope.pkg.dist.000108ms.1552408596.prof', 'GET /-/@scope/pkg/dist', 108_000],
    // Its option --prof-file names the parts in any order.
    ['1439448962-users.7.edit-1928ms.prof', '/users/{id}/edit', 1_928_000],
    ['1439448963-root-130ms.prof', '/', 130_000],
  ])('of the file %s', (file, route, elapsed) => {
    const name = parseRequestName(file);
    expect(name === null ? null : [routeOfName(name), name.elapsed]).toEqual([route, elapsed]);
  });

  test.each(['profile.prof', 'CPU.20260102.030405.1.0.001.cpuprofile', '000108ms.1552408596.prof'])(
    'is not in the file name %s',
    (file) => {
      expect(parseRequestName(file)).toBeNull();
    },
  );
});

describe('the pattern of a framework', () => {
  test.each([
    ['/orders/:orderId', 'GET /orders/{orderId}'],
    ['/orders/:from-:to', 'GET /orders/{from}-{to}'],
    ['/orders/:id(\\d+)/', 'GET /orders/{id}'],
    ['/tenants/42/orders/:id', 'GET /tenants/{id}/orders/{id}'], // Express: baseUrl holds what was matched
    ['/files/*', 'GET /files/*'],
  ])('%s is the route', (route, expected) => {
    expect(routeOfUrl({ ...REQUEST, url: '/some/thing', route })).toBe(expected);
  });
});

describe('a route pattern of the user', () => {
  const name = (patterns: string[], url: string, method = 'GET') =>
    createRouteNamer(patterns)(request({ url, method, route: '/framework' }));

  test.each([
    [['/pages/{page}'], '/pages/about', 'GET /pages/{page}'],
    [['/pages/:page'], '/pages/about', 'GET /pages/{page}'],
    [['/files/*'], '/files/a/b/c?x=1', 'GET /files/*'],
    [['/pages/new', '/pages/{page}'], '/pages/new', 'GET /pages/new'],
    [['GET /pages/{page}'], '/pages/about', 'GET /pages/{page}'],
    [['POST /pages/{page}'], '/pages/about', 'GET /framework'],
    [['/pages/{page}'], '/pages/about/edit', 'GET /framework'],
    [['/'], '/', 'GET /'],
  ])('%j names %s', (patterns, url, route) => {
    expect(name(patterns, url)).toBe(route);
  });

  test('also names requests by their file names', () => {
    const profile = normalizeStacks(draw('a'), 'v1.0.pages.about.000108ms.1552408596.prof');
    expect(createRouteNamer(['/v1.0/pages/{page}'])(profile)).toBe('/v1.0/pages/{page}');
  });

  test.each(['pages', '/a b', '/a/*/b', 'get /a', '/a?b=1', ''])('%j is rejected', (pattern) => {
    expect(() => createRouteNamer([pattern])).toThrow(PstatError);
  });
});

/** A request that spends its time in one function. */
function request(facts: Partial<RequestFacts>, file = 'x.cpuprofile', fn = 'work'): StacksProfile {
  return { ...normalizeStacks(draw(`${fn} ${fn}`), file), request: { ...REQUEST, ...facts } };
}

async function statsOf(profiles: readonly Profile[]) {
  return collectRouteStats(
    (async function* () {
      yield* profiles;
    })(),
  );
}

describe('route statistics', () => {
  test('separate routes and statuses, and rank requests by time', async () => {
    const times = [5, 1, 3, 2, 4].map((ms) => request({ url: `/a/${ms}`, elapsed: ms * 1000 }, `${ms}.cpuprofile`));
    const { routes, requests, failed, total } = await statsOf([...times, request({ url: '/a/9', status: 404 })]);
    expect([requests, failed, total]).toEqual([6, 0, 16_000]);
    expect(routes.map(({ route, status }) => [route, status])).toEqual([
      ['GET /a/{id}', 200],
      ['GET /a/{id}', 404],
    ]);
    expect(routes[0]).toMatchObject({ requests: 5, median: 3000, p95: null, slowest: 5000, total: 15_000 });
    expect(routes[0]).toMatchObject({ slowestFile: '5.cpuprofile', medianFile: '3.cpuprofile' });
    expect(routes[0]?.hottest).toMatchObject({ name: 'work', share: 1 });
  });

  test('count failed and skipped requests', async () => {
    const { failed, skipped } = await statsOf([
      request({ status: 500, skipped: 3 }),
      request({ status: 200, aborted: true, skipped: 4 }),
      request({ status: 404 }),
    ]);
    expect([failed, skipped]).toEqual([2, 7]);
  });

  test('list the first request of each process if the files say so', async () => {
    const { coldStarts } = await statsOf([
      request({ worker: '1/0', number: 1, elapsed: 9000, start: 5000 }, 'cold-1'),
      request({ worker: '1/0', number: 2, elapsed: 3000 }, 'warm-1'),
      request({ worker: '2/0', number: 1, elapsed: 6000, start: 4000 }, 'cold-2'),
      request({ worker: '2/0', number: 7, elapsed: 2000 }, 'warm-2'),
    ]);
    expect(coldStarts.map(({ file, confirmed, ratioToMedian }) => [file, confirmed, ratioToMedian])).toEqual([
      ['cold-2', true, 2],
      ['cold-1', true, 3],
    ]);
  });

  test('compare a first request with the others of its route, also with those that took as long', async () => {
    const times = [5, 5, 9].map((ms, i) => request({ worker: '1/0', number: i + 1, elapsed: ms * 1000 }));
    expect((await statsOf(times)).coldStarts).toMatchObject([{ ratioToMedian: 5 / 7, others: 2 }]);
  });

  test('list the earliest request if the files do not say', async () => {
    const profiles = [9, 100, 11].map((ms, i) => ({
      ...normalizeStacks(draw('a'), `GET.a.0000${ms}ms.155240859${(i + 1) % 3}.cpuprofile`),
    }));
    const { coldStarts } = await statsOf(profiles);
    expect(coldStarts).toMatchObject([{ file: 'GET.a.000011ms.1552408590.cpuprofile', confirmed: false }]);
  });

  test('p95 is known from 20 requests on', async () => {
    const profiles = Array.from({ length: 20 }, (_, i) => request({ url: `/a/${i}`, elapsed: (i + 1) * 1000 }));
    expect((await statsOf(profiles)).routes).toMatchObject([{ p95: 19_000 }]);
  });

  test('name the hottest function of the route and that of its slowest request', async () => {
    const { routes } = await statsOf([
      request({ elapsed: 1000 }, 'a', 'usual'),
      request({ elapsed: 9000 }, 'b', 'rare'),
      request({ elapsed: 1000 }, 'c', 'usual'),
    ]);
    expect(routes).toMatchObject([
      { hottest: { name: 'usual', samples: 4 }, slowestHottest: { name: 'rare', samples: 2 } },
    ]);
  });

  test('take the last of the slowest requests that took equally long', async () => {
    const { routes } = await statsOf([
      request({ elapsed: 9000 }, 'a', 'one'),
      request({ elapsed: 9000 }, 'b', 'other'),
      request({ elapsed: 1000 }, 'c', 'third'),
    ]);
    expect(routes).toMatchObject([{ slowestFile: 'b', slowestHottest: { name: 'other' } }]);
  });

  test('never name idle time', async () => {
    const kindOf = (name: string) => (name === '(idle)' ? 'idle' : 'js');
    const describe = (name: string) => ({ kind: kindOf(name), name, file: '', line: 0, column: 0 }) as const;
    const profile = normalizeStacks(draw('(idle) (idle) work', { describe }), 'x');
    const { routes } = await statsOf([{ ...profile, request: REQUEST }]);
    expect(routes).toMatchObject([{ hottest: { name: 'work', tottime: 1000, share: 1 } }]);
  });

  test('never name a function of the profiler, which recordings of earlier versions hold', async () => {
    const profile = request({}, 'x', 'app');
    const { length } = profile.functions;
    const file = Array.from({ length }, (_, fn) =>
      profile.functions.name[fn] === 'app' ? '/srv/node_modules/pstat-cli/dist/chunks/chunk-A.js' : '',
    );
    const own = { ...profile, functions: { ...profile.functions, file } };
    expect((await statsOf([own])).routes).toMatchObject([{ hottest: null, slowestHottest: null }]);
  });

  test('count profiles of no request as unrecognized', async () => {
    const { unrecognized, requests } = await statsOf([normalizeStacks(draw('a'), 'app.cpuprofile'), request({})]);
    expect([unrecognized, requests]).toEqual([1, 1]);
  });
});

describe('the request metadata of a file', () => {
  test('is checked field by field', () => {
    const metadata = {
      method: 'PUT',
      url: '/a',
      status: 'OK',
      elapsed: -1,
      pid: 7,
      thread: 0,
      number: 3,
      start: 'never',
    };
    expect(readRequestMetadata(metadata)).toEqual({
      ...REQUEST,
      method: 'PUT',
      url: '/a',
      status: null,
      elapsed: null,
      start: null,
      skipped: null,
      others: null,
      unattributed: null,
      worker: '7/0',
      number: 3,
    });
  });

  test.each([null, 1, [], {}, { url: '/a' }, { method: 'GET', url: 7 }])('is null for %j', (value) => {
    expect(readRequestMetadata(value)).toBeNull();
  });
});
