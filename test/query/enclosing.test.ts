/** Anonymous functions are shown with the named function that they stand in. */

import { expect, test } from 'vitest';
import type { FunctionInfo } from '../../src/model/function-table.ts';
import { Stats, type StatsOptions } from '../../src/query/stats.ts';
import { functionsView } from '../../src/view/views.ts';
import { profileOf } from '../support/stacks.ts';

/** Words are `name@line`; `@line` is anonymous, and a word without a line is native. */
const labels = (...stacks: string[]) => labelsWith({}, ...stacks);

function labelsWith(options: StatsOptions, ...stacks: string[]): readonly string[] {
  const describe = (word: string): FunctionInfo => {
    const [name = '', line] = word.split('@');
    const file = line === undefined ? '' : '/srv/app.js';
    return { kind: line === undefined ? 'native' : 'js', name, file, line: Number(line ?? 0), column: 1 };
  };
  const profile = profileOf(
    stacks.map((stack) => ({ stack: stack.split(' '), weight: 1000 })),
    { describe },
  );
  return functionsView(new Stats(profile, options), { sort: ['line'] }).rows.map(({ label }) => label);
}

test('a callback stands in the function that has it called', () => {
  expect(labels('listOrders@10 map @12')).toContain('(anonymous) in listOrders');
});

test('of several callers in its file, a callback stands in the one that begins last before it', () => {
  expect(labels('main@1 listOrders@10 each@5 @12')).toContain('(anonymous) in listOrders');
});

test('a function does not stand in one that begins after it, or in none', () => {
  expect(labels('later@20 @12')).toContain('(anonymous)');
  expect(labels('@12')).toContain('(anonymous)');
  expect(labels('map @12')).toContain('(anonymous)');
});

test('filters of stacks do not change where a callback stands', () => {
  const stacks = ['main@1 each@5 @12', 'main@1 listOrders@10 @12'];
  expect(labelsWith({ ignore: ['listOrders'] }, ...stacks)).toContain('(anonymous) in listOrders');
});

test('the name in JSON stays as written', () => {
  const describe = (name: string): FunctionInfo => ({
    kind: 'js',
    name: name === 'x' ? '' : name,
    file: '/srv/app.js',
    line: name === 'x' ? 2 : 1,
    column: 1,
  });
  const profile = profileOf([{ stack: ['main', 'x'], weight: 1000 }], { describe });
  const [row] = functionsView(new Stats(profile), {}).rows;
  expect(row).toMatchObject({ name: '', label: '(anonymous) in main' });
});
