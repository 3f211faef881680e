/** Tests that the explorer keeps its selection when a newer profile takes the place of the one before. */

import { expect, test } from 'vitest';
import { carryOver } from '../../src/cli/explore/carry-over.ts';
import { Explorer } from '../../src/cli/explore/explorer.ts';
import { INITIAL, type State } from '../../src/cli/explore/state.ts';
import { normalize } from '../../src/model/normalize/normalize.ts';
import { Stats } from '../../src/query/stats.ts';
import { fromStacks } from '../support/draw.ts';

function explore(...stacks: readonly (readonly string[])[]): Explorer {
  const stats = new Stats(normalize(fromStacks(stacks), 'test'));
  return new Explorer({ stats, options: {}, estimates: false });
}

const OLD = explore(['main', 'a', 'leaf'], ['main', 'b'], ['main', 'b']);
const NEW = explore(
  ['other'],
  ['main', 'b'],
  ['main', 'b'],
  ['main', 'a', 'leaf'],
  ['main', 'a', 'leaf'],
  ['main', 'a', 'leaf'],
);

const fnOf = (explorer: Explorer, name: string) => explorer.model.all.profile.functions.name.indexOf(name);
const pathOf = (explorer: Explorer, ...names: readonly string[]) => names.map((name) => fnOf(explorer, name));

test('the box, the zoom and the root of the tree stay those of the same functions', () => {
  const state: State = {
    ...INITIAL,
    path: pathOf(OLD, 'main', 'a', 'leaf'),
    zoom: pathOf(OLD, 'main', 'a'),
    fn: fnOf(OLD, 'leaf'),
    treeRoot: fnOf(OLD, 'a'),
    trail: [{ pane: 'table', fn: fnOf(OLD, 'b') }],
  };
  expect(carryOver(state, OLD, NEW)).toMatchObject({
    path: pathOf(NEW, 'main', 'a', 'leaf'),
    zoom: pathOf(NEW, 'main', 'a'),
    fn: fnOf(NEW, 'leaf'),
    treeRoot: fnOf(NEW, 'a'),
    trail: [{ pane: 'table', fn: fnOf(NEW, 'b') }],
  });
});

test('the row follows its function in the table', () => {
  const state: State = {
    ...INITIAL,
    pane: 'table',
    row: 0,
    fn: OLD.lists.functionOfRow({ ...INITIAL, pane: 'table' }),
  };
  const carried = carryOver(state, OLD, NEW);
  expect(NEW.model.all.profile.functions.name[NEW.lists.functionOfRow(carried) ?? -1]).toBe('b');
  expect(carried.row).toBe(1);
});

test('what is no longer there is no longer selected', () => {
  const state: State = { ...INITIAL, path: pathOf(NEW, 'other'), fn: fnOf(NEW, 'other'), treeRoot: fnOf(NEW, 'other') };
  expect(carryOver(state, NEW, OLD)).toMatchObject({ path: [], zoom: [], fn: null, treeRoot: null });
});

test('a package stays selected by its name', () => {
  const state: State = { ...INITIAL, by: 'package' };
  const path = OLD.pictures.childPath(state) ?? [];
  const carried = carryOver({ ...state, path }, OLD, NEW);
  const label = (explorer: Explorer, of: State) =>
    explorer.pictures.picture(of).describe(explorer.pictures.nodeAt(of, of.path)).label;
  expect(label(NEW, carried)).toBe(label(OLD, { ...state, path }));
});
