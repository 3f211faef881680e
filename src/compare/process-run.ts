/** A process of a side: its times, and the figures of its functions. */

import { median, sum } from '../base/averages.ts';
import { parseProcessFile, parseRecordingTime } from '../base/recording-files.ts';
import type { CallGraph } from '../model/call-graph.ts';
import { at } from '../model/columns.ts';
import { addCounts, type Count } from '../model/count.ts';
import type { Microseconds } from '../model/raw-profile.ts';
import type { ProfileSummary } from '../query/summary.ts';
import type { Basis } from './comparison.ts';
import { isRequest } from './process.ts';

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

/** A request whose samples cover less than this share of its busy time was hardly seen. */
const MIN_COVERAGE = 0.5;

export class ProcessBuilder {
  readonly #about: About;
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
  #undersampled = 0;
  #samples = 0;

  /** @param first of its profiles @param isKnown whether they say which process they are of */
  constructor(first: ProfileSummary, isKnown: boolean) {
    this.#about = { ...describe(first), isKnown };
  }

  hasNumber(number: number | null): boolean {
    return number !== null && this.#numbers.has(number);
  }

  add(summary: ProfileSummary, graph: CallGraph, rowOf: Int32Array): void {
    const [source = ''] = summary.sources;
    const time = graph.sums.counted * graph.unit;
    this.#sources.push(...summary.sources);
    this.#numbers.add(parseProcessFile(source)?.number ?? -1);
    const totals = totalsOf(summary, time);
    this.#totals.push(totals);
    this.#ids.push(summary.run?.id ?? null);
    if (isRequest({ source, request: summary.request })) this.#requests++;
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
      ...this.#about,
      sources: this.#sources,
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
      undersampled: this.#undersampled,
      samples: this.#samples,
    };
  }
}

type About = Pick<ProcessRun, 'isKnown' | 'interval' | 'node' | 'recordedAt' | 'block'>;

function describe({ interval, run, sources: [source = ''] }: ProfileSummary): Omit<About, 'isKnown'> {
  return {
    interval: run?.interval ?? interval,
    node: run?.node ?? null,
    recordedAt: run?.start == null ? parseRecordingTime(source) : run.start / 1000,
    block: run?.block ?? null,
  };
}

function perRequest(count: Count, requests: number): Count {
  return requests === 1 ? count : Number(count) / requests;
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
