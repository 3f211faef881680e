/** Source-mapped places that VS Code's debugger adds to a profile. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readProfile } from '../../../src/index.ts';
import { APP, code, type Document, json, plain, tree, withFrames } from '../../support/documents.ts';
import { linesOf } from '../../support/lines.ts';
import { attempt, examine, known, rowsOf, timesOf } from '../../support/reading.ts';

interface Place {
  readonly lineNumber?: unknown;
  readonly columnNumber?: unknown;
  readonly source?: unknown;
}

/** A place in a source, 1-based as VS Code has it. */
function place(path: string, lineNumber: number, columnNumber = 1): Place {
  return { lineNumber, columnNumber, source: { name: path.split('/').at(-1), path, sourceReference: 0 } };
}

/** The plain recording; location 0 is main's, 1 is a's, 2 is b's. */
function withPlaces(...locations: readonly (readonly unknown[])[]): Document {
  const locationOf: Readonly<Record<string, number>> = { main: 0, a: 1, b: 2 };
  const nodes = tree().map((node) => {
    const locationId = locationOf[String(node.callFrame.functionName)];
    return locationId === undefined ? node : { ...node, locationId };
  });
  const listed = locations.map((places) => ({ callFrame: code('x'), locations: places }));
  return plain({ nodes, $vscode: { rootPath: '/srv/app', locations: listed } });
}

function placesOf(document: unknown): Record<string, string> {
  const profile = readProfile(json(document), 'file.cpuprofile');
  examine(profile);
  const rows = rowsOf(profile).filter(({ kind }) => kind === 'js');
  return Object.fromEntries(rows.map(({ name, file, line, column }) => [name, `${file}:${line}:${column}`]));
}

const UNMAPPED = { main: `${APP}:1:1`, a: `${APP}:10:1`, b: `${APP}:20:1` };

test('mapped places replace the generated ones; lines and columns are 1-based', () => {
  const document = withPlaces([place('/srv/app/src/main.ts', 12, 3)], [place('/srv/app/src/a.ts', 1)], []);
  expect(placesOf(document)).toEqual({
    main: '/srv/app/src/main.ts:12:3',
    a: '/srv/app/src/a.ts:1:1',
    b: UNMAPPED.b,
  });
});

test('mapped places change no figure', () => {
  const document = withPlaces([place('/srv/app/src/main.ts', 12)], [], [place('/srv/app/src/b.ts', 3)]);
  expect(timesOf(readProfile(json(document), 'x')).filter((times) => !times.endsWith('/0'))).toEqual([
    'main 1000/4700',
    'a 1000/1000',
    'b 2700/2700',
  ]);
});

test('ticks get the lines of their original places, if those are in the file of the function', () => {
  const document = withPlaces(
    [place('/srv/app/src/main.ts', 12)],
    [place('/srv/app/src/main.ts', 14)],
    [place('/x.ts', 1)],
  );
  const ticks = [0, 1, 2, 3].map((startLocationId) => ({ line: 500, ticks: 1, startLocationId }));
  const nodes = document.nodes.map((node) => (node.id === 5 ? { ...node, positionTicks: ticks } : node));
  const profile = readProfile(json({ ...document, nodes }), 'file.cpuprofile');
  expect(linesOf(profile)).toEqual(['main:12 500/1', 'main:14 500/0']);
});

test('the first place with a path is used', () => {
  const places = [
    { lineNumber: 1 },
    { lineNumber: 2, source: { name: 'a' } },
    place('/x/3.ts', 3),
    place('/x/4.ts', 4),
  ];
  expect(placesOf(withPlaces(places))['main']).toBe('/x/3.ts:3:1');
});

test('a column may be missing', () => {
  expect(placesOf(withPlaces([{ lineNumber: 7, source: { path: '/x.ts' } }]))['main']).toBe('/x.ts:7:0');
});

test('paths are kept as written', () => {
  for (const path of ['C:\\srv\\main.ts', '/srv/with space.ts', '__proto__', '/srv/資源.ts']) {
    expect(placesOf(withPlaces([place(path, 1)]))['main']).toBe(`${path}:1:1`);
  }
});

test('functions with one original place are one function; others of one generated line are not', () => {
  const generated = withFrames(code('f', 0, 10), code('f', 0, 20), code('f', 0, 30));
  const nodes = generated.nodes.map((node, i) => (i === 0 ? node : { ...node, locationId: i - 1 }));
  const locations = [place('/a.ts', 3), place('/a.ts', 3), place('/b.ts', 3)].map((each) => ({ locations: [each] }));
  const rows = rowsOf(readProfile(json({ ...generated, nodes, $vscode: { locations } }), 'x'));
  expect(rows.map(({ file, self }) => `${file} ${self}`)).toEqual(['/a.ts 2000', '/b.ts 1000']);
});

test("V8's own nodes stay what they are, though each has a location too", () => {
  const nodes = tree().map((node, i) => ({ ...node, locationId: i }));
  const locations = nodes.map(({ callFrame }) => ({ callFrame, locations: [] }));
  const profile = readProfile(json(plain({ nodes, samples: [5, 4, 3, 2], $vscode: { locations } })), 'x');
  expect(rowsOf(profile).map(({ kind }) => kind)).toEqual(['program', 'gc', 'idle', 'js', 'js', 'js']);
});

describe('invalid places are ignored', () => {
  const good = [place('/srv/app/src/main.ts', 12, 3)];

  test.each<[string, unknown]>([
    ['no locationId', undefined],
    ['null', null],
    ['beyond the list', 99],
    ['below zero', -1],
    ['a fraction', 0.5],
    ['a text', '0'],
    ['__proto__', '__proto__'],
  ])('a location that is %s', (_, locationId) => {
    const document = withPlaces(good);
    const nodes = document.nodes.map((node) => (node.id === 5 ? { ...node, locationId } : node));
    expect(placesOf({ ...document, nodes })['main']).toBe(UNMAPPED.main);
  });

  test.each<[string, unknown]>([
    ['null', null],
    ['a list', [{ locations: [good] }]],
    ['a text', '/srv/app'],
    ['without locations', { rootPath: '/srv/app' }],
    ['locations that are an object', { locations: { 0: { locations: good } } }],
    ['locations of nothing', { locations: [null, 3, [], {}] }],
    ['places that are an object', { locations: [{ locations: { 0: good[0] } }] }],
    ['places that are nothing', { locations: [{ locations: [null, 7, 'x', []] }] }],
    ['places without a source', { locations: [{ locations: [{ lineNumber: 3 }] }] }],
    ['a path that is a number', { locations: [{ locations: [{ lineNumber: 3, source: { path: 3 } }] }] }],
    ['a line that is a text', { locations: [{ locations: [{ lineNumber: '3', source: { path: '/x' } }] }] }],
  ])('$vscode that is %s', (_, $vscode) => {
    expect(placesOf({ ...withPlaces(good), $vscode })).toEqual(UNMAPPED);
  });

  test('any value there gives a profile or a PstatError', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (line, column, source) => {
        const outcome = attempt(json(withPlaces([{ lineNumber: line, columnNumber: column, source }])));
        examine(outcome);
      }),
      { numRuns: 150 },
    );
  });
});

test('an empty list of places changes nothing', () => {
  expect(placesOf(plain({ $vscode: { locations: [] } }))).toEqual(UNMAPPED);
  expect(known(placesOf(withPlaces())['main'])).toBe(UNMAPPED.main);
});
