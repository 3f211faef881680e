/** Self time by executing line: the columns of a call tree's `lines`, and how they are summed and apportioned. */

import { apportion } from './apportion.ts';
import { floatAt, intAt } from './columns.ts';

/**
 * The lines that were executing while a node was on top of the stack. The entries of node n are those from `start[n]` up
 * to `start[n + 1]`, ascending by line, each line once:
 *
 *     node 0: no entry           start  0 0 2 3
 *     node 1: lines 14 and 17    line   14 17 9
 *     node 2: line 9             self   2000 500 1000
 *
 * Lines are of the node's file, `functions.file[tree.function[n]]`; a node without a file has no entries. Its entries add up
 * to the node's `self` and `samples`, or to less: the rest has no line.
 */
export interface LineTimes {
  /** Number of entries. */
  readonly length: number;
  /** NodeIndex -> its first entry; one value more than nodes, so that the last range ends, too */
  readonly start: Int32Array;
  /** entry -> 1-based line */
  readonly line: Int32Array;
  /** entry -> µs; NaN if the file has no times */
  readonly self: Float64Array;
  /** entry -> samples */
  readonly samples: Float64Array;
  /**
   * Whether these are estimates: the lines are known for the whole recording only, and times of a part of it were divided
   * in the same proportions.
   */
  readonly areScaled: boolean;
}

/** Entries in any order; a node and line may occur several times. */
export interface LineRows {
  readonly length: number;
  /** row -> NodeIndex */
  readonly node: Int32Array;
  readonly line: Int32Array;
  readonly self: Float64Array;
  readonly samples: Float64Array;
}

/** Sums rows by node and line. Sorts by node in one pass, and only a node's own rows by line. */
export function sumLines(rows: LineRows, nodes: number, areScaled = false): LineTimes {
  if (rows.length === 0) return noLines(nodes, areScaled);
  const { first, order } = sortByNode(rows, nodes);
  const start = new Int32Array(nodes + 1);
  const line = new Int32Array(rows.length);
  const self = new Float64Array(rows.length);
  const samples = new Float64Array(rows.length);
  let length = 0;
  for (let node = 0; node < nodes; node++) {
    start[node] = length;
    const end = intAt(first, node + 1);
    sortByLine(order, { from: intAt(first, node), to: end }, rows.line);
    for (let i = intAt(first, node); i < end; i++) {
      const row = intAt(order, i);
      const isNew = length === intAt(start, node) || intAt(line, length - 1) !== intAt(rows.line, row);
      const entry = isNew ? length++ : length - 1;
      line[entry] = intAt(rows.line, row);
      self[entry] = floatAt(self, entry) + floatAt(rows.self, row);
      samples[entry] = floatAt(samples, entry) + floatAt(rows.samples, row);
    }
  }
  start[nodes] = length;
  return {
    length,
    start,
    line: line.subarray(0, length),
    self: self.subarray(0, length),
    samples: samples.subarray(0, length),
    areScaled,
  };
}

function noLines(nodes: number, areScaled: boolean): LineTimes {
  const none = new Float64Array(0);
  return { length: 0, start: new Int32Array(nodes + 1), line: new Int32Array(0), self: none, samples: none, areScaled };
}

function sortByNode({ length, node }: LineRows, nodes: number) {
  const first = new Int32Array(nodes + 1);
  for (let row = 0; row < length; row++) first[intAt(node, row) + 1] = intAt(first, intAt(node, row) + 1) + 1;
  for (let i = 0; i < nodes; i++) first[i + 1] = intAt(first, i + 1) + intAt(first, i);
  const next = first.slice();
  const order = new Int32Array(length);
  for (let row = 0; row < length; row++) {
    const place = intAt(next, intAt(node, row));
    order[place] = row;
    next[intAt(node, row)] = place + 1;
  }
  return { first, order };
}

/** Sorts a range of rows. V8 writes most nodes with one line, and those with several in order. */
function sortByLine(order: Int32Array, { from, to }: { from: number; to: number }, line: Int32Array): void {
  for (let i = from + 1; i < to; i++) {
    if (intAt(line, intAt(order, i)) >= intAt(line, intAt(order, i - 1))) continue;
    order.subarray(from, to).sort((a, b) => intAt(line, a) - intAt(line, b));
    return;
  }
}

/** Node columns that lines divide up. */
export interface NodeSums {
  readonly self: Float64Array;
  readonly samples: Float64Array;
}

/** Divides each node's time and samples among its lines by their samples: V8's ticks of a whole recording. */
export function divideByTicks(ticks: LineTimes, nodes: NodeSums): LineTimes {
  const none = new Float64Array(nodes.self.length);
  return {
    ...ticks,
    self: divideColumn(ticks, { parts: ticks.samples, rest: none, total: nodes.self }),
    samples: divideColumn(ticks, { parts: ticks.samples, rest: none, total: nodes.samples }),
  };
}

/** Divides changed times of nodes among lines in the proportions of the times before, those without a line included. */
export function rescaleLines(lines: LineTimes, before: NodeSums, after: NodeSums): LineTimes {
  const divide = (column: 'self' | 'samples') =>
    divideColumn(lines, { parts: lines[column], rest: restOf(lines, column, before), total: after[column] });
  return { ...lines, self: divide('self'), samples: divide('samples') };
}

/** NodeIndex -> the part of a node's time, or samples, that has no line */
export function restOf(lines: LineTimes, column: 'self' | 'samples', nodes: NodeSums): Float64Array {
  const rest = nodes[column].slice();
  if (lines.length === 0) return rest;
  for (let node = 0; node < rest.length; node++) {
    for (let entry = intAt(lines.start, node); entry < intAt(lines.start, node + 1); entry++) {
      rest[node] = floatAt(rest, node) - floatAt(lines[column], entry);
    }
  }
  return rest;
}

interface Division {
  /** entry -> its weight */
  readonly parts: Float64Array;
  /** NodeIndex -> weight of what has no line */
  readonly rest: Float64Array;
  /** NodeIndex -> what is divided */
  readonly total: Float64Array;
}

/** Whether weights are what apportion() makes of them, as V8's ticks are of the samples of most nodes. */
function areWhole(
  parts: Float64Array,
  { first, end, without, total }: { first: number; end: number; without: number; total: number },
): boolean {
  let sum = 0;
  for (let entry = first; entry < end; entry++) {
    if (!Number.isInteger(floatAt(parts, entry))) return false;
    sum += floatAt(parts, entry);
  }
  return Number.isInteger(without) && sum + without === total;
}

function divideColumn({ start, length }: LineTimes, { parts, rest, total }: Division): Float64Array {
  const divided = new Float64Array(length);
  if (length === 0) return divided;
  for (let node = 0; node < total.length; node++) {
    const first = intAt(start, node);
    const end = intAt(start, node + 1);
    if (first === end) continue;
    const without = floatAt(rest, node);
    if (end - first === 1 && without === 0) divided[first] = floatAt(parts, first) === 0 ? 0 : floatAt(total, node);
    else if (areWhole(parts, { first, end, without, total: floatAt(total, node) }))
      divided.set(parts.subarray(first, end), first);
    else divided.set(apportion(floatAt(total, node), [...parts.subarray(first, end), without]).slice(0, -1), first);
  }
  return divided;
}

/** Moves lines to other nodes, where several may become one. @param movedTo NodeIndex -> its new index; -1 drops its lines */
export function moveLines(lines: LineTimes, movedTo: Int32Array, nodes: number): LineTimes {
  const builder = new LineTimesBuilder();
  builder.addAll(lines, movedTo);
  return builder.finish(nodes, null) ?? lines;
}

/** Rows are summed when there are more than this, and again when their number has doubled. */
const MAX_UNSUMMED = 2 ** 16;

/** Collects the lines of nodes, of one tree or of several. */
export class LineTimesBuilder {
  #rows = emptyRows();
  #limit = MAX_UNSUMMED;
  #isKnown = false;
  #areScaled = false;

  /** Adds the lines of a tree that have time or samples. @param nodeOf NodeIndex of that tree -> node of this builder; -1 drops its lines */
  addAll(lines: LineTimes, nodeOf: Int32Array): void {
    this.#isKnown = true;
    this.#areScaled ||= lines.areScaled;
    this.#push(lines, nodeOf);
    if (this.#rows.node.length > this.#limit) this.#sumRows();
  }

  #push({ start, line, self, samples }: LineTimes, nodeOf: Int32Array): void {
    for (let node = 0; node < nodeOf.length; node++) {
      const to = intAt(nodeOf, node);
      if (to === -1) continue;
      for (let entry = intAt(start, node); entry < intAt(start, node + 1); entry++) {
        if (floatAt(self, entry) === 0 && floatAt(samples, entry) === 0) continue;
        this.#rows.node.push(to);
        this.#rows.line.push(intAt(line, entry));
        this.#rows.self.push(floatAt(self, entry));
        this.#rows.samples.push(floatAt(samples, entry));
      }
    }
  }

  /** Bounds memory where many files have the same nodes and lines. */
  #sumRows(): void {
    const nodes = 1 + this.#rows.node.reduce((last, node) => Math.max(last, node), -1);
    const lines = sumLines(rowsOf(this.#rows), nodes);
    this.#rows = emptyRows();
    this.#push(
      lines,
      Int32Array.from({ length: nodes }, (_, node) => node),
    );
    this.#limit = Math.max(MAX_UNSUMMED, 2 * lines.length);
  }

  /** Returns null if no tree knows its lines. @param movedTo node of this builder -> NodeIndex; null if none moved */
  finish(nodes: number, movedTo: Int32Array | null): LineTimes | null {
    if (!this.#isKnown) return null;
    const { node, ...rows } = rowsOf(this.#rows);
    const moved = movedTo === null ? node : node.map((each) => intAt(movedTo, each));
    return sumLines({ ...rows, node: moved }, nodes, this.#areScaled);
  }
}

function rowsOf({ node, line, self, samples }: ReturnType<typeof emptyRows>): LineRows {
  return {
    length: node.length,
    node: Int32Array.from(node),
    line: Int32Array.from(line),
    self: Float64Array.from(self),
    samples: Float64Array.from(samples),
  };
}

function emptyRows() {
  return { node: [] as number[], line: [] as number[], self: [] as number[], samples: [] as number[] };
}
