/** Puts the request profiler into a running server, and takes it out again. */

import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { moduleUrl } from '../module-url.ts';
import type { ProfilerOptions } from '../request/options.ts';
import type { CdpConnection } from './cdp.ts';
import { alreadyAttached, installationUnreadable, tooOldForRequests } from './errors.ts';
import { evaluate, evaluatePromise } from './evaluate.ts';
import { openInspectorOf } from './open-inspector.ts';
import { callModule } from './thread-expressions.ts';
import { Workers } from './workers.ts';

/** What happened in the threads of a process. */
export interface ThreadCounts {
  /** Workers in which it was done. */
  readonly workers: number;
  /** Workers that did not answer: they wait outside of JavaScript. */
  readonly silent: number;
}

/** Throws PstatError if its requests cannot be profiled, or are already. */
export async function startRequestProfiling(
  pid: number,
  options: Pick<ProfilerOptions, 'dir' | 'interval' | 'sources'>,
): Promise<ThreadCounts> {
  const { main, ...counts } = await callIn(pid, 'attachProfiler', [options]);
  if (!main) throw alreadyAttached(pid);
  return counts;
}

/** Resolves when all files are written, to false if its requests were not profiled. Throws PstatError. */
export async function stopRequestProfiling(pid: number): Promise<boolean> {
  return (await callIn(pid, 'detachProfiler', [])).main;
}

type Name = 'attachProfiler' | 'detachProfiler';

async function callIn(pid: number, name: Name, args: readonly unknown[]): Promise<ThreadCounts & { main: boolean }> {
  const file = fileURLToPath(moduleUrl('request/profile-servers'));
  const inspector = await openInspectorOf(pid, { leavesPort: false });
  try {
    const { connection } = inspector;
    const version = String(await evaluate(connection, 'process.version'));
    if (!isSupported(version)) throw tooOldForRequests(pid, version);
    const code = callModule(file, name, args);
    const answer = (await evaluatePromise(connection, code)) as { unreadable?: string; value?: boolean };
    if (answer.unreadable !== undefined) throw installationUnreadable(pid, file);
    return { main: answer.value === true, ...(await callInWorkers(connection, code)) };
  } finally {
    await inspector.close();
  }
}

/** Each worker has modules of its own, and servers of its own. */
async function callInWorkers(connection: CdpConnection, code: string): Promise<ThreadCounts> {
  const calls: Promise<unknown>[] = [];
  let answered = 0;
  let done = 0;
  const workers = new Workers(connection, (worker) => {
    const call = evaluatePromise(worker, code).then((answer) => {
      answered++;
      if ((answer as { value?: boolean }).value === true) done++;
    });
    calls.push(call.catch(() => {})); // it has ended
  });
  await workers.enable();
  await Promise.race([Promise.all(calls), pause(MAX_WORKER_WAIT, null, { ref: false })]);
  await workers.disable();
  return { workers: done, silent: calls.length - answered };
}

/** ms. */
const MAX_WORKER_WAIT = 2000;

/** As in request/register.cts, which cannot be imported. */
function isSupported(version: string): boolean {
  const [major = 0, minor = 0] = version.slice(1).split('.').map(Number);
  return major === 20 ? minor >= 19 : major === 22 ? minor >= 12 : major > 22;
}
