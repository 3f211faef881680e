/** One side of a comparison: its processes, and every function's figures in each of them. */

import { getOrInsert } from '../base/maps.ts';
import { parseProcessFile } from '../base/recording-files.ts';
import { moduleFile, withoutRoot } from '../base/url.ts';
import type { CallGraph } from '../model/call-graph.ts';
import { at } from '../model/columns.ts';
import type { Count } from '../model/count.ts';
import { withoutAddresses } from '../model/function-names.ts';
import {
  type FunctionIndex,
  type FunctionInfo,
  type FunctionTable,
  FunctionTableBuilder,
  functionAt,
} from '../model/function-table.ts';
import type { Stats } from '../query/stats.ts';
import type { ProfileSummary } from '../query/summary.ts';
import { emptySide, notOfTime, unlikeSides } from './errors.ts';
import { processOf } from './process.ts';
import { ProcessBuilder, type ProcessRun } from './process-run.ts';

/**
 * The figures of each function in each process; 0 where a process does not have it. A process that served requests has
 * means over its requests: medians of sparse samples are 0.
 */
export interface Side {
  readonly counts: 'samples' | 'calls';
  readonly functions: FunctionTable;
  readonly processes: readonly ProcessRun[];
  /** FunctionIndex -> process -> µs */
  readonly self: readonly Float64Array[];
  /** FunctionIndex -> process -> µs */
  readonly total: readonly Float64Array[];
  /** FunctionIndex -> process -> samples or calls */
  readonly count: readonly (readonly Count[])[];
  /** FunctionIndex of a caller -> FunctionIndex of its callees */
  readonly callees: ReadonlyMap<FunctionIndex, ReadonlySet<FunctionIndex>>;
  /** Profiles of which the queued time was taken off, and all profiles. */
  readonly undisturbed: number;
  readonly profiles: number;
}

/** Collects the profiles of a side one by one and keeps figures of functions only. */
export class SideBuilder {
  readonly #functions = new FunctionTableBuilder();
  readonly #processes: ProcessBuilder[] = [];
  readonly #current = new Map<string, ProcessBuilder>();
  readonly #callees = new Map<FunctionIndex, Set<FunctionIndex>>();
  #counts: 'samples' | 'calls' | null = null;
  #undisturbed = 0;
  #profiles = 0;

  /** Throws PstatError (`missing-data`) where samples and calls come together, and for bytes or counts. */
  add({ summary, graph }: Pick<Stats, 'summary' | 'graph'>): void {
    this.#counts ??= graph.counts;
    if (this.#counts !== graph.counts) throw unlikeSides();
    if (summary.unit !== 'us') throw notOfTime(summary.sources[0] ?? '');
    this.#profiles++;
    if (summary.isUndisturbed) this.#undisturbed++;
    const rowOf = this.#intern(graph, summary.run?.root ?? null);
    this.#processFor(summary).add(summary, graph, rowOf);
    this.#addCallees(graph, rowOf);
  }

  /** Throws PstatError (`missing-data`) for a side without a profile. */
  finish(): Side {
    if (this.#counts === null) throw emptySide();
    const functions = this.#functions.finish();
    const metrics = this.#processes.map((run) => run.metrics(functions.length));
    const columns = <Value>(pick: (figure: (typeof metrics)[number]) => ArrayLike<Value>) =>
      Array.from(functions.name, (_, fn) => metrics.map((figure) => at(pick(figure), fn)));
    return {
      counts: this.#counts,
      functions,
      processes: this.#processes.map((run) => run.finish()),
      self: columns(({ self }) => self).map((times) => Float64Array.from(times)),
      total: columns(({ total }) => total).map((times) => Float64Array.from(times)),
      count: columns(({ count }) => count),
      callees: this.#callees,
      undisturbed: this.#undisturbed,
      profiles: this.#profiles,
    };
  }

  /**
   * FunctionIndex of the profile -> FunctionIndex of the side; -1 for `(idle)` and what is no row
   *
   * @param root the folder of the version that ran: both sides name their files from there
   */
  #intern({ functions, rows }: CallGraph, root: string | null): Int32Array {
    const rowOf = new Int32Array(functions.length).fill(-1);
    for (const fn of rows) {
      const info = functionAt(functions, fn);
      if (info.kind === 'idle') continue;
      rowOf[fn] = this.#functions.intern(functionOnSide(info, root));
    }
    return rowOf;
  }

  /** Node numbers the files of a process; a number that comes again is of another process with the same pid. */
  #processFor(summary: ProfileSummary): ProcessBuilder {
    const {
      sources: [source = ''],
      run,
      request,
    } = summary;
    const key = processOf({ source, run, request });
    const number = run?.id == null ? (parseProcessFile(source)?.number ?? null) : null;
    const known = key === null ? undefined : this.#current.get(key);
    if (known !== undefined && !known.hasNumber(number)) return known;
    const started = new ProcessBuilder(summary, key !== null);
    this.#processes.push(started);
    if (key !== null) this.#current.set(key, started);
    return started;
  }

  /** Without the garbage collector, which is below whatever it interrupted. */
  #addCallees({ edges, functions }: CallGraph, rowOf: Int32Array): void {
    for (let edge = 0; edge < edges.length; edge++) {
      if (functions.kind[at(edges.callee, edge)] === 'gc') continue;
      const caller = at(rowOf, at(edges.caller, edge));
      const callee = at(rowOf, at(edges.callee, edge));
      if (caller === -1 || callee === -1 || caller === callee) continue;
      getOrInsert(this.#callees, caller, () => new Set()).add(callee);
    }
  }
}

/** Throws PstatError (`missing-data`) as SideBuilder does. */
export function sideOf(profiles: Iterable<Stats>): Side {
  const side = new SideBuilder();
  for (const stats of profiles) side.add(stats);
  return side.finish();
}

/** A function as it is compared, without what differs from run to run. @param root the folder that the version ran in */
export function functionOnSide<Info extends Pick<FunctionInfo, 'name' | 'file'>>(
  info: Info,
  root: string | null,
): Info {
  return { ...info, name: withoutAddresses(info.name), file: withoutRoot(moduleFile(info.file), root) };
}
