/** The metadata of a run: the process and thread of a recording, and the CPU time they used. */

import type { Microseconds, RunMetadata, ThreadTimes } from '../model/raw-profile.ts';
import { now } from './clock.ts';
import { getRunId } from './run-id.ts';
import { threadCpuClock } from './thread-cpu.ts';

/** Fields that a reader may miss, as they are written. */
export type Known<Facts> = { readonly [Field in keyof Facts]: NonNullable<Facts[Field]> };

/** The value of `pstat.run` in a file, where it differs from what a reader makes of it. */
export interface WrittenRunMetadata extends Known<Pick<RunMetadata, 'id' | 'pid' | 'node' | 'interval' | 'elapsed'>> {
  /** The time of day, as ISO 8601. */
  readonly start: string;
  readonly cpu: { readonly user: Microseconds; readonly system: Microseconds };
  /** Absent where the kernel does not report it. */
  readonly thread?: ThreadTimes;
  /** Absent in the profile of a request, which says it beside its run. */
  readonly profiler?: Microseconds;
}

/** Keep the values: test frameworks replace the properties. */
const [cpuUsage, version] = [process.cpuUsage, process.version];

/** Measures the time and CPU time since its construction. */
export class RunMeter {
  readonly #identity: RunIdentity | null;
  readonly #first = readUsage();

  /** @param start the time of day */
  constructor(interval: Microseconds, start = new Date()) {
    this.#identity = identifyRun(interval, start);
  }

  /** Returns what was used since the construction, or null if it cannot be measured. Never throws. */
  measure(): WrittenRunMetadata | null {
    const last = readUsage();
    if (this.#identity === null || this.#first === null || last === null) return null;
    return { ...this.#identity, ...subtractUsage(last, this.#first) };
  }
}

type RunIdentity = Pick<WrittenRunMetadata, 'id' | 'pid' | 'node' | 'start' | 'interval'>;

function identifyRun(interval: Microseconds, start: Date): RunIdentity | null {
  try {
    return { id: getRunId(), pid: process.pid, node: version, start: start.toISOString(), interval };
  } catch {
    return null;
  }
}

/** What a process and a thread have used so far. */
export interface Usage {
  /** µs of pstat's clock, or since the start of the recording. */
  readonly time: Microseconds;
  readonly cpu: NodeJS.CpuUsage;
  readonly thread: ThreadTimes | null;
}

/**
 * The order matters. The kernel adds the current time slice to schedstat only at a timer tick (1 to 10 ms) or a switch,
 * or when the process reads its CPU time (thread_group_cputime in kernel/sched/cputime.c). Without that reading,
 * 0.7 ms of work read as 0 or 4 ms.
 */
function readUsage(): Usage | null {
  try {
    return { cpu: cpuUsage(), time: now(), thread: threadCpuClock.read() };
  } catch {
    return null;
  }
}

/** What was used between two readings. */
export function subtractUsage(last: Usage, first: Usage): Pick<WrittenRunMetadata, 'elapsed' | 'cpu' | 'thread'> {
  const elapsed = Math.round(last.time - first.time);
  const cpu = { user: last.cpu.user - first.cpu.user, system: last.cpu.system - first.cpu.system };
  const thread = subtractThreadCpu(last.thread, first.thread);
  return thread === null ? { elapsed, cpu } : { elapsed, cpu, thread };
}

/** Returns null if either is unknown, or if a time decreased: then the readings are from different threads. */
function subtractThreadCpu(last: ThreadTimes | null, first: ThreadTimes | null): ThreadTimes | null {
  if (last === null || first === null || last.cpu < first.cpu || last.queued < first.queued) return null;
  return { cpu: Math.round(last.cpu - first.cpu), queued: Math.round(last.queued - first.queued) };
}
