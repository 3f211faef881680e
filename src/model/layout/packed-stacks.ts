/**
 * A call tree and its timeline as columns of a file, which a page draws and a reader gives back exactly. A column that
 * follows from others is left out.
 */

import { BrokenColumnsError } from '../../base/packed-bytes.ts';
import { amountColumn, type Columns, columnOf, indexColumn } from '../../base/packed-columns.ts';
import { type CallTree, deferred } from '../call-tree.ts';
import { at, floatAt, intAt } from '../columns.ts';
import type { DepthFirstNodes } from '../depth-first.ts';
import type { FunctionTable } from '../function-table.ts';
import { divideByTicks, type LineTimes } from '../line-times.ts';
import { PairIndex } from '../pair-index.ts';
import type { StacksProfile, Timeline } from '../profile.ts';

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
  const known = new PairIndex();
  /** pair of caller and callee -> its place among the callees of the caller */
  const places: number[] = [];
  const callees = new Map<number, number>();
  const callee = new Int32Array(length);
  const fresh: number[] = [];
  for (let node = 0; node < length; node++) {
    const caller = parent[node] === -1 ? -1 : at(fns, at(parent, node));
    const pair = known.indexOf(caller, at(fns, node));
    if (pair === places.length) {
      places.push((callees.get(caller) ?? 0) + 1);
      callees.set(caller, at(places, pair));
      fresh.push(at(fns, node));
    } else callee[node] = at(places, pair);
  }
  columns.set('tree.callee', callee);
  columns.set('tree.function', fresh);
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
    else if (derived === null || !isSame(values, derived)) columns.set(`tree.${name}`, values);
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
  const duration = checkTimes('timeline.duration', amountColumn(columns, 'timeline.duration', length));
  const line = columns.has('timeline.line')
    ? indexColumn(columns, 'timeline.line', { length, min: 0, end: 2 ** 31 })
    : null;
  const subtracted = columns.has('timeline.subtracted') ? amountColumn(columns, 'timeline.subtracted', length) : null;
  let time: Float64Array | null = null;
  return {
    length,
    node,
    duration,
    line,
    subtracted,
    // On demand: only the view in order of time needs them.
    get time() {
      time ??= columns.has('timeline.time')
        ? checkTimes('timeline.time', amountColumn(columns, 'timeline.time', length))
        : checkTimes('timeline.gap', timesOf(columnOf(columns, 'timeline.gap', length), duration));
      return time;
    },
  };
}

/** Samples in order have all of their times. Throws BrokenColumnsError. */
function checkTimes(name: string, times: Float64Array): Float64Array {
  const bad = times.findIndex((time) => !Number.isFinite(time));
  if (bad !== -1) throw new BrokenColumnsError(`${name}[${bad}] is no time`);
  return times;
}

function timesOf(gap: Float64Array, duration: Float64Array): Float64Array {
  const time = new Float64Array(gap.length);
  let end = 0;
  for (let i = 0; i < gap.length; i++) {
    time[i] = floatAt(gap, i) + end;
    end = floatAt(time, i) + floatAt(duration, i);
  }
  return time;
}

// ---- lines ---------------------------------------------------------------------------------------------------------

function packLines(
  lines: LineTimes,
  { tree, functions }: { readonly tree: CallTree; readonly functions: FunctionTable },
  columns: Map<string, ArrayLike<number>>,
): void {
  columns.set(
    'lines.count',
    tree.function.map((_, node) => at(lines.start, node + 1) - at(lines.start, node)),
  );
  // How far below the line before, or below that of the function: small, and alike wherever the function is called.
  const line = Int32Array.from(lines.line);
  shiftLines(line, { start: lines.start, fns: tree.function, functions, sign: -1 });
  columns.set('lines.line', line);
  columns.set('lines.samples', lines.samples);
  if (lines.areScaled) columns.set('lines.areScaled', []);
  const divided = divideByTicks({ ...lines, self: lines.samples }, tree);
  if (isSame(divided.samples, lines.samples) && isSame(divided.self, lines.self)) return;
  const isWhole = lines.self.every(Number.isSafeInteger) && divided.self.every(Number.isSafeInteger);
  if (isWhole)
    columns.set(
      'lines.selfOff',
      lines.self.map((self, entry) => self - at(divided.self, entry)),
    );
  else columns.set('lines.self', lines.self);
}

/** Makes lines of what is packed, or the reverse, in place. */
function shiftLines(
  line: Int32Array,
  { start, fns, functions, sign }: { start: Int32Array; fns: Int32Array; functions: FunctionTable; sign: 1 | -1 },
): void {
  for (let node = 0; node < fns.length; node++) {
    let before = at(functions.line, intAt(fns, node));
    for (let entry = intAt(start, node); entry < intAt(start, node + 1); entry++) {
      const value = intAt(line, entry);
      line[entry] = value + sign * before;
      before = sign === 1 ? intAt(line, entry) : value;
    }
  }
}

function unpackLines(
  columns: Columns,
  tree: Pick<CallTree, 'length' | 'self' | 'samples' | 'function'>,
  functions: FunctionTable,
): LineTimes {
  const count = indexColumn(columns, 'lines.count', { length: tree.length, min: 0, end: 2 ** 31 });
  const line = indexColumn(columns, 'lines.line', { min: -(2 ** 31), end: 2 ** 31 });
  const { length } = line;
  const start = new Int32Array(tree.length + 1);
  for (let node = 0; node < tree.length; node++) start[node + 1] = at(start, node) + at(count, node);
  if (at(start, tree.length) !== length) throw new BrokenColumnsError('lines.count does not add up to lines.line');
  shiftLines(line, { start, fns: tree.function, functions, sign: 1 });
  if (line.some((each) => each < 0)) throw new BrokenColumnsError('lines.line has a line below 0');
  const samples = amountColumn(columns, 'lines.samples', length);
  const lines = { length, start, line, samples, areScaled: columns.has('lines.areScaled') };
  if (columns.has('lines.self')) return { ...lines, self: amountColumn(columns, 'lines.self', length) };
  const { self } = divideByTicks({ ...lines, self: samples }, tree);
  if (!columns.has('lines.selfOff')) return { ...lines, self };
  const off = columnOf(columns, 'lines.selfOff', length);
  return { ...lines, self: self.map((time, entry) => Math.max(0, time + at(off, entry))) };
}
