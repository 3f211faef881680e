/** What a trace's metadata events call its processes and threads. */

import type { Thread } from '../format.ts';
import { isObject, type JsonObject } from '../json.ts';

/** A process or thread id as the format writes it, null for what is none. */
type ReadId = (value: unknown) => number | null;

/** By process and thread id, the thread with the names that are known of it. */
export function threadsNamedIn(
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
