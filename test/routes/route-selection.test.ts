import { describe, expect, test } from 'vitest';
import { routeOf } from '../../src/routes/route-name.ts';
import { RouteSelection } from '../../src/routes/route-selection.ts';
import { sampledProfile, tracedProfile } from '../support/runs.ts';

const request = (url: string, method = 'GET') => sampledProfile([{ name: 'f' }], { request: { url, method } });
const program = tracedProfile([{ name: 'f' }]);

describe('the route of a profile', () => {
  test('is told by its content first', () => {
    const profile = { ...request('/customers/7'), sources: ['GET.orders.000012ms.1552408596.cpuprofile'] };
    expect(routeOf(profile)).toBe('GET /customers/{id}');
  });

  test('is told by its name otherwise', () => {
    expect(routeOf(tracedProfile([], 'a/GET.customers.7.000012ms.1552408596.prof'))).toBe('GET /customers/{id}');
    expect(routeOf(tracedProfile([], 'a/customers.7.000012ms.1552408596.prof'))).toBe('/customers/{id}');
  });

  test('is none of a whole program', () => {
    expect(routeOf(program)).toBeNull();
  });
});

describe('a selection', () => {
  test('accepts the requests of its route and nothing else', () => {
    const selection = new RouteSelection('GET /customers/{id}');
    expect([request('/customers/1'), request('/customers/2?x=1')].map((each) => selection.accepts(each))).toEqual([
      true,
      true,
    ]);
    expect(
      [request('/customers'), request('/customers/1', 'PUT'), program].map((each) => selection.accepts(each)),
    ).toEqual([false, false, false]);
  });

  test('that accepted nothing names the nearest routes that it saw', () => {
    const selection = new RouteSelection('GET /customer/{id}');
    for (const url of ['/customers/1', '/customers/2', '/orders']) selection.accepts(request(url));
    expect(selection.noMatch()).toMatchObject({
      kind: 'no-match',
      message: "no request of the route 'GET /customer/{id}'; the nearest: GET /customers/{id}, GET /orders",
    });
  });

  test('that saw no request says so', () => {
    const selection = new RouteSelection('GET /');
    selection.accepts(program);
    expect(selection.noMatch().message).toBe("no request of the route 'GET /': no profile here is of a request");
  });

  test('prints routes in visible characters', () => {
    const selection = new RouteSelection('GET /');
    selection.accepts(request('/\u001b[31m'));
    expect(selection.noMatch().message).toContain('\\x1b[31m');
  });
});
