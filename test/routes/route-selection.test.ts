import { describe, expect, test } from 'vitest';
import { routeOfProfile } from '../../src/routes/route-name.ts';
import { RouteSelection } from '../../src/routes/route-selection.ts';
import { sampledProfile, tracedProfile } from '../support/runs.ts';

const request = (url: string, method = 'GET') => sampledProfile([{ name: 'f' }], { request: { url, method } });
const program = tracedProfile([{ name: 'f' }]);

describe('the route of a profile', () => {
  test('comes from its content first', () => {
    const profile = { ...request('/customers/7'), sources: ['GET.orders.000012ms.1552408596.cpuprofile'] };
    expect(routeOfProfile(profile)).toBe('GET /customers/{id}');
  });

  test('comes from its name otherwise', () => {
    expect(routeOfProfile(tracedProfile([], 'a/GET.customers.7.000012ms.1552408596.prof'))).toBe('GET /customers/{id}');
    expect(routeOfProfile(tracedProfile([], 'a/customers.7.000012ms.1552408596.prof'))).toBe('/customers/{id}');
  });

  test('is null for a whole program', () => {
    expect(routeOfProfile(program)).toBeNull();
  });
});

describe('RouteSelection', () => {
  test('accepts only requests of its route', () => {
    const selection = new RouteSelection('GET /customers/{id}');
    expect([request('/customers/1'), request('/customers/2?x=1')].map((each) => selection.accepts(each))).toEqual([
      true,
      true,
    ]);
    expect(
      [request('/customers'), request('/customers/1', 'PUT'), program].map((each) => selection.accepts(each)),
    ).toEqual([false, false, false]);
  });

  test('names the nearest routes if it accepted nothing', () => {
    const selection = new RouteSelection('GET /customer/{id}');
    for (const url of ['/customers/1', '/customers/2', '/orders']) selection.accepts(request(url));
    expect(selection.noMatch()).toMatchObject({
      kind: 'no-match',
      message: "no request of the route 'GET /customer/{id}'; the nearest: GET /customers/{id}, GET /orders",
    });
  });

  test('says so if no profile is of a request', () => {
    const selection = new RouteSelection('GET /');
    selection.accepts(program);
    expect(selection.noMatch().message).toBe("no request of the route 'GET /': no profile here is of a request");
  });

  test('escapes control characters of routes', () => {
    const selection = new RouteSelection('GET /');
    selection.accepts(request('/\u001b[31m'));
    expect(selection.noMatch().message).toContain('\\x1b[31m');
  });
});
