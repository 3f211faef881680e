import { describe, expect, test } from 'vitest';
import { GeneratedText } from '../../src/sources/generated-text.ts';

/** Splits a text at `|`, where V8 says that the function begins. */
function marked(text: string) {
  const before = text.slice(0, text.indexOf('|'));
  const line = before.split('\n').length - 1;
  return { text: new GeneratedText(text.replace('|', '')), line, column: before.length - before.lastIndexOf('\n') - 1 };
}

function begins(name: string, source: string): boolean {
  const { text, line, column } = marked(source);
  return text.beginsFunction(name, line, column);
}

function nameIn(name: string, source: string): number | null {
  const { text, line, column } = marked(source);
  return text.findName(name, line, column)?.column ?? null;
}

describe('beginsFunction', () => {
  test.each([
    ['foo', 'function foo|(a) {}'],
    ['foo', 'function foo |(a) {}'],
    ['', 'export default function|(a) {}'],
    ['', 'list.map(|(a) => a)'],
    ['', 'list.map(|a => a)'],
    ['', 'list.map(|async a => a)'],
    ['foo', 'const foo = |(a) => a'],
    ['foo', 'const foo = function|(a) {}'],
    ['Table', 'class Table { constructor|(rows) {} }'],
    ['Table', 'x;|class Table {}'],
    ['get total', 'class A { get total|() {} }'],
    ['Table.total', 'class A { total|() {} }'],
    ['#rows', 'class A { #rows|() {} }'],
    ['größe', 'const größe = |größe => größe'],
    ['foo', 'a;\r\nb;\nfunction foo|() {}'],
  ])('finds %j in %j', (name, source) => {
    expect(begins(name, source)).toBe(true);
  });

  test.each([
    ['foo', 'function bar|(a) {}'],
    ['foo', 'const foo = |1 + a'],
    ['foo', 'foo|;'],
    ['foo', 'foo = bar|'],
  ])('does not find %j in %j', (name, source) => {
    expect(begins(name, source)).toBe(false);
  });

  test('finds nothing beyond the text', () => {
    const text = new GeneratedText('function foo() {}');
    expect(text.beginsFunction('foo', 0, 1000)).toBe(false);
    expect(text.beginsFunction('foo', 1000, 0)).toBe(false);
  });
});

test.each([
  ['line feeds', 'a\n\nb', ['a\n', '\n', 'b', '']],
  ['all ends that JavaScript knows', 'a\r\nb\rc\u2028d\u2029\n', ['a\r\n', 'b\r', 'c\u2028', 'd\u2029', '\n', '', '']],
])('reads lines that end with %s, in any order', (_, text, lines) => {
  const generated = new GeneratedText(text);
  const order = [2, 0, 1, ...lines.keys()];
  expect(order.map((line) => generated.line(line))).toEqual(order.map((line) => lines[line]));
});

describe('findName', () => {
  test.each([
    ['s', 'function s|(e){}', 9],
    ['s', 'var s=function|(e){}', 4],
    ['s', 'var s=|(e)=>e', 4],
    ['s', 'var s=|e=>e', 4],
    ['s', 'x={s:async |(e)=>e}', 3],
    ['s', 'x={s|(e){}}', 3],
    ['t.circle', 't.circle=function|(e){}', 2],
    ['t', 'var e=1;class t{n=2;constructor|(e){}}', 14],
    ['t', 'class t{constructor(){}}class tt{}class t{constructor|(){}}', 40],
    ['t', 'return|class t{n=2}', 12],
  ])('finds %j in %j', (name, source, column) => {
    expect(nameIn(name, source)).toBe(column);
  });

  test.each([
    ['e', 'list.map(|e=>e)'],
    ['r', 'class t{constructor|(e){}}'],
    ['t', 'class tt{constructor|(e){}}'],
    ['t', 'class t{constructor(){}}x.constructor.y|(e)'],
    ['s', 'var ms=|e=>e'],
    ['t.circle', 'st.circle=function|(e){}'],
    ['t.circle', 'e.circle=function|(e){}'],
    ['get total', 'class t{get total|(){}}'],
    ['abcdefgh', 'abcdefgh=x,function|(){}'],
  ])('does not find %j in %j', (name, source) => {
    expect(nameIn(name, source)).toBe(null);
  });
});
