import { describe, expect, test } from 'vitest';
import { findNearest, nearestWord } from '../../src/base/nearest.ts';

test('the most similar come first, five at most', () => {
  const known = [
    'POST /orders',
    'GET /customer',
    'GET /a',
    'GET /customers',
    'GET /b',
    'GET /c',
    'GET /customers/{id}',
  ];
  const close = findNearest('GET /customers', known);
  expect(close.slice(0, 3)).toEqual(['GET /customers', 'GET /customer', 'GET /customers/{id}']);
  expect(close).toHaveLength(5);
});

test('equally similar ones keep their order, and the list given is not changed', () => {
  const known = ['ax', 'ay', 'az'];
  expect(findNearest('a', known)).toEqual(['ax', 'ay', 'az']);
  expect(findNearest('a', known.toReversed())).toEqual(['az', 'ay', 'ax']);
  expect(known).toEqual(['ax', 'ay', 'az']);
});

test('nothing is near to nothing', () => {
  expect(findNearest('a', [])).toEqual([]);
});

test('long texts are compared by their beginning', () => {
  const long = 'x'.repeat(1_000_000);
  expect(findNearest(long, ['y', `${'x'.repeat(200)}other`])[0]).toBe(`${'x'.repeat(200)}other`);
});

describe('nearestWord', () => {
  test.each([
    ['totime', 'tottime'],
    ['tpo', 'top'],
    ['jsno', 'json'],
    ['nope', null],
    ['x', null],
    ['', null],
  ])('finds for %j %j', (word, expected) => {
    expect(nearestWord(word, ['top', 'json', 'tottime', 'y'])).toBe(expected);
  });
});
