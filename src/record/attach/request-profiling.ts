/** Puts the request profiler into a running server, and takes it out again. */

import { fileURLToPath } from 'node:url';
import { moduleUrl } from '../module-url.ts';
import type { ProfilerOptions } from '../request/options.ts';
import { evaluate, evaluatePromise } from './cdp.ts';
import { alreadyAttached, installationUnreadable, tooOldForRequests } from './errors.ts';
import { openInspectorOf } from './open-inspector.ts';
import { callModule } from './thread-expressions.ts';

/** Throws PstatError if its requests cannot be profiled, or are already. */
export async function startRequestProfiling(
  pid: number,
  options: Pick<ProfilerOptions, 'dir' | 'interval'>,
): Promise<void> {
  if (!(await callIn(pid, 'attachProfiler', [options]))) throw alreadyAttached(pid);
}

/** Resolves when all files are written, to false if its requests were not profiled. Throws PstatError. */
export function stopRequestProfiling(pid: number): Promise<boolean> {
  return callIn(pid, 'detachProfiler', []);
}

async function callIn(
  pid: number,
  name: 'attachProfiler' | 'detachProfiler',
  args: readonly unknown[],
): Promise<boolean> {
  const file = fileURLToPath(moduleUrl('request/profile-servers'));
  const inspector = await openInspectorOf(pid, { leavesPort: false });
  try {
    const version = String(await evaluate(inspector.connection, 'process.version'));
    if (!isSupported(version)) throw tooOldForRequests(pid, version);
    const answer = (await evaluatePromise(inspector.connection, callModule(file, name, args))) as {
      unreadable?: string;
      value?: boolean;
    };
    if (answer.unreadable !== undefined) throw installationUnreadable(pid, file);
    return answer.value === true;
  } finally {
    await inspector.close();
  }
}

/** As in request/register.cts, which cannot be imported. */
function isSupported(version: string): boolean {
  const [major = 0, minor = 0] = version.slice(1).split('.').map(Number);
  return major === 20 ? minor >= 19 : major === 22 ? minor >= 12 : major > 22;
}
