/** The state of the page, its address, its keys and its commands. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KEYS, keyAction } from '../../src/page/keys.ts';
import {
  type CommandContext,
  functionCommands,
  pictureCommands,
  pictureRemark,
  tableCommand,
} from '../../src/page/page-command.ts';
import { searchTest } from '../../src/page/search.ts';
import { drawsAnyTree, hashOf, INITIAL_STATE, SORT_COLUMNS, type State, stateOf, VIEWS } from '../../src/page/state.ts';

const path = fc.array(fc.nat(100_000), { minLength: 1 });
const place = fc.oneof(fc.nat(100_000), fc.constant(null));
const order = fc.oneof(fc.record({ column: fc.nat(999), isAscending: fc.boolean() }), fc.constant(null));
const states: fc.Arbitrary<State> = fc
  .record({
    scope: fc.record({ route: place, request: place }),
    routesSort: order,
    requestsSort: order,
    filters: fc.array(
      fc.record({ kind: fc.constantFrom('focus' as const, 'ignore' as const), pattern: fc.string({ minLength: 1 }) }),
    ),
    foldsRecursion: fc.boolean(),
    foldsWrappers: fc.boolean(),
    view: fc.constantFrom(...VIEWS),
    isInverted: fc.boolean(),
    byPackage: fc.boolean(),
    zoom: fc.oneof(path, fc.constant([])),
    selected: fc.oneof(path, fc.constant(null)),
    search: fc.string({ unit: 'binary' }),
    sort: fc.constantFrom(...SORT_COLUMNS),
    isReversed: fc.boolean(),
  })
  .map((state) => (drawsAnyTree(state.view) ? state : { ...state, isInverted: false, byPackage: false }));

describe('the hash of the address', () => {
  test('gives every state back', () => {
    fc.assert(
      fc.property(states, (state) => {
        expect(stateOf(`#${hashOf(state)}`)).toEqual(state);
      }),
    );
  });

  test('has no package and no inversion where a view draws neither', () => {
    expect(stateOf('#view=sandwich&by=package&inverted=1')).toEqual({ ...INITIAL_STATE, view: 'sandwich' });
  });

  test('is empty for the initial state', () => {
    expect(hashOf(INITIAL_STATE)).toBe('');
  });

  test.each(['', '#', '#view=x&zoom=1.-2&select=a&sort=%', '#zoom=', '#=&&&='])('%j is the initial state', (hash) => {
    expect(stateOf(hash)).toEqual(INITIAL_STATE);
  });
});

test('a search is a part of the text, or a regular expression in slashes', () => {
  expect(searchTest('')).toBeNull();
  expect(searchTest('(')?.('a.js:3(f)')).toBe(true);
  expect(searchTest('A.js')?.('a.js:3(f)')).toBe(false);
  expect(searchTest('/A.JS/i')?.('a.js:3(f)')).toBe(true);
  expect(searchTest('/a(/')).toBeNull();
  expect(searchTest('/srv/app')?.('/srv/app/a.js:3(f)')).toBe(true);
});

test('a search with the flag g finds every time', () => {
  const test = searchTest('/f/g');
  expect([test?.('f'), test?.('f'), test?.('f')]).toEqual([true, true, true]);
});

test('each key of the help does something', () => {
  const named = KEYS.flatMap(([keys]) => keys.split(/ or | … | /)).filter((key) => key !== '');
  const names: Readonly<Record<string, string>> = {
    '←': 'ArrowLeft',
    '→': 'ArrowRight',
    '↓': 'ArrowDown',
    '↑': 'ArrowUp',
    Esc: 'Escape',
  };
  expect(named.filter((key) => keyAction(names[key] ?? key) === null)).toEqual([]);
  expect(keyAction('constructor')).toBeNull();
  expect(keyAction('9')).toBeNull();
});

describe('the command that prints the same', () => {
  const context: CommandContext = {
    arguments: 'app.cpuprofile',
    root: null,
    zoom: 'none',
    selected: null,
    counts: 'samples',
    isEstimated: false,
    window: null,
  };

  test.each<[string, Partial<State>, Partial<CommandContext>]>([
    ['pstat flame app.cpuprofile --fold none', {}, {}],
    ['pstat flame app.cpuprofile --fold none --root handler', {}, { root: 'handler' }],
    ['pstat flame app.cpuprofile --inverted --fold none', { isInverted: true }, { root: 'handler' }],
    ['pstat flame app.cpuprofile --upward --by package', { byPackage: true, view: 'flame' }, {}],
    ["pstat flame app.cpuprofile --fold none --root 'it'\\''s'", { view: 'sunburst' }, { root: "it's" }],
    ['pstat flame app.cpuprofile --fold none --estimate', {}, { isEstimated: true }],
    ['pstat flame app.cpuprofile --time-order', { view: 'time' }, {}],
    [
      'pstat flame app.cpuprofile --time-order --from 1200us --to 3ms',
      { view: 'time' },
      { window: { from: 1200, to: 3000 } },
    ],
  ])('%s', (command, state, more) => {
    expect(pictureCommands({ ...INITIAL_STATE, ...state }, { ...context, ...more })).toEqual([command]);
  });

  test.each<[string | null, Partial<State>, Partial<CommandContext>]>([
    [null, {}, { root: 'handler', zoom: 'all calls' }],
    ['all calls of the function, wherever they are', {}, { root: 'handler', zoom: 'some calls' }],
    ['the whole picture, without the zoom', { isInverted: true }, { root: 'handler', zoom: 'some calls' }],
    ['the whole picture, without the zoom', { byPackage: true }, { zoom: 'some calls' }],
    ['recursion as it is, not folded', { foldsRecursion: true }, {}],
    [null, { view: 'time' }, { root: 'handler', zoom: 'some calls' }],
  ])('or prints %s', (remark, state, more) => {
    const text = pictureRemark({ ...INITIAL_STATE, ...state }, { ...context, ...more });
    expect(text).toBe(remark === null ? null : `The command of the picture prints ${remark}.`);
  });

  test('of a sandwich, and of its function', () => {
    const [state, selected] = [{ ...INITIAL_STATE, view: 'sandwich' as const }, 'a.js:3((anonymous))'];
    expect(pictureCommands(state, { ...context, selected })).toEqual([
      "pstat callers 'a.js:3((anonymous))' app.cpuprofile",
      "pstat callees 'a.js:3((anonymous))' app.cpuprofile",
    ]);
    expect(functionCommands(state, { ...context, selected })).toEqual([
      "pstat list 'a.js:3((anonymous))' app.cpuprofile",
    ]);
  });

  test('of the table and the selection', () => {
    const byCount = { ...INITIAL_STATE, sort: 'samples' as const };
    expect(tableCommand(byCount, context)).toBe('pstat top app.cpuprofile --sort samples');
    expect(tableCommand(byCount, { ...context, counts: 'calls' })).toBe('pstat top app.cpuprofile --sort ncalls');
    const state = { ...INITIAL_STATE, sort: 'cumtime' as const, isReversed: true, search: '/a b/' };
    expect(tableCommand(state, context)).toBe("pstat top app.cpuprofile --sort cumtime --reverse --filter '/a b/'");
    expect(tableCommand({ ...state, search: '/(/' }, context)).toBe(
      'pstat top app.cpuprofile --sort cumtime --reverse',
    );
    expect(functionCommands(state, { ...context, selected: '\u001b[31mx y' })).toEqual([
      "pstat callers '\\x1b[31mx y' app.cpuprofile",
      "pstat list '\\x1b[31mx y' app.cpuprofile",
    ]);
    expect(functionCommands(state, context)).toEqual([]);
  });
});
