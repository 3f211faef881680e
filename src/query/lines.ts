/** Groups time by the line that was executing. */

import { sum } from '../base/averages.ts';
import type { CallGraph, Metrics } from '../model/call-graph.ts';
import { linesOfNodes } from '../model/call-tree.ts';
import { at } from '../model/columns.ts';
import { addCounts, type Count } from '../model/count.ts';
import { type FunctionIndex, FunctionTableBuilder, functionAt } from '../model/function-table.ts';
import { type LineTimes, restOf } from '../model/line-times.ts';
import type { EdgesProfile, Profile, StacksProfile } from '../model/profile.ts';
import { noLines } from './errors.ts';
import { type FunctionGroups, groupWithoutFile } from './grouping.ts';

/** Whether a profile knows which lines were executing. */
export function knowsLines(profile: Profile): boolean {
  return 'callTree' in profile ? linesOfNone(profile) !== null : profile.linesAreSampled;
}

/** Whether times of lines are estimates: ticks of a whole recording, scaled to a part of it. */
export function areLinesScaled(profile: Profile): boolean {
  return 'callTree' in profile && (linesOfNone(profile)?.areScaled ?? false);
}

function linesOfNone({ callTree }: StacksProfile): LineTimes | null {
  return linesOfNodes(callTree, new Uint8Array(callTree.length));
}

/**
 * Returns the share, from 0 to 1, of the time on lines that is on no known line of a source, because a line of the generated
 * code holds several.
 */
export function unknownLineShare(profile: Profile): number {
  if (!('callTree' in profile) || profile.callTree.lines === null) return 0;
  const { callTree, functions } = profile;
  const isMoved = (node: number) => functions.generated?.[at(callTree.function, node)] != null;
  const rest = restOf(profile.callTree.lines, 'self', callTree).filter((_, node) => isMoved(node));
  const [unknown, known] = [sum(rest), sum(profile.callTree.lines.self)];
  return unknown === 0 ? 0 : unknown / (unknown + known);
}

/**
 * Groups time by line, as functions whose line is the executing one and whose name is that of the line's hottest function.
 * The self times add up to those of all functions: time without a line is in groups of its own, one for each file and for
 * each kind of function without a file. Throws PstatError (`missing-data`) for a profile that does not know its lines.
 */
export function groupLines(profile: Profile, graph: CallGraph): FunctionGroups {
  if (!knowsLines(profile)) throw noLines(profile.sources[0] ?? '');
  const groups = new LineGroups(graph);
  if ('callTree' in profile) addStacks(groups, profile);
  else addEdges(groups, profile);
  return groups.finish();
}

function addStacks(groups: LineGroups, { callTree, functions }: StacksProfile): void {
  const { lines } = callTree;
  if (lines === null) return;
  const restTime = restOf(lines, 'self', callTree);
  const restSamples = restOf(lines, 'samples', callTree);
  for (let node = 0; node < callTree.length; node++) {
    const fn = at(callTree.function, node);
    if (at(functions.kind, fn) === 'root') continue;
    for (let entry = at(lines.start, node); entry < at(lines.start, node + 1); entry++) {
      groups.add(fn, at(lines.line, entry), at(lines.self, entry), at(lines.samples, entry));
    }
    groups.add(fn, 0, at(restTime, node), at(restSamples, node));
  }
}

/** Python's sampler writes the executing line as the line of the function. */
function addEdges(groups: LineGroups, { rows, metrics, functions }: EdgesProfile): void {
  rows.forEach((fn, row) => {
    groups.add(fn, at(functions.line, fn), at(metrics.self, row), at(metrics.selfCount, row));
  });
}

class LineGroups {
  readonly #graph: CallGraph;
  readonly #places = new FunctionTableBuilder();
  readonly #self: number[] = [];
  readonly #samples: Count[] = [];
  /** group -> function -> its time on the line */
  readonly #functions: Map<FunctionIndex, number>[] = [];

  constructor(graph: CallGraph) {
    this.#graph = graph;
  }

  /** @param line 0 for none */
  add(fn: FunctionIndex, line: number, self: number, samples: Count): void {
    if (self === 0 && samples === 0) return;
    const group = this.#groupOf(fn, line);
    this.#self[group] = (this.#self[group] ?? 0) + self;
    this.#samples[group] = addCounts(this.#samples[group] ?? 0, samples);
    this.#functions[group] ??= new Map();
    const functions = this.#functions[group];
    functions.set(fn, (functions.get(fn) ?? 0) + self);
  }

  #groupOf(fn: FunctionIndex, line: number): number {
    const { kind, file } = functionAt(this.#graph.functions, fn);
    const without = groupWithoutFile(kind, file);
    if (without === null) return this.#places.intern({ kind: 'js', name: '', file, line, column: 0 });
    return this.#places.intern({ kind: kind === 'idle' ? kind : 'js', name: without, file: '', line: 0, column: 0 });
  }

  finish(): FunctionGroups {
    const places = this.#places.finish();
    const name = places.name.map((written, group) => {
      if (written !== '') return written;
      return at(places.line, group) === 0 ? '(no line)' : at(this.#graph.functions.name, this.#hottestOf(group));
    });
    return { names: { ...places, name }, metrics: this.#metrics(), sizes: this.#functions.map(({ size }) => size) };
  }

  #hottestOf(group: number): FunctionIndex {
    return [...at(this.#functions, group)].reduce((hottest, each) => (each[1] > hottest[1] ? each : hottest))[0];
  }

  #metrics(): Metrics {
    const unknown = new Float64Array(this.#self.length).fill(Number.NaN);
    return {
      self: this.#self,
      total: unknown,
      selfCount: this.#samples,
      totalCount: unknown,
      selfSquares: null,
      totalSquares: null,
    };
  }
}
