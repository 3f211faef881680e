/** What the writers of stacks have in common: which nodes are written, with whole numbers for their times. */

import { sum } from '../../base/averages.ts';
import { roundToSum } from '../../model/apportion.ts';
import type { CallTree, NodeIndex } from '../../model/call-tree.ts';
import { at } from '../../model/columns.ts';
import type { FunctionIndex, FunctionKind, FunctionTable } from '../../model/function-table.ts';
import { apportion } from '../../model/line-times.ts';
import type { Profile, StacksProfile } from '../../model/profile.ts';
import { noStacksToWrite, notOfTime, stacksTooLarge, untimed } from '../errors.ts';
import type { WriteOptions } from '../format.ts';

/** A stacks profile as files show it: without V8's root and, unless asked for, without idle time. */
export interface WrittenStacks {
  readonly functions: FunctionTable;
  readonly callTree: CallTree;
  /** NodeIndex -> self time in whole units; their sum is the rounded sum of the times; 0 for nodes not written */
  readonly self: Float64Array;
  /** The nodes with time or samples of their own, depth-first. */
  readonly nodes: readonly NodeIndex[];
}

/**
 * Returns the stacks to write, in units of 1/`unitsPerMicrosecond` µs.
 * Throws PstatError (`missing-data`) for an edges profile, and for one without times.
 */
export function writtenStacks(profile: Profile, unitsPerMicrosecond: number, options: WriteOptions): WrittenStacks {
  const { functions, callTree } = requireStacks(profile);
  const isWritten = functions.kind.map((kind) => isWrittenKind(kind, options));
  const exact = new Float64Array(callTree.length);
  for (let node = 0; node < exact.length; node++) {
    if (at(isWritten, at(callTree.function, node))) exact[node] = at(callTree.self, node) * unitsPerMicrosecond;
  }
  const self = roundToSum(exact);
  const nodes: NodeIndex[] = [];
  for (let node = 0; node < exact.length; node++) {
    const hasValue = at(self, node) > 0 || at(callTree.samples, node) > 0;
    if (hasValue && at(isWritten, at(callTree.function, node))) nodes.push(node);
  }
  return { functions, callTree, self, nodes };
}

/**
 * The nodes for a file of samples in order, where readers hang a collector below the stack before it: those of collectors
 * that interrupted nothing come first.
 */
export function nodesAsSamples({ functions, callTree, nodes }: WrittenStacks): NodeIndex[] {
  const kindOf = (node: NodeIndex) => (node === -1 ? 'root' : at(functions.kind, at(callTree.function, node)));
  const isAlone = (node: NodeIndex) => kindOf(node) === 'gc' && kindOf(at(callTree.parent, node)) === 'root';
  return [...nodes.filter(isAlone), ...nodes.filter((node) => !isAlone(node))];
}

/** Throws PstatError (`missing-data`) for an edges profile, and for one without times. */
export function requireStacks(profile: Profile): StacksProfile {
  const source = profile.sources[0] ?? '';
  if (!('callTree' in profile)) throw noStacksToWrite(source);
  if (profile.callTree.self.some(Number.isNaN)) throw untimed(source);
  return profile;
}

/** As `requireStacks`, and throws for a profile of bytes or counts. */
export function requireTimes(profile: Profile): StacksProfile {
  const stacks = requireStacks(profile);
  if (stacks.unit !== 'us') throw notOfTime(profile.sources[0] ?? '');
  return stacks;
}

/** Whether the time of a function of this kind is written. */
export function isWrittenKind(kind: FunctionKind, { idle = false }: WriteOptions): boolean {
  return kind !== 'root' && (idle || kind !== 'idle');
}

/** Frames, or characters, of all stacks that are written whole: more makes files that no tool reads. */
const MAX_WRITTEN = 2 ** 27;

/**
 * Throws PstatError (`missing-data`) if whole stacks of these nodes are more than a file can hold: a stack a million deep
 * whose nodes all have time is a million stacks.
 *
 * @param parents NodeIndex -> the node of the caller, which comes before; -1 for none
 * @param sizeOf what a node takes in a stack, such as 1, or the length of its name
 */
export function requireSmallStacks(
  parents: ArrayLike<NodeIndex>,
  nodes: Iterable<NodeIndex>,
  sizeOf: (node: NodeIndex) => number = () => 1,
): void {
  const sizes = new Float64Array(parents.length);
  for (let node = 0; node < sizes.length; node++) {
    const parent = at(parents, node);
    sizes[node] = (parent === -1 ? 0 : at(sizes, parent)) + sizeOf(node);
  }
  let written = 0;
  for (const node of nodes) written += at(sizes, node);
  if (written > MAX_WRITTEN) throw stacksTooLarge();
}

/** The functions on the stacks of nodes, each once. */
export function functionsOn({ functions, callTree, nodes }: WrittenStacks): Set<FunctionIndex> {
  const found = new Set<FunctionIndex>();
  const seen = new Uint8Array(callTree.length);
  for (const node of nodes)
    for (let each = node; each !== -1 && at(seen, each) === 0; each = at(callTree.parent, each)) {
      seen[each] = 1;
      const fn = at(callTree.function, each);
      if (at(functions.kind, fn) !== 'root') found.add(fn);
    }
  return found;
}

/** The functions on a node's stack without V8's root, innermost first. */
export function stackOf(
  { functions, callTree }: Pick<StacksProfile, 'functions' | 'callTree'>,
  node: NodeIndex,
): FunctionIndex[] {
  const stack: FunctionIndex[] = [];
  for (let each = node; each !== -1; each = at(callTree.parent, each)) {
    const fn = at(callTree.function, each);
    if (at(functions.kind, fn) !== 'root') stack.push(fn);
  }
  return stack;
}

/** The name that other tools show: `(anonymous)` for none. */
export function writtenName(functions: FunctionTable, fn: FunctionIndex): string {
  return unmistakableName(at(functions.name, fn), at(functions.kind, fn)) || '(anonymous)';
}

/** V8's own nodes, which readers know by their names, and their kinds. */
const META_NAMES: ReadonlyMap<string, FunctionKind> = new Map([
  ['(root)', 'root'],
  ['(program)', 'program'],
  ['(idle)', 'idle'],
  ['(garbage collector)', 'gc'],
  ['(no stack)', 'none'],
]);

/** A function with the name of one of V8's own nodes is written in quotes, or readers would take its time for idle time. */
export function unmistakableName(name: string, kind: FunctionKind): string {
  const imitated = META_NAMES.get(name);
  return imitated === undefined || imitated === kind ? name : `'${name}'`;
}

/** A part of a node's time, in whole units. */
export interface WrittenLine {
  /** 1-based; 0 for time of no known line; null if the profile knows no lines */
  readonly line: number | null;
  readonly self: number;
  readonly samples: number;
}

/** Divides the time and samples of a node by executing line. The parts add up to them. */
export function linesOfNode({ callTree, self }: WrittenStacks, node: NodeIndex): WrittenLine[] {
  const { lines, samples } = callTree;
  const whole = { self: at(self, node), samples: at(samples, node) };
  if (lines === null) return [{ line: null, ...whole }];
  const first = at(lines.start, node);
  const length = at(lines.start, node + 1) - first;
  // What most nodes are, without the lists below.
  if (length === 0) return [{ line: 0, ...whole }];
  if (length === 1 && at(lines.self, first) === at(callTree.self, node) && at(lines.samples, first) === whole.samples)
    return [{ line: at(lines.line, first), ...whole }];
  const entries = Array.from({ length }, (_, i) => first + i);
  const times = entries.map((entry) => at(lines.self, entry));
  const counts = entries.map((entry) => at(lines.samples, entry));
  const rest = Math.max(0, at(callTree.self, node) - sum(times));
  const parts = apportion(whole.self, [...times, rest]);
  return [
    ...entries.map((entry, i) => ({ line: at(lines.line, entry), self: at(parts, i), samples: at(counts, i) })),
    { line: 0, self: parts.at(-1) ?? 0, samples: Math.max(0, whole.samples - sum(counts)) },
  ].filter((part) => part.self > 0 || part.samples > 0);
}
