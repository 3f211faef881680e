/** Comma-separated values, parsed back. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readProfile } from '../../src/input/read-bytes.ts';
import { Stats } from '../../src/query/stats.ts';
import { reportCsv } from '../../src/render/csv.ts';
import { functionsJson, functionsReport } from '../../src/render/views/functions.ts';
import { functionsView, groupsView, relationsView, type View } from '../../src/view/views.ts';
import { pstat } from '../support/cli.ts';
import { APP, code, json, withFrames } from '../support/documents.ts';
import { hasControl } from '../support/reading.ts';
import { traced, WORKED_EXAMPLE } from '../support/traced.ts';
import { record } from '../support/v8.ts';

interface Cell {
  readonly text: string;
  readonly isQuoted: boolean;
}

/** As spreadsheets read it: cells in quotes may hold commas, line ends and doubled quotes. */
function parse(csv: string): Cell[][] {
  expect(csv.endsWith('\n')).toBe(true);
  const rows: Cell[][] = [];
  let row: Cell[] = [];
  for (let at = 0; at < csv.length; ) {
    const isQuoted = csv[at] === '"';
    const [whole = '', text = ''] =
      (isQuoted ? /^"((?:[^"]|"")*)"(?=[,\n])/ : /^([^",\n]*)(?=[,\n])/).exec(csv.slice(at)) ?? [];
    if (whole === '' && isQuoted) throw new Error(`a quote is not closed at ${at}`);
    row.push({ text: isQuoted ? text.replaceAll('""', '"') : text, isQuoted });
    at += whole.length;
    if (csv[at] === '\n') {
      rows.push(row);
      row = [];
    }
    at++;
  }
  return rows;
}

function written(view: View) {
  const stdout = reportCsv(functionsReport(view));
  const [titles = [], ...rows] = parse(stdout);
  return { stdout, titles: titles.map(({ text }) => text), rows };
}

/** Cells of a row by their titles. */
function objects(view: View): Record<string, string>[] {
  const { titles, rows } = written(view);
  return rows.map((row) => {
    expect(row).toHaveLength(titles.length);
    return Object.fromEntries(row.map(({ text }, i) => [titles[i], text]));
  });
}

/** The title of a JSON field's column. */
const withUnit = (key: string) => (key === 'tottime' || key === 'cumtime' ? `${key}_us` : key);

const plain = new Stats(record({ samples: 'main a b b native', deltas: [5000, 1000, 1000, 2000, 10], duration: 9700 }));
const python = new Stats(traced(WORKED_EXAMPLE));

describe('columns', () => {
  test.each<[string, View, string[]]>([
    ['samples', functionsView(plain, {}), ['tottime_us', 'cumtime_us', 'samples', 'cumsamples']],
    ['calls', functionsView(python, {}), ['tottime_us', 'cumtime_us', 'ncalls', 'pcalls']],
    ['groups', groupsView('package', plain, {}), ['tottime_us', 'cumtime_us', 'samples', 'cumsamples', 'functions']],
  ])('of %s are those of the JSON, in its order', (_, view, metrics) => {
    expect(written(view).titles).toEqual(['name', 'file', 'line', 'column', ...metrics]);
    const { rows } = JSON.parse(functionsJson(view));
    expect(written(view).titles).toEqual(Object.keys(rows[0]).map(withUnit));
  });

  test.each(['callers', 'callees'] as const)('of %s name both ends', (what) => {
    const word = what.slice(0, -1);
    const { titles } = written(relationsView(what, plain, { pattern: '', query: {} }));
    const other = ['name', 'file', 'line', 'column'].map((title) => `${word}_${title}`);
    expect(titles).toEqual([
      'name',
      'file',
      'line',
      'column',
      ...other,
      'tottime_us',
      'cumtime_us',
      'samples',
      'cumsamples',
    ]);
  });
});

describe('cells', () => {
  test('hold the values of the JSON, unrounded, and nothing where nothing is known', () => {
    for (const view of [functionsView(plain, {}), functionsView(python, {}), groupsView('file', python, {})]) {
      const { rows } = JSON.parse(functionsJson(view));
      expect(objects(view)).toEqual(
        (rows as Record<string, unknown>[]).map((row) =>
          Object.fromEntries(
            Object.entries(row).map(([key, value]) => [withUnit(key), value === null ? '' : String(value)]),
          ),
        ),
      );
    }
  });

  test('of callers: the function alone, then each caller with the figures of the edge', () => {
    const rows = objects(relationsView('callers', plain, { pattern: '(b)', query: {} }));
    expect(rows).toMatchObject([
      { name: 'b', caller_name: '', tottime_us: '2010', cumtime_us: '2010' },
      { name: 'b', caller_name: 'main', caller_file: 'file:///app.js', caller_line: '1', tottime_us: '2010' },
    ]);
  });

  test('texts are quoted and numbers are not', () => {
    const { rows } = written(functionsView(plain, {}));
    for (const [name, file, ...numbers] of rows) {
      expect(name?.isQuoted).toBe(true);
      expect(file?.isQuoted === true || file?.text === '').toBe(true);
      for (const { text, isQuoted } of numbers) {
        expect(isQuoted).toBe(false);
        expect(text).toMatch(/^(?:-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|)$/);
      }
    }
  });

  test('numbers below zero stay numbers, and counts beyond 2^53 stay exact', () => {
    const odd = new Stats(traced({ 'a.py:1(f)': [1, 2n ** 70n, -0.25, 1e-300, {}] }));
    const [row] = objects(functionsView(odd, {}));
    expect(row).toMatchObject({ tottime_us: '-250000', ncalls: String(2n ** 70n), pcalls: '1' });
    expect(Number(row?.['cumtime_us'])).toBe(1e-300 * 1e6);
  });

  test('infinite times are not known', () => {
    const odd = new Stats(traced({ 'a.py:1(f)': [1, 1, Number.POSITIVE_INFINITY, Number.NaN, {}] }));
    const [row] = objects(functionsView(odd, {}));
    expect(row?.['cumtime_us']).toBe('');
    expect(row?.['tottime_us']).toMatch(/^(?:Infinity)?$/);
  });
});

// ---- hostile names ------------------------------------------------------------------------------------------

function statsOf(names: readonly string[], url = APP): Stats {
  const frames = names.map((name, i) => ({ ...code(name, i), url }));
  return new Stats(readProfile(json(withFrames(...frames)), 'x.cpuprofile'));
}

const inOrder = { sort: ['line'] } as const;

const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom('"', ',', '\n', '\r', '=', '+', '-', '@', '\t', "'", ';', ' ', 'a', '\u001b', '\ud800'),
    maxLength: 8,
  }),
);

describe('untrusted names', () => {
  test('come back as they are shown, one row for each, whatever they hold', () => {
    fc.assert(
      fc.property(fc.array(anyText, { minLength: 1, maxLength: 5 }), anyText, (names, url) => {
        const view = functionsView(statsOf(names, url), inOrder);
        const { stdout, rows } = written(view);
        expect(rows).toHaveLength(names.length);
        expect(stdout.split('\n')).toHaveLength(names.length + 2);
        expect(hasControl(stdout.replaceAll('\n', ''))).toBe(false);
        rows.forEach(([name, file]) => {
          expect(name?.text).not.toMatch(FORMULA);
          expect(file?.text).not.toMatch(FORMULA);
        });
      }),
      { numRuns: 150 },
    );
  });

  test.each([
    ["=cmd()|' /C calc'!A0", "'=cmd()|' /C calc'!A0"],
    ['=HYPERLINK("http://localhost/")', '\'=HYPERLINK("http://localhost/")'],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', '\\t=1'],
    ['\r\n=1', '\\r\\n=1'],
    ['＝1', "'＝1"],
    ['comma, "quote"', 'comma, "quote"'],
    ['two\nlines', 'two\\nlines'],
    ['\u001b[31mred', '\\x1b[31mred'],
    ['\ud800', '\\ud800'],
    ['1=1', '1=1'],
    [' leading and trailing ', ' leading and trailing '],
    ['', ''],
    ['12', '12'],
  ])('%j', (name, cell) => {
    const [[first] = []] = written(functionsView(statsOf([name]), {})).rows;
    expect(first).toEqual({ text: cell, isQuoted: true });
  });

  test('a path is no formula either', () => {
    const [[, file] = []] = written(functionsView(statsOf(['f'], '=1+1'), {})).rows;
    expect(file).toEqual({ text: "'=1+1", isQuoted: true });
  });

  test('nor is the other end of an edge, nor a group', () => {
    const hostile = new Stats(
      traced({ 'a:1(f)': [1, 1, 1, 1, { '=x:1(=y)': [1, 1, 1, 1] }], '=x:1(=y)': [1, 1, 1, 1, {}] }),
    );
    for (const view of [
      relationsView('callers', hostile, { pattern: '', query: {} }),
      relationsView('callees', hostile, { pattern: '', query: {} }),
      groupsView('file', hostile, {}),
    ]) {
      for (const row of written(view).rows) for (const { text } of row) expect(text).not.toMatch(FORMULA);
    }
  });
});

describe('the command', () => {
  test('notes go to stderr, a line each, and all rows are written', async () => {
    const { stdout, stderr, code } = await pstat(['samples/GET.resource_providers.prof', '--format', 'csv']);
    expect(parse(stdout)).toHaveLength(642);
    expect(stderr).toMatch(/^note: 3 cumtimes are longer .*\n$/);
    expect(code).toBe(0);
  });

  test('a limit holds', async () => {
    const { stdout } = await pstat(['samples/GET.resource_providers.prof', '--format', 'csv', '--limit', '3']);
    expect(parse(stdout)).toHaveLength(4);
  });

  test('nothing that matches is a line of titles, and exit code 1', async () => {
    const { stdout, code } = await pstat(['samples/odd/plain.cpuprofile', '--format', 'csv', '--filter', 'zzz']);
    expect(parse(stdout)).toHaveLength(1);
    expect(code).toBe(1);
  });

  test('a terminal and colors change nothing', async () => {
    const args = ['samples/odd/hostile-names.cpuprofile', '--format', 'csv'];
    const piped = await pstat(args);
    expect(await pstat([...args, '--color', 'always'], { columns: 40, links: true })).toEqual(piped);
  });
});
