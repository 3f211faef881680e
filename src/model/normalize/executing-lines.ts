/** Which lines were executing: from the samples where the file knows them, else from V8's ticks by node. */

import type { CallTree } from '../call-tree.ts';
import { at } from '../columns.ts';
import type { FunctionTable } from '../function-table.ts';
import { divideByTicks, type LineTimes, type NodeSums, sumLines } from '../line-times.ts';
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
  const hasFile = nodesWithFile(tree, functions);
  const countOf = (i: number) => (samples === null ? 1 : at(samples, i));
  const isCounted = (i: number) => at(self, i) !== 0 || countOf(i) !== 0;
  const rows = Array.from(node.keys()).filter((i) => at(line, i) > 0 && hasFile(at(node, i)) && isCounted(i));
  return sumLines(
    {
      length: rows.length,
      node: rows.map((i) => at(node, i)),
      line: rows.map((i) => at(line, i)),
      self: rows.map((i) => at(self, i)),
      samples: rows.map(countOf),
    },
    tree.length,
  );
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
  const hasFile = nodesWithFile(tree, functions);
  const nodeOf = (i: number) => (movedTo === null ? at(ticks.node, i) : at(movedTo, at(ticks.node, i)));
  const rows = Array.from({ length: ticks.length }, (_, i) => i).filter((i) => hasFile(nodeOf(i)));
  const counts = rows.map((i) => at(ticks.ticks, i));
  return divideByTicks(
    sumLines(
      {
        length: rows.length,
        node: rows.map(nodeOf),
        line: rows.map((i) => at(ticks.line, i)),
        self: counts,
        samples: counts,
      },
      tree.length,
    ),
    tree,
  );
}

function nodesWithFile({ function: fn }: TreeNodes, { file }: FunctionTable): (node: number) => boolean {
  return (node) => node !== -1 && at(file, at(fn, node)) !== '';
}
