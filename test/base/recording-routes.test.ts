import { describe, expect, test } from 'vitest';
import { recordedAt, routeOf } from '../../src/base/recording-files.ts';

const NODE = 'runs/CPU.20261122.072148.13516.1.002.cpuprofile';
const REQUEST = 'profiles/GET.resource_providers.000108ms.1552408596.prof';

describe('the route of a request', () => {
  test.each([
    [REQUEST, 'GET.resource_providers'],
    // Werkzeug writes whole ms: what stands before is an id of the path.
    ['GET.servers.12.5ms.1552408596.cpuprofile.gz', 'GET.servers.12'],
    ['C:\\profiles\\POST.a.b.7ms.1552408596.prof', 'POST.a.b'],
  ])('%s', (source, route) => {
    expect(routeOf(source)).toBe(route);
  });

  test.each([NODE, 'before.prof', 'GET.x.108ms.prof', 'GET.x.108ms.1552408596.txt', ''])('none: %s', (source) => {
    expect(routeOf(source)).toBeNull();
  });
});

describe('when it was recorded', () => {
  test('a request, in seconds since 1970', () => {
    expect(recordedAt(REQUEST)).toBe(1_552_408_596);
  });

  test('Node’s own, in seconds of that machine', () => {
    expect(recordedAt(NODE)).toBe(Date.UTC(2026, 10, 22, 7, 21, 48) / 1000);
    expect(recordedAt(`${NODE}.gz`)).toBe(recordedAt(NODE));
  });

  test('any other', () => {
    expect(recordedAt('before.prof')).toBeNull();
    expect(recordedAt('CPU.2026.07.1.0.001.cpuprofile')).toBeNull();
  });
});
