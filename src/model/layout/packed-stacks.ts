/**
 * A call tree with its timeline as columns of a file, which a page draws and a reader gives back exactly. A column that
 * follows from others is left out.
 */

import { BrokenColumnsError } from '../../base/packed-bytes.ts';
import { amountColumn, type Columns, indexColumn } from '../../base/packed-columns.ts';
import { type CallTree, deferred } from '../call-tree.ts';
import { areSameColumns, at, floatAt, intAt } from '../columns.ts';
import type { DepthFirstNodes } from '../depth-first.ts';
import type { FunctionTable } from '../function-table.ts';
import { PairIndex } from '../pair-index.ts';
import type { StacksProfile, Timeline } from '../profile.ts';
import { packLines, unpackLines } from './packed-lines.ts';
import { packTimeline, unpackTimeline } from './packed-timeline.ts';

export type PackedStacks = Pick<StacksProfile, 'callTree' | 'timeline'>;

/** Returns the columns, by name. */
export function packStacks({
  callTree,
  timeline,
  functions,
}: PackedStacks & Pick<StacksProfile, 'functions'>): ReadonlyMap<string, ArrayLike<number>> {
  const columns = new Map<string, ArrayLike<number>>();
  columns.set('tree.up', levelsUp(callTree));
  packCallees(callTree, columns);
  if (timeline !== null) packTimeline(timeline, columns);
  packTimes(callTree, timeline, columns);
  if (callTree.queued !== null) columns.set('tree.queued', callTree.queued);
  if (callTree.lines !== null) packLines(callTree.lines, { tree: callTree, functions }, columns);
  return columns;
}

/** Throws BrokenColumnsError. */
export function unpackStacks(columns: Columns, functions: FunctionTable): PackedStacks {
  const { parent, subtreeEnd } = unpackParents(columns);
  const nodes = { length: parent.length, parent, subtreeEnd, function: unpackCallees(columns, parent, functions) };
  return unpackFigures(columns, nodes, functions);
}

/** Returns the tree of nodes with the columns of their figures. Throws BrokenColumnsError. */
export function unpackFigures(
  columns: Columns,
  nodes: DepthFirstNodes['nodes'],
  functions: FunctionTable,
): PackedStacks {
  const { length } = nodes;
  const timeline = columns.has('timeline.node') ? unpackTimeline(columns, length) : null;
  const read = (name: TimeColumn) => unpackTimes(columns, name, { length, timeline, tree: () => callTree });
  const queued = columns.has('tree.queued') ? amountColumn(columns, 'tree.queued', length) : null;
  // A page draws its first picture without the others.
  const callTree: CallTree = deferred(
    { ...nodes, self: read('self'), queued },
    {
      samples: () => read('samples'),
      selfSquares: () => (columns.has('tree.noSquares') ? null : read('selfSquares')),
      lines: () => (columns.has('lines.count') ? unpackLines(columns, callTree, functions) : null),
    },
  );
  return { callTree, timeline };
}

// ---- nodes ---------------------------------------------------------------------------------------------------------

/** NodeIndex -> how many levels above the node before its parent is: 0 for a child of it. Most are small. */
function levelsUp({ length, parent }: CallTree): Int32Array {
  const up = new Int32Array(length);
  for (let node = 0; node < length; node++) {
    const above = at(parent, node);
    let levels = 0;
    for (let before = node - 1; before !== above; before = at(parent, before)) levels++;
    up[node] = levels;
  }
  return up;
}

/** In place: a page reads it before its first picture, and new memory is slow. Throws BrokenColumnsError. */
function unpackParents(columns: Columns) {
  const parent = indexColumn(columns, 'tree.up', { min: 0, end: 2 ** 31 });
  const subtreeEnd = new Int32Array(parent.length);
  for (let node = 0; node < parent.length; node++) {
    let above = node - 1;
    for (let levels = intAt(parent, node); levels > 0; levels--) {
      if (above === -1) throw new BrokenColumnsError(`tree.up[${node}] leads above the root`);
      subtreeEnd[above] = node;
      above = intAt(parent, above);
    }
    parent[node] = above;
  }
  for (let open = parent.length - 1; open !== -1; open = intAt(parent, open)) subtreeEnd[open] = parent.length;
  return { parent, subtreeEnd };
}

/**
 * `tree.callee`: NodeIndex -> which of the callees of its caller it is, from 1, in the order of first appearance; 0 for a new
 * one, which `tree.function` has. A function has few callees, so the numbers are small.
 */
function packCallees({ length, parent, function: fns }: CallTree, columns: Map<string, ArrayLike<number>>): void {
  const pairs = new PairIndex();
  /** pair of caller and callee -> its place among the callees of the caller */
  const places: number[] = [];
  const callees = new Map<number, number>();
  const callee = new Int32Array(length);
  for (let node = 0; node < length; node++) {
    const caller = parent[node] === -1 ? -1 : at(fns, at(parent, node));
    const pair = pairs.indexOf(caller, at(fns, node));
    if (pair === places.length) {
      places.push((callees.get(caller) ?? 0) + 1);
      callees.set(caller, at(places, pair));
    } else callee[node] = at(places, pair);
  }
  columns.set('tree.callee', callee);
  columns.set('tree.function', pairs.seconds);
}

/** In place, as the parents. Throws BrokenColumnsError. */
function unpackCallees(columns: Columns, parent: Int32Array, functions: FunctionTable): Int32Array {
  const fns = indexColumn(columns, 'tree.callee', { length: parent.length, min: 0, end: 2 ** 31 });
  const fresh = indexColumn(columns, 'tree.function', { min: 0, end: functions.length });
  const calleesOf: number[][] = Array.from({ length: functions.length + 1 }, () => []);
  let used = 0;
  for (let node = 0; node < fns.length; node++) {
    const above = intAt(parent, node);
    const callees = calleesOf[above === -1 ? functions.length : intAt(fns, above)] ?? [];
    const place = intAt(fns, node);
    const fn = place === 0 ? fresh[used] : callees[place - 1];
    if (fn === undefined) throw new BrokenColumnsError(`tree.callee[${node}] is ${place}, out of range`);
    if (place === 0) {
      used++;
      callees.push(fn);
    }
    fns[node] = fn;
  }
  return fns;
}

// ---- times ---------------------------------------------------------------------------------------------------------

type TimeColumn = 'self' | 'samples' | 'selfSquares';

/** What a sample adds to a column, by its duration. */
const ADDED: Readonly<Record<TimeColumn, (duration: number) => number>> = {
  self: (duration) => duration,
  samples: () => 1,
  selfSquares: (duration) => duration * duration,
};

/** The columns that do not follow from others. */
function packTimes(tree: CallTree, timeline: Timeline | null, columns: Map<string, ArrayLike<number>>): void {
  for (const name of ['self', 'samples', 'selfSquares'] as const) {
    const values = tree[name];
    const derived = deriveTimes(name, { length: tree.length, timeline, tree: () => tree });
    if (values === null) columns.set('tree.noSquares', []);
    else if (derived === null || !areSameColumns(values, derived)) columns.set(`tree.${name}`, values);
  }
}

interface TimesContext {
  readonly length: number;
  readonly timeline: Timeline | null;
  readonly tree: () => Pick<CallTree, 'self' | 'samples'>;
}

function unpackTimes(columns: Columns, name: TimeColumn, context: TimesContext): Float64Array {
  const derived = columns.has(`tree.${name}`) ? null : deriveTimes(name, context);
  return derived ?? amountColumn(columns, `tree.${name}`, context.length);
}

/** A column as it follows from the timeline, or from the other columns; null if it does not. */
function deriveTimes(name: TimeColumn, { length, timeline, tree }: TimesContext): Float64Array | null {
  if (timeline !== null) return sumTimeline(timeline, length, ADDED[name]);
  return name === 'selfSquares' ? equalSquares(tree()) : null;
}

/** In the order in which normalizing adds them up, so that fractions are the same to the last bit. */
function sumTimeline(
  { length: samples, node, duration }: Pick<Timeline, 'length' | 'node' | 'duration'>,
  length: number,
  added: (duration: number) => number,
): Float64Array {
  const sums = new Float64Array(length);
  for (let i = 0; i < samples; i++) {
    const to = intAt(node, i);
    if (to !== -1) sums[to] = floatAt(sums, to) + added(floatAt(duration, i));
  }
  return sums;
}

/** Σd² of samples of one length each. */
function equalSquares({ self, samples }: Pick<CallTree, 'self' | 'samples'>): Float64Array {
  return self.map((time, node) => (at(samples, node) === 0 ? 0 : (time * time) / at(samples, node)));
}
