/** Groups functions by file, package or category. */

import { builtinModules } from 'node:module';
import { type CallGraph, callTreeMetrics, type Metrics } from '../model/call-graph.ts';
import { at } from '../model/columns.ts';
import { addCounts, type Count } from '../model/count.ts';
import {
  type FunctionInfo,
  type FunctionKind,
  type FunctionTable,
  FunctionTableBuilder,
  functionAt,
} from '../model/function-table.ts';
import type { Profile } from '../model/profile.ts';
import { libraryPath } from './places.ts';

export type Grouping = 'file' | 'package' | 'category' | 'line';

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
export function groupFunctions(profile: Profile, graph: CallGraph, by: Exclude<Grouping, 'line'>): FunctionGroups {
  const { functions } = graph;
  const names = new FunctionTableBuilder();
  const groupOf = Int32Array.from({ length: functions.length }, (_, fn) =>
    at(functions.kind, fn) === 'root' ? -1 : names.intern(groupAsFunction(functionAt(functions, fn), by)),
  );
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
  return { names: names.finish(), metrics, sizes };
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
function groupAsFunction(info: FunctionInfo, by: Exclude<Grouping, 'line'>): FunctionInfo {
  const name = { file: fileOf, package: packageOf, category: categoryOf }[by](info);
  const isFile = by === 'file' && !name.startsWith('(');
  return { kind: info.kind === 'idle' ? 'idle' : 'js', name, file: isFile ? info.file : '', line: 0, column: 0 };
}

/** The group of functions without a file, in every grouping. */
const WITHOUT_FILE: Readonly<Record<FunctionKind, string>> = {
  js: '(unknown)',
  python: '(unknown)',
  root: '(root)',
  native: '(native)',
  builtin: '(built-ins)',
  eval: '(eval)',
  wasm: '(wasm)',
  regexp: '(regexp)',
  gc: '(garbage collector)',
  program: '(program)',
  idle: '(idle)',
  none: '(no stack)',
};

/** The group of a function without a file; null for one with a file. */
export function groupWithoutFile(kind: FunctionKind, file: string): string | null {
  return file === '' || kind === 'builtin' ? WITHOUT_FILE[kind] : null;
}

function fileOf({ kind, file }: FunctionInfo): string {
  return groupWithoutFile(kind, file) ?? file;
}

function packageOf(info: FunctionInfo): string {
  const { kind, file } = info;
  if (file === '' || kind === 'wasm' || kind === 'builtin') return WITHOUT_FILE[kind];
  switch (categoryOf(info)) {
    case 'node':
      return 'node:';
    case 'python':
      return '(standard library)';
    case 'eval':
      return '(eval)';
    case 'dependency':
      return dependencyName(file);
    default:
      return '(app)';
  }
}

/** `express` or `@scope/name` from node_modules, `sqlalchemy` from site-packages. */
function dependencyName(file: string): string {
  const [, scoped, plain] = /^(?:(@[^\\/]+[\\/][^\\/]+)|([^\\/]+))/.exec(libraryPath(file)?.path ?? '') ?? [];
  return scoped?.replace('\\', '/') ?? plain?.replace(/\.py$/, '') ?? '(app)';
}

/** app, dependency, node, python, native, regexp, wasm, eval, gc, program or idle. */
function categoryOf({ kind, file }: FunctionInfo): string {
  if (kind === 'none') return 'program';
  if (kind === 'builtin') return 'native';
  if (kind !== 'js' && kind !== 'python') return kind;
  if (isRuntime(file)) return 'node';
  if (/^<frozen /.test(file)) return 'python';
  if (/^(?:<|data:|evalmachine)/.test(file)) return 'eval';
  const library = libraryPath(file);
  if (library === null) return 'app';
  return library.isStandard ? 'python' : 'dependency';
}

/** `node:fs`, Deno's `ext:core`, Bun's `bun:`, and `internal/…` and `fs.js` of Node before 16. */
function isRuntime(file: string): boolean {
  if (/^(?:node:|ext:|deno:|bun:|internal[\\/]|electron\/js2c\/)/.test(file)) return true;
  const [, bare] = /^(\w+)\.js$/.exec(file) ?? [];
  return bare !== undefined && builtinModules.includes(bare);
}
