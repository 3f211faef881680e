/** Places that a terminal opens (OSC 8): where they lead, and that no path can act through them. */

import { fileURLToPath, pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { linkText } from '../../../src/render/table/hyperlink.ts';
import { pstat } from '../../support/cli.ts';

/** The address that a text leads to; null for a text that leads nowhere. */
function target(file: string | null, text = 'x.js:1'): string | null {
  const whole = linkText(text, file);
  if (whole === text) return null;
  const [, url] = /^\u001b\]8;;([^\u0007\u001b]*)\u0007x\.js:1\u001b\]8;;\u0007$/.exec(whole) ?? [];
  if (url === undefined) throw new Error(`no link: ${JSON.stringify(whole)}`);
  return url;
}

describe('a file on the disk is led to', () => {
  test.each([
    '/srv/app/main.js',
    '/srv/my app/main.js',
    '/srv/資源/提供者.py',
    '/srv/app/(group)/[id].js',
    "/srv/it's/a;b,c&d=e+f@g!h$i.js",
    '/srv/100%/x.js',
    '/srv/a%20b/x.js',
    '/srv/e\u0301/é.js',
    '/srv/rocket 🚀.js',
    '/',
  ])('by its path: %s', (path) => {
    expect(fileURLToPath(target(path) ?? '')).toBe(path);
  });

  test.each([
    'file:///srv/app/main.js',
    'file:///srv/my%20app/main.js',
    'file:///srv/my app/main.js',
    'file:///srv/%E8%B3%87/x.js',
    'file:///srv/資源/x.js',
    'file:///srv/100%25/x.js',
    'file:///srv/100%2523/x.js',
  ])('by its URL: %s', (url) => {
    expect(fileURLToPath(target(url) ?? '')).toBe(fileURLToPath(url));
  });

  // Bare, they would begin a fragment and a query.
  test.each(['/srv/c#/main.js', '/srv/what?/main.js', '/srv/a#1?b/main.js'])('by its path: %s', (path) => {
    expect(fileURLToPath(target(path) ?? '')).toBe(path);
  });

  // Their percent sign must not be encoded again.
  test.each(['/srv/c#/main.js', '/srv/what?/main.js'])("by Node's URL of %s", (path) => {
    const url = pathToFileURL(path).href;
    expect(fileURLToPath(target(url) ?? '')).toBe(path);
  });
  // Node evaluates a module anew for another query or fragment.
  test.each(['file:///srv/mod%20a.mjs?update=2', 'file:///srv/mod%20a.mjs#frag', 'file:///srv/mod%20a.mjs?a#b?c'])(
    'by the URL of a module that was imported again: %s',
    (url) => {
      expect(fileURLToPath(target(url) ?? '')).toBe('/srv/mod a.mjs');
    },
  );

  test('by a URL that encodes more than it must', () => {
    expect(fileURLToPath(target('file:///srv/node_modules/%40scope/x.js') ?? '')).toBe('/srv/node_modules/@scope/x.js');
  });
});

test.each([
  null,
  '',
  'node:fs',
  'native',
  'main.js',
  'lib/main.js',
  '~',
  '<frozen importlib._bootstrap>',
  'http://example.com/x.js',
  'javascript:alert(1)',
  'file://host/share/x.js',
  '//host/share/x.js',
  'wasm://wasm/7a1c',
  'evalmachine.<anonymous>',
  '\u001b]8;;http://example.com\u0007',
])('%j leads nowhere', (file) => {
  expect(target(file)).toBeNull();
});

describe('no path acts on the terminal', () => {
  test.each([
    '/srv/\u0007\u001b]8;;http://example.com\u0007x.js',
    '/srv/\u001b\\x.js',
    '/srv/\u009c\u009b2J.js',
    '/srv/two\nlines\r.js',
    '/srv/\0.js',
    '/srv/\u202etxt.js',
    '/srv/\ud800.js',
    '/srv/\udc00\ud800.js',
    'file:///srv/%07%1b]8;;http:%2f%2fexample.com%07.js',
    'file:///srv/%C2%9C%C2%9B2J.js',
    'file:///srv/%9b2J.js',
    'file:///srv/%0d%0a.js',
    'file:///srv/%00.js',
    'file:///srv/%ff%fe.js',
    'file:///srv/%E2%80%AE.js',
    'file:///srv/%ED%A0%80.js',
    'file:///srv/%.js',
    'file:///srv/%zz.js',
    'file:///srv/\ud800%20.js',
    'file:///',
  ])('%j', (file) => {
    const url = target(file);
    if (url !== null) expect(url).toMatch(/^file:\/\/\/[\x21-\x7e]*$/);
    else expect(linkText('x.js:1', file)).toBe('x.js:1');
  });

  test('whatever it holds: an address is visible ASCII, and the text stays as it is', () => {
    const path = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({
        unit: fc.constantFrom(
          '%',
          '0',
          '7',
          '1',
          'b',
          'B',
          'C',
          '2',
          '9',
          'E',
          'D',
          'A',
          '8',
          '/',
          '\u0007',
          '\u001b',
          '\ud800',
        ),
      }),
    );
    fc.assert(
      fc.property(fc.constantFrom('/', 'file:///', ''), path, (start, rest) => {
        const url = target(start + rest);
        if (url === null) return;
        expect(url).toMatch(/^file:\/\/\/[\x21-\x7e]*$/);
      }),
      { numRuns: 150 },
    );
  });
});

describe('the command', () => {
  const args = ['samples/odd/hostile-names.cpuprofile', '--limit', '0'];
  const link = /\u001b\]8;;/;

  test('links where the terminal opens links, and only in color', async () => {
    expect((await pstat([...args, '--color', 'always'], { columns: 80, links: true })).stdout).toMatch(link);
    expect((await pstat([...args, '--color', 'never'], { columns: 80, links: true })).stdout).not.toMatch(link);
    expect((await pstat([...args, '--color', 'always'], { columns: 80 })).stdout).not.toMatch(link);
    expect((await pstat([...args, '--color', 'always', '--json'], { columns: 80, links: true })).stdout).not.toMatch(
      link,
    );
  });

  test('a screen with links is the screen without them, once they are taken out', async () => {
    const without = await pstat([...args, '--color', 'always'], { columns: 80 });
    const { stdout } = await pstat([...args, '--color', 'always'], { columns: 80, links: true });
    expect(stdout.replaceAll(/\u001b\]8;;[\x21-\x7e]*\u0007/g, '')).toBe(without.stdout);
  });

  test('every link is closed on its line', async () => {
    const { stdout } = await pstat([...args, '--color', 'always'], { columns: 80, links: true });
    for (const line of stdout.split('\n')) {
      const marks = [...line.matchAll(/\u001b\]8;;([^\u0007]*)\u0007/g)].map(([, url]) => url !== '');
      expect(marks.every((opens, i) => opens === (i % 2 === 0))).toBe(true);
      expect(marks.length % 2).toBe(0);
    }
  });
});
