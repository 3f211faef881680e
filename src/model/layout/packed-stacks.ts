/**
 * A call tree and its timeline as columns of a file, which a page draws and a reader gives back exactly. A column that
 * follows from others is left out.
 */

import { amountColumn, BrokenColumnsError, type Columns, columnOf, indexColumn } from '../../base/packed-columns.ts';
import type { CallTree } from '../call-tree.ts';
import { at } from '../columns.ts';
import { toDepthFirst, type UnorderedNodes } from '../depth-first.ts';
import { divideByTicks, type LineTimes } from '../line-times.ts';
import type { StacksProfile, Timeline } from '../profile.ts';

export type PackedStacks = Pick<StacksProfile, 'callTree' | 'timeline'>;

/** Returns the columns, by name. */
export function packStacks({ callTree, timeline }: PackedStacks): ReadonlyMap<string, ArrayLike<number>> {
  const columns = new Map<string, ArrayLike<number>>();
  columns.set('tree.up', levelsUp(callTree));
  columns.set('tree.function', callTree.function);
  if (timeline !== null) packTimeline(timeline, columns);
  packTimes(callTree, timeline, columns);
  if (callTree.queued !== null) columns.set('tree.queued', callTree.queued);
  if (callTree.lines !== null) packLines(callTree.lines, callTree, columns);
  return columns;
}

/** Throws BrokenColumnsError. @param functions number of functions in the file */
export function unpackStacks(columns: Columns, functions: number): PackedStacks {
  const up = columnOf(columns, 'tree.up');
  const { length } = up;
  const fn = indexColumn(columns, 'tree.function', { length, min: 0, end: functions });
  return unpackFigures(columns, { length, parent: parentsOf(up), function: fn });
}

/** Returns the tree of nodes in depth-first order, with the columns of their figures. Throws BrokenColumnsError. */
export function unpackFigures(columns: Columns, unordered: UnorderedNodes): PackedStacks {
  const { length } = unordered;
  const { nodes } = toDepthFirst(unordered);
  const timeline = columns.has('timeline.node') ? unpackTimeline(columns, length) : null;
  const times = unpackTimes(columns, timeline, length);
  const queued = columns.has('tree.queued') ? amountColumn(columns, 'tree.queued', length) : null;
  let lines: LineTimes | null | undefined;
  const tree = { ...nodes, ...times, queued };
  const callTree: CallTree = {
    ...tree,
    // On demand: a page does not need them to draw.
    get lines() {
      lines ??= columns.has('lines.count') ? unpackLines(columns, tree) : null;
      return lines;
    },
  };
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

function parentsOf(up: Float64Array): Int32Array {
  const parent = new Int32Array(up.length);
  for (let node = 0; node < up.length; node++) {
    let above = node - 1;
    for (let levels = at(up, node); levels > 0; levels--) {
      if (above === -1) throw new BrokenColumnsError(`tree.up[${node}] leads above the root`);
      above = at(parent, above);
    }
    parent[node] = above;
  }
  return parent;
}

/** `self`, `samples` and `selfSquares`, where they are not sums over the timeline, or Σd² not that of equal samples. */
function packTimes(tree: CallTree, timeline: Timeline | null, columns: Map<string, ArrayLike<number>>): void {
  const sums = timeline === null ? null : sumTimeline(timeline, tree.length);
  const self = packColumn('tree.self', tree.self, sums?.self ?? null, columns);
  const samples = packColumn('tree.samples', tree.samples, sums?.samples ?? null, columns);
  if (tree.selfSquares === null) columns.set('tree.noSquares', []);
  else packColumn('tree.selfSquares', tree.selfSquares, sums?.selfSquares ?? equalSquares(self, samples), columns);
}

function packColumn(
  name: string,
  values: Float64Array,
  derived: Float64Array | null,
  columns: Map<string, ArrayLike<number>>,
): Float64Array {
  if (derived === null || !isSame(values, derived)) columns.set(name, values);
  return values;
}

function unpackTimes(columns: Columns, timeline: Timeline | null, length: number) {
  const sums = timeline === null ? null : sumTimeline(timeline, length);
  const column = (name: string, derived: Float64Array | null) =>
    derived !== null && !columns.has(name) ? derived : amountColumn(columns, name, length);
  const self = column('tree.self', sums?.self ?? null);
  const samples = column('tree.samples', sums?.samples ?? null);
  const selfSquares = columns.has('tree.noSquares')
    ? null
    : column('tree.selfSquares', sums?.selfSquares ?? equalSquares(self, samples));
  return { self, samples, selfSquares };
}

/** In the order in which normalizing adds them up, so that fractions are the same to the last bit. */
function sumTimeline({ length: samplesLength, node, duration }: Timeline, length: number) {
  const self = new Float64Array(length);
  const samples = new Float64Array(length);
  const selfSquares = new Float64Array(length);
  for (let i = 0; i < samplesLength; i++) {
    const to = at(node, i);
    if (to === -1) continue;
    const time = at(duration, i);
    self[to] = at(self, to) + time;
    samples[to] = at(samples, to) + 1;
    selfSquares[to] = at(selfSquares, to) + time * time;
  }
  return { self, samples, selfSquares };
}

/** Σd² of samples of one length each. */
function equalSquares(self: Float64Array, samples: Float64Array): Float64Array {
  return self.map((time, node) => (at(samples, node) === 0 ? 0 : (time * time) / at(samples, node)));
}

function isSame(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}

// ---- timeline ------------------------------------------------------------------------------------------------------

function packTimeline(timeline: Timeline, columns: Map<string, ArrayLike<number>>): void {
  const { node, time, duration, line, subtracted } = timeline;
  columns.set('timeline.node', node);
  columns.set('timeline.duration', duration);
  const isWhole = time.every(Number.isSafeInteger) && duration.every(Number.isSafeInteger);
  // Nearly all samples begin where the one before ends.
  if (isWhole)
    columns.set(
      'timeline.gap',
      time.map((start, i) => start - (i === 0 ? 0 : endOf(timeline, i - 1))),
    );
  else columns.set('timeline.time', time);
  if (line !== null) columns.set('timeline.line', line);
  if (subtracted !== null) columns.set('timeline.subtracted', subtracted);
}

function endOf({ time, duration }: Pick<Timeline, 'time' | 'duration'>, sample: number): number {
  return at(time, sample) + at(duration, sample);
}

function unpackTimeline(columns: Columns, nodes: number): Timeline {
  const node = indexColumn(columns, 'timeline.node', { min: -1, end: nodes });
  const { length } = node;
  const duration = amountColumn(columns, 'timeline.duration', length);
  let time: Float64Array;
  if (columns.has('timeline.time')) time = amountColumn(columns, 'timeline.time', length);
  else {
    const gap = columnOf(columns, 'timeline.gap', length);
    time = new Float64Array(length);
    for (let i = 0; i < length; i++) time[i] = at(gap, i) + (i === 0 ? 0 : endOf({ time, duration }, i - 1));
  }
  const line = columns.has('timeline.line')
    ? indexColumn(columns, 'timeline.line', { length, min: 0, end: 2 ** 31 })
    : null;
  const subtracted = columns.has('timeline.subtracted') ? amountColumn(columns, 'timeline.subtracted', length) : null;
  return { length, node, time, duration, line, subtracted };
}

// ---- lines ---------------------------------------------------------------------------------------------------------

function packLines(lines: LineTimes, tree: CallTree, columns: Map<string, ArrayLike<number>>): void {
  columns.set(
    'lines.count',
    tree.function.map((_, node) => at(lines.start, node + 1) - at(lines.start, node)),
  );
  columns.set('lines.line', lines.line);
  columns.set('lines.samples', lines.samples);
  if (lines.areScaled) columns.set('lines.areScaled', []);
  const divided = divideByTicks({ ...lines, self: lines.samples }, tree);
  if (!isSame(divided.samples, lines.samples) || !isSame(divided.self, lines.self))
    columns.set('lines.self', lines.self);
}

function unpackLines(columns: Columns, tree: Pick<CallTree, 'length' | 'self' | 'samples'>): LineTimes {
  const count = indexColumn(columns, 'lines.count', { length: tree.length, min: 0, end: 2 ** 31 });
  const line = indexColumn(columns, 'lines.line', { min: 0, end: 2 ** 31 });
  const { length } = line;
  const start = new Int32Array(tree.length + 1);
  for (let node = 0; node < tree.length; node++) start[node + 1] = at(start, node) + at(count, node);
  if (at(start, tree.length) !== length) throw new BrokenColumnsError('lines.count does not add up to lines.line');
  const samples = amountColumn(columns, 'lines.samples', length);
  const lines = { length, start, line, samples, areScaled: columns.has('lines.areScaled') };
  if (columns.has('lines.self')) return { ...lines, self: amountColumn(columns, 'lines.self', length) };
  return { ...lines, self: divideByTicks({ ...lines, self: samples }, tree).self };
}
