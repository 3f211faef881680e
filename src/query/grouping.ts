/** Groups functions by file, package or category. */

import { moduleFile } from '../base/url.ts';
import { type CallGraph, callTreeMetrics, type Metrics } from '../model/call-graph.ts';
import { at } from '../model/columns.ts';
import { addCounts, type Count } from '../model/count.ts';
import {
  type FunctionIndex,
  type FunctionInfo,
  type FunctionKind,
  type FunctionTable,
  FunctionTableBuilder,
  functionAt,
} from '../model/function-table.ts';
import type { Profile } from '../model/profile.ts';
import { type Origins, originsOf, WITHOUT_FILE } from './origins.ts';

export type Grouping = 'file' | 'package' | 'category' | 'line';

/** The groups that have whole functions. */
export type FunctionGrouping = Exclude<Grouping, 'line'>;

export const GROUPINGS: readonly Grouping[] = ['file', 'package', 'category', 'line'];

/** Groups in the form of functions: a table of names, and metrics by the counting rule. */
export interface FunctionGroups {
  readonly names: FunctionTable;
  readonly metrics: Metrics;
  /** group -> number of functions */
  readonly sizes: readonly number[];
}

/**
 * Groups functions. In a stacks profile a group's total counts a stack once, however often the group is on it. In an
 * edges profile it is not known which calls into a group came from outside, so totals are NaN.
 */
export function groupFunctions(profile: Profile, graph: CallGraph, by: FunctionGrouping): FunctionGroups {
  const { names, groupOf } = groupTable(graph.functions, originsOf(graph.functions), by);
  const sizes = new Array<number>(names.length).fill(0);
  for (const fn of graph.rows) sizes[at(groupOf, fn)] = at(sizes, at(groupOf, fn)) + 1;
  const metrics =
    'callTree' in profile
      ? callTreeMetrics(
          profile.callTree,
          profile.callTree.function.map((fn) => at(groupOf, fn)),
          names.length,
        )
      : sumGroups(graph, groupOf, names.length);
  return { names, metrics, sizes };
}

/** The groups as a table of functions, and FunctionIndex -> group, -1 for V8's root. */
export function groupTable(functions: FunctionTable, origins: Origins, by: FunctionGrouping) {
  const names = new FunctionTableBuilder();
  const nameOf = {
    file: (fn: FunctionIndex) => fileOf(functionAt(functions, fn)),
    package: origins.packageOf,
    category: origins.categoryOf,
  }[by];
  const groupOf = Int32Array.from(functions.kind, (_, fn) => {
    const info = functionAt(functions, fn);
    return info.kind === 'root' ? -1 : names.intern(groupAsFunction(info, nameOf(fn), by));
  });
  return { names: names.finish(), groupOf };
}

/** Sums functions of edges profiles. Total samples of a group's functions overlap, as times do; primitive calls do not. */
function sumGroups({ metrics, rows, counts }: CallGraph, groupOf: Int32Array, length: number): Metrics {
  const self = new Float64Array(length);
  const selfCount = new Array<Count>(length).fill(0);
  const totalCount = new Array<Count>(length).fill(0);
  for (const fn of rows) {
    const group = at(groupOf, fn);
    self[group] = at(self, group) + at(metrics.self, fn);
    selfCount[group] = addCounts(at(selfCount, group), at(metrics.selfCount, fn));
    totalCount[group] =
      counts === 'samples' ? Number.NaN : addCounts(at(totalCount, group), at(metrics.totalCount, fn));
  }
  return {
    self,
    total: new Float64Array(length).fill(Number.NaN),
    selfCount,
    totalCount,
    selfSquares: null,
    totalSquares: null,
  };
}

/** Describes a group as a function. (idle) keeps its kind, because rows of idle time are optional. */
function groupAsFunction(info: FunctionInfo, name: string, by: Grouping): FunctionInfo {
  const isFile = by === 'file' && !name.startsWith('(');
  return { kind: info.kind === 'idle' ? 'idle' : 'js', name, file: isFile ? name : '', line: 0, column: 0 };
}

/** The group of a function without a file; null for one with a file. */
export function groupWithoutFile(kind: FunctionKind, file: string): string | null {
  return file === '' || kind === 'builtin' ? WITHOUT_FILE[kind] : null;
}

function fileOf({ kind, file }: FunctionInfo): string {
  return groupWithoutFile(kind, file) ?? moduleFile(file);
}
