/** Which lines were executing: from the samples where the file knows them, else from V8's ticks by node. */

import type { CallTree } from '../call-tree.ts';
import { at, byteAt, floatAt, intAt } from '../columns.ts';
import type { FunctionTable } from '../function-table.ts';
import { divideByTicks, type LineRows, type LineTimes, type NodeSums, sumLines } from '../line-times.ts';
import type { PositionTicks, RawStacksProfile } from '../raw-profile.ts';
import type { SampleDurations } from './sample-durations.ts';

/**
 * entry of `durations` -> 1-based line, 0 if not known; null if the file knows no lines of samples. Bun writes the executing
 * line as the line of the function.
 */
export function linesOfSamples(raw: RawStacksProfile, { node, line }: SampleDurations): Int32Array | null {
  if (!raw.linesAreSampled || line !== null) return line;
  return node.map((row) => (row === -1 ? 0 : at(raw.functions.line, at(raw.nodes.function, row))));
}

/** Samples, or several at once, with their lines. */
export interface LineSamples {
  /** sample -> NodeIndex, -1 for a node that is not in the file */
  readonly node: Int32Array;
  /** sample -> 1-based line, 0 if not known */
  readonly line: Int32Array;
  /** sample -> µs */
  readonly self: Float64Array;
  /** sample -> number of samples; null for one each */
  readonly samples: Float64Array | null;
}

/** Nodes whose lines are found. */
interface LineNodes<Tree = Pick<CallTree, 'length' | 'function'>> {
  readonly tree: Tree;
  readonly functions: FunctionTable;
  /** NodeIndex -> 1 for those that are found; null for all */
  readonly isWanted: Uint8Array | null;
}

/** Sums samples by node and line. */
export function sumSampleLines({ node, line, self, samples }: LineSamples, nodes: LineNodes): LineTimes {
  const rows = new LineRowColumns(nodes.isWanted === null ? node.length : FEW);
  const hasLines = nodesWithLines(nodes);
  for (let i = 0; i < node.length; i++) {
    const count = samples === null ? 1 : floatAt(samples, i);
    const time = floatAt(self, i);
    const each = intAt(node, i);
    const isCounted = time !== 0 || count !== 0;
    if (isCounted && intAt(line, i) > 0 && hasLines(each)) rows.push(each, intAt(line, i), time, count);
  }
  return sumLines(rows, nodes.tree.length);
}

/**
 * Divides the times of nodes by their ticks. V8 repeats lines from version 13 on. Its ticks of native frames are lines of
 * the caller's file, so they are dropped.
 *
 * @param movedTo RawNodeIndex -> NodeIndex; null if no node moved
 */
export function sumTicks(
  ticks: PositionTicks | undefined,
  nodes: LineNodes<Pick<CallTree, 'length' | 'function'> & NodeSums>,
  movedTo: Int32Array | null,
): LineTimes | null {
  if (ticks === undefined) return null;
  const rows = new LineRowColumns(nodes.isWanted === null ? ticks.length : FEW);
  const hasLines = nodesWithLines(nodes);
  for (let i = 0; i < ticks.length; i++) {
    const row = intAt(ticks.node, i);
    const node = movedTo === null ? row : intAt(movedTo, row);
    const count = floatAt(ticks.ticks, i);
    if (hasLines(node)) rows.push(node, intAt(ticks.line, i), count, count);
  }
  return divideByTicks(sumLines(rows, nodes.tree.length), nodes.tree);
}

/** Rows of the nodes of a function, at first. */
const FEW = 2 ** 10;

class LineRowColumns implements LineRows {
  length = 0;
  node: Int32Array;
  line: Int32Array;
  self: Float64Array;
  samples: Float64Array;

  /** @param expected number of rows */
  constructor(expected: number) {
    this.node = new Int32Array(expected);
    this.line = new Int32Array(expected);
    this.self = new Float64Array(expected);
    this.samples = new Float64Array(expected);
  }

  push(node: number, line: number, self: number, samples: number): void {
    const row = this.length++;
    if (row === this.node.length) this.#grow();
    this.node[row] = node;
    this.line[row] = line;
    this.self[row] = self;
    this.samples[row] = samples;
  }

  #grow(): void {
    const larger = new LineRowColumns(2 * this.node.length);
    for (const column of ['node', 'line', 'self', 'samples'] as const) larger[column].set(this[column]);
    Object.assign(this, { ...larger, length: this.length });
  }
}

function nodesWithLines({ tree, functions, isWanted }: LineNodes): (node: number) => boolean {
  const hasFile = Uint8Array.from(functions.file, (file) => Number(file !== ''));
  return (node) =>
    node !== -1 &&
    (isWanted === null || byteAt(isWanted, node) === 1) &&
    byteAt(hasFile, intAt(tree.function, node)) === 1;
}
