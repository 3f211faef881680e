/** One side of a comparison: its processes, and every function's figures in each of them. */

import { median, sum } from '../base/averages.ts';
import { getOrInsert } from '../base/maps.ts';
import { parseProcessFile, parseRecordingTime, parseRequestName } from '../base/recording-files.ts';
import { moduleFile, withoutRoot } from '../base/url.ts';
import type { CallGraph } from '../model/call-graph.ts';
import { at } from '../model/columns.ts';
import { addCounts, type Count } from '../model/count.ts';
import { withoutAddresses } from '../model/function-names.ts';
import {
  type FunctionIndex,
  type FunctionInfo,
  type FunctionTable,
  FunctionTableBuilder,
  functionAt,
} from '../model/function-table.ts';
import type { Microseconds } from '../model/raw-profile.ts';
import type { Stats } from '../query/stats.ts';
import type { ProfileSummary } from '../query/summary.ts';
import type { Basis } from './comparison.ts';
import { emptySide, notOfTime, unlikeSides } from './errors.ts';
import { processOf } from './process.ts';

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

type BasisTimes = Readonly<Record<Basis, Microseconds | null>>;

/** A process, and the times of its recording. */
export interface ProcessRun {
  readonly sources: readonly string[];
  /** Whether the files say which process they are of. */
  readonly isKnown: boolean;
  /** Profiles of requests; 0 for a process that was recorded as a whole. */
  readonly requests: number;
  /** µs; of requests the median. null: not known. */
  readonly totals: BasisTimes;
  /** µs of all functions; of requests the mean. */
  readonly functionTime: Microseconds;
  /** µs without a processor; of requests the mean. null: not known. */
  readonly queued: Microseconds | null;
  /** of the first file */
  readonly interval: Microseconds | null;
  /** The version of Node, where the file says it. */
  readonly node: string | null;
  /** Seconds of any clock; null where it is not known. */
  readonly recordedAt: number | null;
  /** Requests whose samples cover less than half of the time measured for them. */
  readonly undersampled: number;
  readonly samples: number;
  /** The block of `pstat ab` that it ran in; null for others. */
  readonly block: number | null;
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
  #processFor({ sources: [source = ''], run, request }: ProfileSummary): ProcessBuilder {
    const key = processOf({ source, run, request });
    const number = run?.id == null ? (parseProcessFile(source)?.number ?? null) : null;
    const known = key === null ? undefined : this.#current.get(key);
    if (known !== undefined && !known.hasNumber(number)) return known;
    const started = new ProcessBuilder(key !== null);
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

/** A request whose samples cover less than this share of its busy time was hardly seen. */
const MIN_COVERAGE = 0.5;

class ProcessBuilder {
  readonly #isKnown: boolean;
  readonly #sources: string[] = [];
  readonly #numbers = new Set<number>();
  /** profile -> the id of its process, which differs where a run started several */
  readonly #ids: (string | null)[] = [];
  readonly #self: number[] = [];
  readonly #total: number[] = [];
  readonly #count: Count[] = [];
  /** profile -> totals */
  readonly #totals: BasisTimes[] = [];
  #requests = 0;
  #functionTime = 0;
  #queued: Microseconds | null = 0;
  #interval: Microseconds | null = null;
  #node: string | null = null;
  #recordedAt: number | null = null;
  #block: number | null = null;
  #undersampled = 0;
  #samples = 0;

  constructor(isKnown: boolean) {
    this.#isKnown = isKnown;
  }

  hasNumber(number: number | null): boolean {
    return number !== null && this.#numbers.has(number);
  }

  add(summary: ProfileSummary, graph: CallGraph, rowOf: Int32Array): void {
    const [source = ''] = summary.sources;
    const time = graph.sums.counted * graph.unit;
    if (this.#sources.length === 0) this.#describe(summary);
    this.#sources.push(...summary.sources);
    this.#numbers.add(parseProcessFile(source)?.number ?? -1);
    const totals = totalsOf(summary, time);
    this.#totals.push(totals);
    this.#ids.push(summary.run?.id ?? null);
    if (isRequest(summary)) this.#requests++;
    this.#functionTime += time;
    this.#queued = this.#queued === null || summary.queued === null ? null : this.#queued + summary.queued;
    this.#samples += graph.counts === 'samples' ? Number(graph.sums.selfCount) : 0;
    const busy = summary.request?.busy ?? null;
    if (busy !== null && summary.excluded === 0 && (totals.counted ?? 0) < MIN_COVERAGE * busy) this.#undersampled++;
    for (const fn of graph.rows) {
      const row = at(rowOf, fn);
      if (row === -1) continue;
      this.#self[row] = (this.#self[row] ?? 0) + at(graph.metrics.self, fn) * graph.unit;
      this.#total[row] = (this.#total[row] ?? 0) + at(graph.metrics.total, fn) * graph.unit;
      this.#count[row] = addCounts(this.#count[row] ?? 0, at(graph.metrics.selfCount, fn));
    }
  }

  #describe({ interval, run, sources: [source = ''] }: ProfileSummary): void {
    this.#interval = run?.interval ?? interval;
    this.#node = run?.node ?? null;
    this.#block = run?.block ?? null;
    this.#recordedAt = run?.start == null ? parseRecordingTime(source) : run.start / 1000;
  }

  /** FunctionIndex -> figures; of requests, means over them. */
  metrics(functions: number) {
    const requests = Math.max(1, this.#requests);
    return {
      self: Float64Array.from({ length: functions }, (_, fn) => (this.#self[fn] ?? 0) / requests),
      total: Float64Array.from({ length: functions }, (_, fn) => (this.#total[fn] ?? 0) / requests),
      count: Array.from({ length: functions }, (_, fn) => perRequest(this.#count[fn] ?? 0, requests)),
    };
  }

  /**
   * Threads add up to their process. The CPU time in each of its files is that of the whole process; several processes
   * of a run add up, and take as long as the longest.
   */
  #combine(times: readonly Microseconds[], basis: Basis): Microseconds {
    if (basis === 'elapsed') return times.reduce((most, time) => Math.max(most, time), 0);
    if (basis !== 'cpu') return sum(times);
    const processes = new Map<string | null, Microseconds>();
    times.forEach((time, profile) => {
      const id = this.#ids[profile] ?? null;
      processes.set(id, Math.max(processes.get(id) ?? 0, time));
    });
    return sum([...processes.values()]);
  }

  finish(): ProcessRun {
    const requests = Math.max(1, this.#requests);
    const total = (basis: Basis) => {
      const times = this.#totals.map((totals) => totals[basis]).filter((time) => time !== null);
      if (times.length < this.#totals.length) return null;
      return this.#requests > 0 ? median(times) : this.#combine(times, basis);
    };
    return {
      sources: this.#sources,
      isKnown: this.#isKnown,
      requests: this.#requests,
      totals: {
        undisturbed: total('undisturbed'),
        counted: total('counted'),
        cpu: total('cpu'),
        elapsed: total('elapsed'),
        busy: total('busy'),
      },
      functionTime: this.#functionTime / requests,
      queued: this.#queued === null ? null : this.#queued / requests,
      interval: this.#interval,
      node: this.#node,
      recordedAt: this.#recordedAt,
      undersampled: this.#undersampled,
      samples: this.#samples,
      block: this.#block,
    };
  }
}

function perRequest(count: Count, requests: number): Count {
  return requests === 1 ? count : Number(count) / requests;
}

/** Whether a profile is of one request, by its content or its name. */
function isRequest({ request, sources: [source = ''] }: ProfileSummary): boolean {
  return request !== undefined || parseRequestName(source) !== null;
}

/** Times of a part of a recording are known of its samples only. CPU time is of the process, never of one request. */
function totalsOf(summary: ProfileSummary, time: Microseconds): BasisTimes {
  const { run, request, queued, isUndisturbed, duration, excluded } = summary;
  const isWhole = excluded === null || excluded === 0;
  const busy = request?.busy ?? null;
  return {
    undisturbed: queued === null ? null : isUndisturbed ? time : time - queued,
    counted: isUndisturbed ? time + (queued ?? 0) : time,
    cpu: isWhole && request === undefined ? (run?.cpu ?? null) : null,
    elapsed: isWhole ? (request?.elapsed ?? run?.elapsed ?? duration) : null,
    busy: isWhole && busy !== null ? Math.max(0, busy - (queued ?? 0)) : null,
  };
}
