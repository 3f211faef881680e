/** The JavaScript that `pstat attach` evaluates in a thread of the program. */

import { FLUSH_URL } from '../flush-url.ts';

/**
 * Loads a module of Node, whatever the program did to its globals: `require` is that of the inspector's console, for Node
 * before 20.16, which has no `process.getBuiltinModule`.
 */
const LOAD = `((name) => typeof process.getBuiltinModule === 'function' ? process.getBuiltinModule(name) : require(name))`;

/** The samples of this code are the profiler's, and not the program's. */
const SOURCE = `\n//# sourceURL=${FLUSH_URL}`;

/**
 * Who the thread is and what it has used; null where it is not Node's. The order matters: reading the CPU time makes the kernel
 * add the current time slice to schedstat (run-metadata.ts).
 */
const READ_FACTS = `(() => {
  if (typeof process !== 'object' || typeof process.versions?.node !== 'string' || typeof Deno !== 'undefined') return null;
  const load = ${LOAD};
  const cpu = process.cpuUsage();
  const time = process.hrtime();
  let schedstat = '';
  try { schedstat = load('node:fs').readFileSync('/proc/thread-self/schedstat', 'latin1'); } catch {}
  const { isMainThread, threadId } = load('node:worker_threads');
  const options = [...process.execArgv, ...(process.env.NODE_OPTIONS ?? '').split(/\\s+/)];
  const other = options.find((option) => /^--(?:cpu-prof|experimental-test-coverage)(?:$|-|=)/.test(option));
  return {
    pid: process.pid, thread: isMainThread ? 0 : threadId, node: process.version, program: process.argv[1] ?? '',
    isProfiled: other !== undefined || (process.env.NODE_V8_COVERAGE ?? '') !== '',
    time: time[0] * 1e6 + time[1] / 1e3, cpu: { user: cpu.user, system: cpu.system }, schedstat,
  };
})()`;

export const READ_THREAD = READ_FACTS + SOURCE;

/**
 * Begins a profile, then ends the one before, so that no time is lost in between: sampler.ts has the reasons. Its value is that
 * of READ_THREAD.
 */
export function switchProfile(next: string | null, previous: string | null): string {
  const begin = next === null ? '' : `console.profile(${JSON.stringify(next)});`;
  const end = previous === null ? '' : `console.profileEnd(${JSON.stringify(previous)});`;
  return `(() => {
  const facts = ${READ_FACTS};
  const { console } = ${LOAD}('node:inspector');
  ${begin}
  ${end}
  return facts;
})()${SOURCE}`;
}

/** Closes the inspector after this connection, which waits for an answer. @param port restored for the next time */
export function closeInspectorCode(port: number): string {
  return `(() => {
  const load = ${LOAD};
  const { close } = load('node:inspector');
  load('node:timers').setTimeout(() => { close(); process.debugPort = ${port}; }, 1);
})()${SOURCE}`;
}

/** Closes the inspector and opens it on any free port. */
export const MOVE_INSPECTOR = `(() => {
  const load = ${LOAD};
  const { close, open } = load('node:inspector');
  load('node:timers').setTimeout(() => { close(); open(0, '127.0.0.1'); }, 1);
})()${SOURCE}`;

/**
 * Calls a function of a module of pstat in the program. Returns `{ unreadable }` where the program cannot read the file,
 * else `{ value }`.
 */
export function callModule(file: string, name: string, args: readonly unknown[]): string {
  return `(async () => {
  const load = ${LOAD};
  const file = ${JSON.stringify(file)};
  try { load('node:fs').accessSync(file, load('node:fs').constants.R_OK); } catch (error) { return { unreadable: String(error.code) }; }
  const value = await load('node:module').createRequire(file)(file)[${JSON.stringify(name)}](...${JSON.stringify(args)});
  return { value };
})()${SOURCE}`;
}
