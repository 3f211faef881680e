/** Tables for people: they fit the terminal, and file names stay whole. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escapeControls } from '../../../src/base/text.ts';
import type { FunctionInfo } from '../../../src/model/function-table.ts';
import type { Profile } from '../../../src/model/profile.ts';
import type { SortKey } from '../../../src/query/sort-keys.ts';
import { Stats } from '../../../src/query/stats.ts';
import { reportTable } from '../../../src/render/table/table.ts';
import { width } from '../../../src/render/table/width.ts';
import { PLAIN_THEME } from '../../../src/render/theme.ts';
import { functionsReport } from '../../../src/render/views/functions.ts';
import { functionsView, groupsView, relationsView, type View } from '../../../src/view/views.ts';
import { profileOf } from '../../support/stacks.ts';
import { traced } from '../../support/traced.ts';

function lines(view: View, columns: number | null): string[] {
  const screen = reportTable(functionsReport(view), { columns, theme: PLAIN_THEME, links: false });
  expect(screen.endsWith('\n')).toBe(true);
  return screen.slice(0, -1).split('\n');
}

interface Named {
  readonly name: string;
  readonly file: string;
}

/** Each function calls the next one; each has as much time as it pleases. */
function sampledOf(functions: readonly Named[], weights: readonly number[]): Profile {
  const describe = (name: string): FunctionInfo => {
    const i = Number(name);
    const { name: given = '', file = '' } = functions[i] ?? {};
    return { kind: 'js', name: given, file, line: i + 1, column: 1 };
  };
  const keys = functions.map((_, i) => String(i));
  const stacks = keys.map((_, i) => ({ stack: keys.slice(0, i + 1), weight: weights[i % weights.length] ?? 0 }));
  return profileOf([...stacks, { stack: [], weight: 0 }], { describe });
}

function tracedOf(functions: readonly Named[], weights: readonly number[]): Profile {
  const key = ({ name, file }: Named, i: number) => `${file}:${i + 1}(${name})`;
  return traced(
    Object.fromEntries(
      functions.map((each, i) => {
        const seconds = (weights[i % weights.length] ?? 0) / 1e4;
        const caller = functions[i - 1];
        const callers = caller === undefined ? {} : { [key(caller, i - 1)]: [9, 9, seconds, seconds] as const };
        return [key(each, i), [10 ** (i + 1), 10 ** (i + 2), seconds, seconds * 3, callers]];
      }),
    ),
  );
}

const anyName = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom(
    'main',
    'handleRequestOfResourceProviders',
    'x'.repeat(200),
    '資源提供者'.repeat(9),
    'a b c',
    '👨‍👩‍👧',
  ),
);
const folder = fc.constantFrom(
  '',
  '/',
  '/srv/app/',
  '/srv/app/a/very/deep/folder/of/sources/',
  '/srv/app/node_modules/@scope/name/lib/',
);
const anyFile = fc.tuple(folder, anyName).map(([above, base]) => above + base);
const functions = fc.array(fc.record({ name: anyName, file: anyFile }), { minLength: 1, maxLength: 6 });
const weights = fc.array(fc.oneof(fc.nat(100), fc.nat(5_000_000)), { minLength: 1, maxLength: 6 });
const question = fc.record({
  sort: fc.constantFrom<readonly SortKey[]>([], ['cumtime'], ['name']),
  limit: fc.constantFrom(0, 1, 2),
});

/** Every kind of screen of one profile. */
function views(profile: Profile, query: { sort: readonly SortKey[]; limit: number }): View[] {
  const stats = new Stats(profile);
  // Of groups of pairs no cumtime is known, and sorting by it is refused.
  const grouped = 'callTree' in profile ? query : { ...query, sort: [] };
  return [
    functionsView(stats, query),
    relationsView('callers', stats, { pattern: '', query }),
    relationsView('callees', stats, { pattern: '', query }),
    groupsView('file', stats, grouped),
    groupsView('category', stats, grouped),
  ];
}

const pythonName = anyName.filter((name) => !/[()\n]/.test(name));
const pythonFunctions = fc.uniqueArray(
  fc.record({ name: pythonName, file: fc.tuple(folder, pythonName).map(([above, base]) => `${above}${base}.py`) }),
  { minLength: 1, maxLength: 6, selector: ({ name, file }) => `${file} ${name}` },
);

describe('no line is wider than the terminal, whatever names and paths are', () => {
  const expectToFit = (all: readonly View[], room: number) => {
    for (const view of all) for (const line of lines(view, room)) expect(width(line), line).toBeLessThanOrEqual(room);
  };

  test('samples', () => {
    fc.assert(
      fc.property(functions, weights, fc.integer({ min: 40, max: 160 }), question, (named, times, room, query) => {
        expectToFit(views(sampledOf(named, times), query), room);
      }),
      { numRuns: 100 },
    );
  });

  // Counts of nine digits, twice, leave no room in less.
  test('calls', () => {
    fc.assert(
      fc.property(
        pythonFunctions,
        weights,
        fc.integer({ min: 60, max: 160 }),
        question,
        (named, times, room, query) => {
          expectToFit(views(tracedOf(named, times), query), room);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('in 60 columns and more', () => {
  const rooms = fc.integer({ min: 60, max: 160 });
  const base = fc.constantFrom('main.js', 'resource_providers.js', 'x', `${'long'.repeat(20)}.ts`, 'with blank.py');
  const file = fc.tuple(folder, base).map(([above, name]) => above + name);
  const placed = fc.array(fc.record({ name: anyName, file }), { minLength: 1, maxLength: 6 });

  /** The rows of a screen: between the titles and the line that is empty. */
  const rowsOf = (view: View, room: number) => {
    const all = lines(view, room);
    const title = all.findIndex((line) => line.endsWith('file:line'));
    const end = all.indexOf('', title);
    return all.slice(title + 1, end);
  };

  test('a place keeps its line', () => {
    fc.assert(
      fc.property(placed, weights, rooms, (named, times, room) => {
        const stats = new Stats(sampledOf(named, times), { paths: 'full' });
        const rows = rowsOf(functionsView(stats, { sort: ['line'], exclude: ['/^:0\\(/'] }), room);
        named.forEach((_, i) => {
          expect(rows[i], rows.join('\n')).toSatisfy((row: string) => row.endsWith(`:${i + 1}`));
        });
      }),
      { numRuns: 100 },
    );
  });

  test('no name is cut while a place has more than 17 characters', () => {
    const names = ['_get_by_key_impl_mapping', 'serializeLinks', 'f'];
    const files = ['/srv/app/handlers/resource_providers.js', '/srv/app/node_modules/engine/lib/row_of_results.js'];
    const functions = names.map((name, i) => ({ name, file: files[i % 2] ?? '' }));
    const stats = new Stats(sampledOf(functions, [9000]), { paths: 'full' });
    for (let room = 60; room <= 160; room++) {
      for (const row of rowsOf(functionsView(stats, { sort: ['line'], exclude: ['/^:0\\(/'] }), room)) {
        const [place = '', name = ''] = row.split(/ {2,}/).reverse();
        expect(names.includes(name) || width(place) === 17, row).toBe(true);
      }
    }
  });

  test('places stand below each other', () => {
    const functions = ['x'.repeat(24), 'f'].map((name) => ({ name, file: '/srv/app/main.js' }));
    for (const room of [60, 80, 120, null]) {
      const view = functionsView(new Stats(sampledOf(functions, [9000])), { exclude: ['(root)'] });
      const starts = lines(view, room).flatMap((line) =>
        /app\/main\.js:\d$/.test(line) ? [line.search(/…?(?:app)?\/main/)] : [],
      );
      expect(new Set(starts).size).toBe(1);
    }
  });
});

describe('into a pipe nothing is cut', () => {
  test('names, paths and columns are whole', () => {
    fc.assert(
      fc.property(functions, weights, (named, times) => {
        const stats = new Stats(sampledOf(named, times), { paths: 'full' });
        const screen = lines(functionsView(stats, {}), null).join('\n');
        for (const { name, file } of named) {
          expect(screen).toContain(escapeControls(name || '(anonymous)').trimEnd());
          expect(screen).toContain(escapeControls(file).trimEnd());
        }
        expect(screen).not.toContain('hidden at this width');
      }),
    );
  });
});

describe('notes', () => {
  /** The lines below the table. */
  const footer = (texts: readonly string[], room: number) => {
    const notes = texts.map((text) => ({ code: 'text', text }) as const);
    const profile = sampledOf([{ name: 'serializeLinks', file: '/srv/app/links.js' }], [9]);
    const all = lines(functionsView(new Stats({ ...profile, notes }), {}), room);
    return all.slice(all.lastIndexOf('') + 1);
  };
  const note = fc
    .array(fc.constantFrom('a', 'sample', 'of', '資源', 'nodes', '12,345', 'together'), { minLength: 1, maxLength: 40 })
    .map((words) => words.join(' '));

  test('are wrapped at spaces, and none of their words is lost', () => {
    fc.assert(
      fc.property(fc.array(note, { maxLength: 3 }), fc.integer({ min: 40, max: 160 }), (notes, room) => {
        const all = footer(notes, room);
        for (const line of all) expect(width(line)).toBeLessThanOrEqual(room);
        for (const each of notes) expect(all.join(' ')).toContain(`note: ${each}`);
      }),
    );
  });

  test('are broken within a word that is longer than a line', () => {
    const path = `/srv/${'a-long-folder-name/'.repeat(6)}x.cpuprofile`;
    for (const line of footer([`${path}: 1 sample was out of order`], 80)) expect(width(line)).toBeLessThanOrEqual(80);
  });

  test('cannot act on the terminal', () => {
    expect(footer(['\u001b[31mred\u202e\n'], 80).join('\n')).toContain('note: \\x1b[31mred\\u202e\\n');
  });
});

test('columns that find no room are named', () => {
  const stats = new Stats(
    sampledOf([{ name: 'aFunctionWithALongName', file: '/srv/app/resource_providers.js' }], [9_000]),
  );
  expect(lines(functionsView(stats, {}), 60).join('\n')).toMatch(/hidden at this width: .*samples/);
  expect(lines(functionsView(stats, {}), 160).join('\n')).not.toMatch(/left out/);
});
