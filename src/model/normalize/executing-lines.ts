/** Which lines were executing: from the samples where the file knows them, else from V8's ticks by node. */

import type { CallTree } from '../call-tree.ts';
import { at } from '../columns.ts';
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

type TreeNodes = Pick<CallTree, 'length' | 'function'>;

/** Sums samples by node and line. */
export function sumSampleLines(
  { node, line, self, samples }: LineSamples,
  tree: TreeNodes,
  functions: FunctionTable,
): LineTimes {
  const rows = new LineRowColumns(node.length);
  const hasFile = nodesWithFile(tree, functions);
  for (let i = 0; i < node.length; i++) {
    const count = samples === null ? 1 : at(samples, i);
    const isCounted = at(self, i) !== 0 || count !== 0;
    if (isCounted && at(line, i) > 0 && hasFile(at(node, i))) rows.push(at(node, i), at(line, i), at(self, i), count);
  }
  return sumLines(rows, tree.length);
}

/**
 * Divides the times of nodes by their ticks. V8 repeats lines from version 13 on. Its ticks of native frames are lines of
 * the caller's file, so they are dropped.
 *
 * @param movedTo RawNodeIndex -> NodeIndex; null if no node moved
 */
export function sumTicks(
  ticks: PositionTicks | undefined,
  {
    tree,
    functions,
    movedTo,
  }: { readonly tree: TreeNodes & NodeSums; readonly functions: FunctionTable; readonly movedTo: Int32Array | null },
): LineTimes | null {
  if (ticks === undefined) return null;
  const rows = new LineRowColumns(ticks.length);
  const hasFile = nodesWithFile(tree, functions);
  for (let i = 0; i < ticks.length; i++) {
    const node = movedTo === null ? at(ticks.node, i) : at(movedTo, at(ticks.node, i));
    const count = at(ticks.ticks, i);
    if (hasFile(node)) rows.push(node, at(ticks.line, i), count, count);
  }
  return divideByTicks(sumLines(rows, tree.length), tree);
}

/** Rows of a known maximum number. */
class LineRowColumns implements LineRows {
  length = 0;
  readonly node: Int32Array;
  readonly line: Int32Array;
  readonly self: Float64Array;
  readonly samples: Float64Array;

  constructor(maximum: number) {
    this.node = new Int32Array(maximum);
    this.line = new Int32Array(maximum);
    this.self = new Float64Array(maximum);
    this.samples = new Float64Array(maximum);
  }

  push(node: number, line: number, self: number, samples: number): void {
    const row = this.length++;
    this.node[row] = node;
    this.line[row] = line;
    this.self[row] = self;
    this.samples[row] = samples;
  }
}

function nodesWithFile({ function: fn }: TreeNodes, { file }: FunctionTable): (node: number) => boolean {
  return (node) => node !== -1 && at(file, at(fn, node)) !== '';
}
