/** Tests where functions end, and on which lines they call others. */

import { describe, expect, test } from 'vitest';
import { CallSites } from '../../src/sources/call-sites.ts';
import { SourceCode } from '../../src/sources/source-code.ts';

const JS = `import { b } from './b.js';

function outer(list) {
  // b() in a comment, and "b()" in a string
  const text = "b()" + \`\${b(1)} b()\` + /b()/.source;
  list.map((item) => {
    return b(item);
  });
  const arrow = (x) => b(x);
  const object = { b(y) { return y; }, c: () => 1 };
  return this.c?.(text) ?? new Thing(object, arrow);
}

class Service {
  constructor(name) {
    this.name = name;
  }
  get size() { return 1; }
  async handle(request) {
    const { a } = await b(request);
    return \`\${a}}\`;
  }
}

export const typed = (a: { id: string }): { id: string } =>
  wrap(a)
    .then(b);

function generic<T extends { a: number }>(a: T): { b: T } {
  return { b: a };
}
`;

const code = new SourceCode(JS, 'js', 'a.tsx');

function linesOf(name: string, line: number, column: number): string | null {
  const body = code.findFunction({ name, line, column });
  return body && `${body.firstLine}-${body.lastLine}`;
}

describe('a JavaScript function', () => {
  test.each<[string, number, number, string]>([
    ['outer', 3, 15, '3-12'],
    ['', 6, 12, '6-8'],
    ['arrow', 9, 17, '9-9'],
    ['Service', 15, 14, '15-17'],
    ['get size', 18, 11, '18-18'],
    ['handle', 19, 15, '19-22'],
    ['typed', 25, 22, '25-27'],
    ['generic', 29, 42, '29-31'],
    ['', 1, 1, '1-31'],
  ])('%s at %d:%d is on lines %s', (name, line, column, lines) => {
    expect(linesOf(name, line, column)).toBe(lines);
  });

  test.each<[string, number, number]>([
    ['other', 3, 15],
    ['outer', 3, 16],
    ['outer', 13, 1],
    ['outer', 4, 1],
    ['outer', 99, 1],
  ])('%s is not at %d:%d', (name, line, column) => {
    expect(linesOf(name, line, column)).toBeNull();
  });
});

test('a mapped place may be at the decorators of a function, and only that', () => {
  const text = `class Shape {
  @logged
  @wrap.with({ seed: () => 1 }) /* and */ @(name)
  area() {
    return 1;
  }
}`;
  const shape = new SourceCode(text, 'js', 'a.ts');
  const find = (name: string) => shape.findFunction({ name, line: 2, column: 3, isMapped: true });
  expect(find('area')).toMatchObject({ firstLine: 2, lastLine: 6 });
  expect(find('other')).toBeNull();
});

describe('calls in JavaScript', () => {
  const outer = code.findFunction({ name: 'outer', line: 3, column: 15 });

  test.each<[string, number | null, number[]]>([
    ['b', 1, [5]],
    ['Thing', null, [11]],
    ['Service.c', null, [11]],
    ['', 6, [6]],
    ['', null, []],
    ['get size', null, []],
    ['missing', null, []],
  ])('of %j are on lines %j', (name, line, sites) => {
    expect(outer && new CallSites(outer, code).find({ name, line })).toEqual(sites);
  });

  test.each<[string, number[]]>([
    ['get size', [2, 5, 6]],
    ['set size', [3, 5, 6]],
    ['get list', [4]],
    ['set list', []],
    ['size', [7]],
  ])('of the accessor or method %j are on lines %j', (name, sites) => {
    const text = `function use(shape, size) {
  const a = shape.size;
  shape.size = a;
  return this?.list
    + (shape.size += 1)
    + shape.size++
    + shape.size();
}`;
    const accessors = new SourceCode(text, 'js', 'a.js');
    const body = accessors.findFunction({ name: 'use', line: 1, column: 13 });
    expect(body && new CallSites(body, accessors).find({ name, line: 20 })).toEqual(sites);
  });
});

const PYTHON = `import os

@cache
def outer(rows,
          size=1):
    """len() in a string
    and rows.append() too"""
    total = len(rows)  # len()
    def inner():
        return len([])

    rows.append(
        f(total))
    names = [row.name for row in rows]
    return sorted(names, key=lambda name: name)

class Thing:
    async def run(self):
        return outer([])
`;

describe('Python', () => {
  const python = new SourceCode(PYTHON, 'python', 'a.py');
  const outer = python.findFunction({ name: 'outer', line: 3, column: 0 });

  test.each<[string, number, string | null]>([
    ['outer', 3, '3-15'],
    ['outer', 4, '4-15'],
    ['inner', 9, '9-10'],
    ['<lambda>', 15, '15-15'],
    ['run', 18, '18-19'],
    ['Thing', 17, '17-19'],
    ['<module>', 1, '1-19'],
    ['other', 3, null],
    ['outer', 9, null],
  ])('%s at line %d is on lines %s', (name, line, lines) => {
    const body = python.findFunction({ name, line, column: 0 });
    expect(body && `${body.firstLine}-${body.lastLine}`).toBe(lines);
  });

  test.each<[string, number | null, number[]]>([
    ['<built-in method builtins.len>', null, [8]],
    ["<method 'append' of 'list' objects>", null, [12]],
    ['f', 30, [13]],
    ['<listcomp>', 14, [14]],
    ['<lambda>', 15, [15]],
    ['<lambda>', null, []],
  ])('calls of %s are on lines %j', (name, line, sites) => {
    expect(outer && new CallSites(outer, python).find({ name, line })).toEqual(sites);
  });

  test.each<[string, number | null, number[]]>([
    ['__init__', 3, [17]],
    ['__init__', 9, [18]],
    ['__init__', 13, []],
    ['__init__', null, []],
    ['total', 6, [19]],
  ])('calls of %s at line %j, a constructor or a property, are on lines %j', (name, line, sites) => {
    const text = `class Table(Base):
    rows = []
    def __init__(self, rows): pass

    @property
    def total(self): return 1
    if rows:
        class Row:
            def __init__(self): pass

def plain():
    try:
        def __init__(): pass
    except: pass

def main():
    table = Table([])
    row = Table.Row()
    return table.total + row[0]
`;
    const source = new SourceCode(text, 'python', 'b.py');
    const main = source.findFunction({ name: 'main', line: 16, column: 0 });
    expect(main && new CallSites(main, source).find({ name, line })).toEqual(sites);
  });
});

test.each<[string, string]>([
  ['nested brackets', '('.repeat(200_000)],
  ['functions without a body', 'function '.repeat(50_000)],
  ['functions in parameters', 'function('.repeat(50_000)],
  ['arrows', 'x=>'.repeat(50_000)],
  ['open templates', '`${'.repeat(50_000)],
])('%s end', (_, text) => {
  const hostile = new SourceCode(text, 'js', 'a.js');
  hostile.findFunction({ name: '', line: 1, column: 1 });
  hostile.findFunction({ name: '', line: 1, column: 2 });
});
