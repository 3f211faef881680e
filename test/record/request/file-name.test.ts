/** Names of files: like Werkzeug's, and safe for any URL. */

import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRecordingTime, parseRequestName } from '../../../src/base/recording-files.ts';
import { createNamer, DEFAULT_NAME } from '../../../src/record/request/file-name.ts';
import { routeOfName } from '../../../src/routes/route-name.ts';

const START = new Date(1552408596_400);

function nameOf(url: string, given: { format?: string; method?: string; elapsed?: number } = {}): string {
  const { format = DEFAULT_NAME, method = 'GET', elapsed = 107.6 } = given;
  return createNamer(format)({ method, url, status: 200, elapsed, start: START });
}

/** Returns the part of the name that stands for the URL's path. */
function pathIn(url: string): string {
  return nameOf(url, { format: '{path}' }).replace(/\.cpuprofile$/, '');
}

describe('the file name', () => {
  test('is like Werkzeug’s, with the time of the start', () => {
    expect(nameOf('/resource_providers?limit=5')).toBe('GET.resource_providers.000108ms.1552408596.cpuprofile');
  });

  test.each([
    ['/', 'root'],
    ['', 'root'],
    ['//', 'root'],
    ['/a/b/c', 'a.b.c'],
    ['/a/b/c/', 'a.b.c'],
    ['//a//b//', 'a.b'],
    ['/a?b/c', 'a'],
    ['/a#b', 'a'],
    ['*', '_'],
    ['http://example.com/a/b', 'a.b'],
    ['http://example.com', 'root'],
    ['/..', 'root'],
    ['/../../etc/passwd', 'etc.passwd'],
    ['/%2e%2e/%2e%2e/etc/passwd', 'etc.passwd'],
    ['/..%2f..%2fetc', '_._etc'],
    ['/a%2Fb', 'a_b'],
    ['/a\\..\\b', 'a_._b'],
    ['/%00%1b[31m', '_31m'],
    ['/.hidden', 'hidden'],
    ['/-rf', 'rf'],
    ['/caf%C3%A9', 'café'],
    ['/cafe%CC%81', 'café'],
    ['/%E0%A4%A', '%E0%A4%A'],
    ['/%F0%9F%92%A9', '_'],
    ['/a b', 'a_b'],
    ['/a;b&c$d`e"f\'g', 'a_b_c_d_e_f_g'],
    ['/v1.0/x', 'v1.0.x'],
    ['/a..b', 'a.b'],
    ['/%E2%80%AEgnp', '_gnp'],
  ])('holds the path of %j', (url, expected) => {
    expect(pathIn(url)).toBe(expected);
  });

  test.each([
    [0, '000000ms'],
    [0.4, '000000ms'],
    [1_234_567.8, '1234568ms'],
  ])('formats %d ms in six digits or more', (elapsed, expected) => {
    expect(nameOf('/', { elapsed })).toContain(`.${expected}.`);
  });

  test('fills in the fields of a format', () => {
    const format = '{status}-{method}-{path}-{elapsed}-{time}-{pid}';
    expect(nameOf('/a/b', { format })).toBe(`200-GET-a.b-000108-1552408596-${process.pid}.cpuprofile`);
  });

  test('rejects a format with an unknown field', () => {
    expect(() => createNamer('{methud}')).toThrow(/unknown field \{methud\}; the fields are method, path, elapsed/);
    expect(() => createNamer('{constructor}')).toThrow(/unknown field \{constructor\}/);
  });

  test('is sanitized if a function returns it', () => {
    const served = { method: 'GET', url: '/a/b', status: null, elapsed: 1, start: START };
    expect(createNamer(({ path: route, status }) => `../${route}/${status}`)(served)).toBe('_a.b_null.cpuprofile');
    expect(createNamer(() => '')(served)).toBe('request.cpuprofile');
    expect(createNamer(() => 'con')(served)).toBe('_con.cpuprofile');
  });

  test.each(['/', '/%C3%A9', '/%F0%90%8D%88'])('keeps its other fields if the URL is very long: %s', (part) => {
    const name = nameOf(part.repeat(300));
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(240);
    if (part !== '/') expect(name).toMatch(/^GET\..+~\.000108ms\.1552408596\.cpuprofile$/u);
  });

  test('can be parsed for its route and time', () => {
    const name = parseRequestName(`profiles/${nameOf('/a/b')}`);
    expect(name === null ? null : routeOfName(name)).toBe('GET /a/b');
    expect(parseRecordingTime(nameOf('/a/b'))).toBe(1_552_408_596);
  });
});

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  fc
    .array(
      fc.constantFrom('..', '/', '\\', '%2e', '%2f', '%5c', '%00', '\0', '\n', 'é', '💩', '\u202e', 'CON', ':', '~'),
      {
        maxLength: 300,
      },
    )
    .map((parts) => parts.join('')),
);

test('no URL leads outside the folder, hides a file or adds special characters', () => {
  fc.assert(
    fc.property(hostile, fc.constantFrom(DEFAULT_NAME, '{path}', '{path}{path}', '{method}/{path}'), (url, format) => {
      const name = nameOf(url, { format });
      expect(path.basename(name)).toBe(name);
      expect(path.win32.basename(name)).toBe(name);
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(240);
      expect(name).toMatch(/^[^.-][\p{L}\p{N}\p{M}._~@%+,=-]*\.cpuprofile$/u);
      expect(name).not.toContain('..');
    }),
    { numRuns: 250 },
  );
});
