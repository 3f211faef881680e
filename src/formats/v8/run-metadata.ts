/** `pstat.run`: the process and thread of a recording, as `pstat record` and the request profiler write it. */

import type { RunMetadata, ThreadTimes } from '../../model/raw-profile.ts';
import { isObject } from '../json.ts';

/** Returns null if there is none. A wrong field is null; the profile is read all the same. */
export function readRunMetadata(pstat: unknown): RunMetadata | null {
  if (!isObject(pstat) || !isObject(pstat['run'])) return null;
  const { id, pid, node, start, interval, elapsed, cpu, thread, profiler, block, root } = pstat['run'];
  const time = typeof start === 'string' ? Date.parse(start) : Number.NaN;
  return {
    id: readText(id),
    pid: readAmount(pid),
    node: readText(node),
    start: Number.isNaN(time) ? null : time,
    interval: readAmount(interval),
    elapsed: readAmount(elapsed),
    cpu: readCpu(cpu),
    thread: readThread(thread),
    profiler: readAmount(profiler),
    block: Number.isInteger(block) ? readAmount(block) : null,
    root: typeof root === 'string' && root !== '' && root.length <= MAX_PATH ? root : null,
  };
}

/** User and system time, or their sum in a file that `pstat convert` wrote. */
function readCpu(cpu: unknown): number | null {
  if (!isObject(cpu)) return readAmount(cpu);
  const [user, system] = [readAmount(cpu['user']), readAmount(cpu['system'])];
  return user === null || system === null ? null : user + system;
}

function readThread(thread: unknown): ThreadTimes | null {
  if (!isObject(thread)) return null;
  const [cpu, queued] = [readAmount(thread['cpu']), readAmount(thread['queued'])];
  return cpu === null || queued === null ? null : { cpu, queued };
}

/** Longer ids and versions are not pstat's. */
const MAX_LENGTH = 100;

/** The longest path of Linux. */
const MAX_PATH = 4096;

function readText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' && value.length <= MAX_LENGTH ? value : null;
}

/** µs: thirty years. Larger values are not pstat's. */
const MAX_AMOUNT = 1e15;

/** Returns a number from 0 to MAX_AMOUNT; null for other values. */
export function readAmount(value: unknown): number | null {
  return typeof value === 'number' && value >= 0 && value <= MAX_AMOUNT ? value : null;
}
