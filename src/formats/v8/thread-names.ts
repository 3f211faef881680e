/** Names of processes and threads, from a trace's metadata events. */

import type { Thread } from '../format.ts';
import { isObject, type JsonObject } from '../json.ts';

/** Reads a process or thread id; null for other values. */
type ReadId = (value: unknown) => number | null;

/** Returns a function from process and thread id to the thread with its known names. */
export function threadLookup(
  events: readonly JsonObject[],
  idOf: ReadId,
): (pid: number | null, tid: number | null) => Thread {
  const names = new Map<string, string>();
  for (const { name: what, pid, tid, args } of events) {
    const name = isObject(args) ? args['name'] : undefined;
    if (typeof name !== 'string') continue;
    if (what === 'process_name') names.set(key(idOf(pid)), name);
    if (what === 'thread_name') names.set(key(idOf(pid), idOf(tid)), name);
  }
  return (pid, tid) => ({ process: names.get(key(pid)) ?? null, name: names.get(key(pid, tid)) ?? null, pid, tid });
}

function key(...ids: readonly (number | null)[]): string {
  return JSON.stringify(ids);
}
