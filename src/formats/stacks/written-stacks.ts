/** What the writers of stacks have in common: which nodes are written, with whole numbers for their times. */

import { sum } from '../../base/averages.ts';
import { apportion, roundToSum } from '../../model/apportion.ts';
import type { CallTree, NodeIndex } from '../../model/call-tree.ts';
import { at } from '../../model/columns.ts';
import { type FunctionIndex, type FunctionKind, type FunctionTable, metaKinds } from '../../model/function-table.ts';
import type { LineTimes } from '../../model/line-times.ts';
import type { Profile, StacksProfile } from '../../model/profile.ts';
import { noStacksToWrite, noTimes, notOfTime, stacksTooLarge } from '../errors.ts';
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
 * The nodes for a file of samples in order, where readers attach a collector to the stack before it: those of collectors
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
  if (profile.callTree.self.some(Number.isNaN)) throw noTimes(source);
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

/** V8's own nodes, which readers know by their names. */
const META_KINDS = metaKinds('root', 'program', 'idle', 'gc', 'none');

/** A function with the name of one of V8's own nodes is written in quotes, or readers would take its time for idle time. */
export function unmistakableName(name: string, kind: FunctionKind): string {
  const imitated = META_KINDS.get(name);
  return imitated === undefined || imitated === kind ? name : `'${name}'`;
}

/**
 * Takes a part of a node's time and samples, in whole units.
 *
 * @param line 1-based; 0 for time of no known line; null if the profile knows no lines
 */
export type LineCallback = (line: number | null, self: number, samples: number) => void;

/** Divides the time and samples of a node by executing line. The parts add up to them. */
export function eachLineOfNode(stacks: WrittenStacks, node: NodeIndex, callback: LineCallback): void {
  const { callTree, self } = stacks;
  const { lines, samples } = callTree;
  const whole = at(self, node);
  if (lines === null) callback(null, whole, at(samples, node));
  else if (at(lines.start, node) === at(lines.start, node + 1)) callback(0, whole, at(samples, node));
  else if (areWhole(stacks, lines, node)) eachWholeLine(stacks, lines, { node, callback });
  else eachRoundedLine(stacks, lines, { node, callback });
}

/** Whether the times of the lines are whole units that add up to the node's, as in files of whole µs. */
function areWhole({ callTree, self }: WrittenStacks, lines: LineTimes, node: NodeIndex): boolean {
  const scale = at(self, node) / at(callTree.self, node);
  let times = 0;
  for (let entry = at(lines.start, node); entry < at(lines.start, node + 1); entry++) {
    const time = at(lines.self, entry) * scale;
    if (!Number.isInteger(time)) return false;
    times += time;
  }
  return times === at(self, node);
}

interface LinesOf {
  readonly node: NodeIndex;
  readonly callback: LineCallback;
}

function eachWholeLine({ callTree, self }: WrittenStacks, lines: LineTimes, { node, callback }: LinesOf): void {
  const scale = at(self, node) / at(callTree.self, node);
  let rest = at(callTree.samples, node);
  for (let entry = at(lines.start, node); entry < at(lines.start, node + 1); entry++) {
    const time = at(lines.self, entry) * scale;
    const samples = at(lines.samples, entry);
    rest -= samples;
    if (time > 0 || samples > 0) callback(at(lines.line, entry), time, samples);
  }
  if (rest > 0) callback(0, 0, rest);
}

function eachRoundedLine({ callTree, self }: WrittenStacks, lines: LineTimes, { node, callback }: LinesOf): void {
  const first = at(lines.start, node);
  const entries = Array.from({ length: at(lines.start, node + 1) - first }, (_, i) => first + i);
  const times = entries.map((entry) => at(lines.self, entry));
  const parts = apportion(at(self, node), [...times, Math.max(0, at(callTree.self, node) - sum(times))]);
  let rest = at(callTree.samples, node);
  for (const [i, entry] of entries.entries()) {
    const samples = at(lines.samples, entry);
    rest -= samples;
    if (at(parts, i) > 0 || samples > 0) callback(at(lines.line, entry), at(parts, i), samples);
  }
  const without = parts.at(-1) ?? 0;
  if (without > 0 || rest > 0) callback(0, without, Math.max(0, rest));
}
