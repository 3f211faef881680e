import { describe, expect, test } from 'vitest';
import { findNearest, nearestWord } from '../../src/base/nearest.ts';

test('returns at most five texts, the most similar first', () => {
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

test('keeps the order of equally similar texts and does not change the list', () => {
  const known = ['ax', 'ay', 'az'];
  expect(findNearest('a', known)).toEqual(['ax', 'ay', 'az']);
  expect(findNearest('a', known.toReversed())).toEqual(['az', 'ay', 'ax']);
  expect(known).toEqual(['ax', 'ay', 'az']);
});

test('returns nothing for an empty list', () => {
  expect(findNearest('a', [])).toEqual([]);
});

test('compares the beginning of long texts', () => {
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
