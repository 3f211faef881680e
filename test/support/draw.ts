/**
 * Profiles drawn as text: each column is a sample, read from the top down; a letter is a function.
 *
 *     draw(`
 *       main main main
 *       a    a    b
 *       c
 *     `)
 */

import { type FunctionInfo, FunctionTableBuilder } from '../../src/model/function-table.ts';
import type { RawStacksProfile } from '../../src/model/raw-profile.ts';

export interface Drawing {
  /** µs between samples, and after the last one. */
  readonly interval?: number;
  /** µs before the first sample. */
  readonly beforeFirstSample?: number;
  /** Describes the function of a name; by default a function of app.js. */
  readonly describe?: (name: string) => FunctionInfo;
}

/** A raw profile of the drawn stacks, one sample every `interval` µs. */
export function draw(picture: string, drawing: Drawing = {}): RawStacksProfile {
  return fromStacks(stacksOf(picture), drawing);
}

/** The drawn stacks, outermost function first. */
export function stacksOf(picture: string): string[][] {
  const rows = picture.split('\n').filter((row) => row.trim() !== '');
  const indent = Math.min(...rows.map((row) => row.search(/\S/)));
  const grid = rows.map((row) => row.slice(indent));
  const starts = [...(grid[0] ?? '').matchAll(/\S+/g)].map((match) => match.index);
  return starts.map((start, i) => {
    const column = grid.map((row) => row.slice(start, starts[i + 1]).trim());
    const end = column.indexOf('');
    return end === -1 ? column : column.slice(0, end);
  });
}

/** A raw profile of explicit stacks, outermost first. An empty stack is a sample of the root. */
export function fromStacks(stacks: readonly (readonly string[])[], drawing: Drawing = {}): RawStacksProfile {
  const { interval = 1000, beforeFirstSample = 0, describe = ofApp } = drawing;
  const functions = new FunctionTableBuilder();
  const root = functions.intern({ kind: 'root', name: '(root)', file: '', line: 0, column: 0 });
  const parent = [-1];
  const fn = [root];
  const nodeOf = new Map<string, number>([['', 0]]);
  const samples = stacks.map((stack) => {
    let node = 0;
    stack.forEach((name, depth) => {
      const path = JSON.stringify(stack.slice(0, depth + 1));
      const known = nodeOf.get(path);
      if (known === undefined) {
        parent.push(node);
        fn.push(functions.intern(describe(name)));
        nodeOf.set(path, parent.length - 1);
      }
      node = known ?? parent.length - 1;
    });
    return node;
  });
  return {
    counts: 'samples',
    format: 'drawing',
    linesAreSampled: false,
    functions: functions.finish(),
    nodes: { length: parent.length, parent: Int32Array.from(parent), function: Int32Array.from(fn), hitCount: null },
    samples: Int32Array.from(samples),
    times: Float64Array.from(stacks, (_, i) => beforeFirstSample + i * interval),
    duration: beforeFirstSample + stacks.length * interval,
    notes: [],
  };
}

function ofApp(name: string): FunctionInfo {
  return { kind: kindOf(name), name, file: 'app.js', line: 1, column: 1 };
}

function kindOf(name: string) {
  return ({ '(idle)': 'idle', '(program)': 'program', '(gc)': 'gc' } as const)[name] ?? 'js';
}
