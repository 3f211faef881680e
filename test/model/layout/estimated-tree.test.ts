/** The roots of an estimated tree: the time that no caller accounts for. */

import { expect, test } from 'vitest';
import { functionAt } from '../../../src/model/function-table.ts';
import { EstimatedTree } from '../../../src/model/layout/estimated-tree.ts';
import { ROOT } from '../../../src/model/layout/layout-tree.ts';
import { type Dict, traced, WORKED_EXAMPLE } from '../../support/traced.ts';

const EXEC = '{built-in method builtins.exec}';

/** `python -m cProfile` runs the program by exec, and importing a module does, too. */
const PROGRAM_THAT_IMPORTS: Dict = {
  [EXEC]: [1, 2, 0.5, 4, { 'importlib.py:1(load)': [1, 1, 0.25, 1] }],
  'app.py:1(<module>)': [1, 1, 0.5, 3.5, { [EXEC]: [1, 1, 0.5, 3.5] }],
  'app.py:2(work)': [1, 1, 1.5, 1.5, { 'app.py:1(<module>)': [1, 1, 1.5, 1.5] }],
  'importlib.py:1(load)': [1, 1, 0.5, 1.5, { 'app.py:1(<module>)': [1, 1, 0.5, 1.5] }],
  'json.py:1(<module>)': [1, 1, 0.75, 0.75, { [EXEC]: [1, 1, 0.75, 0.75] }],
  "{method 'disable'}": [1, 1, 0.25, 0.25, {}],
};

test('begins at a function that runs the program and is called in it, with all its time', () => {
  expect(rootsOf(PROGRAM_THAT_IMPORTS)).toEqual(['<built-in method builtins.exec> 4', "<method 'disable'> 0.25"]);
});

test('begins at functions without callers', () => {
  expect(rootsOf(WORKED_EXAMPLE)).toEqual(['<module> 6']);
});

test('shows as an estimate what callers left of the time of a function that is called from outside, too', () => {
  const dict: Dict = {
    'a.py:1(first)': [1, 1, 1, 3, {}],
    'a.py:2(shared)': [3, 3, 6, 6, { 'a.py:1(first)': [1, 1, 2, 2] }],
  };
  expect(rootsOf(dict)).toEqual(['~ shared 4', 'first 3']);
});

test('takes a function as called by others alone where the number of its calls is not known', () => {
  const dict: Dict = {
    'a.py:1(first)': [1, 1, 1, 3, {}],
    'a.py:2(called)': [2, 2, 2, 2, { 'a.py:1(first)': [Number.NaN, Number.NaN, 1, 1] }],
  };
  expect(rootsOf(dict)).toEqual(['first 3']);
});

test('begins at the function with the most time if every call has a caller', () => {
  const dict: Dict = {
    'a.py:1(ping)': [1, 1, 1, 3, { 'a.py:2(pong)': [1, 1, 1, 3] }],
    'a.py:2(pong)': [1, 1, 1, 2, { 'a.py:1(ping)': [1, 1, 1, 2] }],
  };
  expect(rootsOf(dict)).toEqual(['ping 3']);
});

/** Name and seconds of each root; ~ marks estimates. */
function rootsOf(dict: Dict): string[] {
  const profile = traced(dict);
  const tree = new EstimatedTree(profile, { roots: null, isInverted: false });
  return tree.children(ROOT).map((node) => {
    const { name } = functionAt(profile.functions, tree.key(node));
    return `${tree.isEstimated(node) ? '~ ' : ''}${name} ${tree.weight(node) / 1e6}`;
  });
}
