/** The JavaScript that `pstat attach` evaluates in a thread of the program. */

import { FLUSH_URL } from '../flush-url.ts';
import type { Connection } from './listening-sockets.ts';

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

/**
 * Closes the inspector as soon as these connections are gone, which pstat's own death ends too: its value is an object for
 * inspector-guard.ts. Node must not close it sooner: where a client closes the WebSocket at the same time, its inspector writes
 * two close frames, the first of which frees what the second one uses (WsHandler in src/inspector_socket.cc), and the process
 * ends by SIGSEGV.
 *
 * @param port restored for the next time
 */
export function guardInspector(connections: readonly Connection[], port: number): string {
  const sockets = connections.map(({ descriptor, inode }) => [`/proc/self/fd/${descriptor}`, `socket:[${inode}]`]);
  return `(() => {
  const load = ${LOAD};
  const { readlinkSync } = load('node:fs');
  const { clearInterval, setInterval } = load('node:timers');
  const { close, open } = load('node:inspector');
  const isConnected = ([file, socket]) => { try { return readlinkSync(file) === socket; } catch { return false; } };
  const sockets = ${JSON.stringify(sockets)};
  if (!sockets.every(isConnected)) throw new Error('the program hides its descriptors');
  let moves = false;
  const check = () => {
    if (sockets.some(isConnected)) return;
    clearInterval(timer);
    close();
    process.debugPort = ${port};
    if (moves) open(0, '127.0.0.1');
  };
  const watch = (ms) => setInterval(check, ms).unref();
  let timer = watch(${GUARD_PERIOD});
  return {
    hurry(opensAgain) { moves = opensAgain; clearInterval(timer); timer = watch(${HURRIED_PERIOD}); },
  };
})()${SOURCE}`;
}

/** ms. */
const GUARD_PERIOD = 1000;
const HURRIED_PERIOD = 5;

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

/**
 * Watches the event loop: its value is an object for stall-watch.ts. The timer ends by itself if nobody asks it any more.
 * @param limit µs @param period ms
 */
export function watchLoop({ limit, period }: { readonly limit: number; readonly period: number }): string {
  return `(() => {
  const { setInterval, clearInterval } = ${LOAD}('node:timers');
  const { hrtime } = process;
  const now = () => { const time = hrtime(); return time[0] * 1e6 + time[1] / 1e3; };
  let last = now();
  let gaps = [];
  let turns = 0;
  const timer = setInterval(() => {
    const time = now();
    if (time - last >= ${limit} && gaps.length < ${MAX_GAPS}) gaps.push([last, time]);
    last = time;
    if (++turns > ${MAX_TURNS}) clearInterval(timer);
  }, ${period});
  timer.unref();
  return {
    take(known) { turns = 0; gaps = gaps.slice(known); return { now: now(), last, gaps }; },
    stop() { clearInterval(timer); },
  };
})()${SOURCE}`;
}

/** Gaps until they are taken, each second. */
const MAX_GAPS = 200;
/** Turns since they were taken. */
const MAX_TURNS = 10_000;
