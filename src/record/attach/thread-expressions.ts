/** The JavaScript that `pstat attach` evaluates in a thread of the program. */

import { FLUSH_URL } from '../flush-url.ts';
import { GUARD_KEY, RECORDERS_KEY } from '../global-functions.ts';

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

/** ms. */
const GUARD_PERIOD = 1000;
const HURRIED_PERIOD = 5;
/** Looks at the connections before the guard takes its time again: another pstat has one. */
const HURRIED_LOOKS = 600;

/** Gaps of an event loop until they are taken, each second. */
const MAX_GAPS = 200;

/**
 * ms without a flush after which the recorder ends its profile, which V8 would let grow: pstat is stopped (Ctrl+Z), or gone from
 * a worker. Longer than pstat waits between two flushes. The next flush begins again.
 */
export const UNDRAINED_LIMIT = 60_000;

/**
 * The recorder of a thread: its value is an object for thread-recording.ts. The text never changes, and a flush calls what is there:
 * V8 keeps 2 to 15 kB of each text that is evaluated while it profiles, which would be 50 MB an hour.
 */
export const CREATE_RECORDER = `(() => {
  const load = ${LOAD};
  const { console: profiler } = load('node:inspector');
  const { clearInterval, setInterval } = load('node:timers');
  const { hrtime } = process;
  const now = () => { const time = hrtime(); return time[0] * 1e6 + time[1] / 1e3; };
  const key = Symbol.for('${RECORDERS_KEY}');
  const recorders = globalThis[key] ?? [];
  Object.defineProperty(globalThis, key, { value: recorders, configurable: true, enumerable: false });
  const slot = recorders.findIndex((recorder) => recorder === null);
  const own = slot === -1 ? recorders.length : slot;
  let name = '';
  let count = 0;
  let open = null;
  let stall = null;
  let timers = [];
  let turn = 0;
  let gaps = [];
  let drained = 0;
  let ended = null;
  // The next profile begins before the one before ends, so that no time is lost: sampler.ts has the reasons.
  const change = (goesOn) => {
    const called = drained = now();
    const facts = ${READ_FACTS};
    const loop = stall === null || timers.length === 0 ? null : { now: now(), turn, gaps };
    gaps = [];
    const previous = open;
    open = goesOn ? name + (count++ % 2) : null;
    if (open !== null) profiler.profile(open);
    if (previous !== null) profiler.profileEnd(previous);
    return { facts, loop, cost: now() - called, missed: ended === null ? 0 : called - ended };
  };
  const repeat = (act, ms) => timers.push(setInterval(act, ms).unref());
  const watch = () => {
    const time = now();
    if (time - turn >= stall.limit && gaps.length < ${MAX_GAPS}) gaps.push([turn, time]);
    turn = time;
  };
  const pause = () => {
    if (now() - drained < ${UNDRAINED_LIMIT}e3) return;
    clear();
    change(false);
    ended = now();
  };
  const clear = () => timers.splice(0).forEach((timer) => clearInterval(timer));
  const begin = () => {
    turn = now();
    if (stall !== null) repeat(watch, stall.period);
    repeat(pause, ${UNDRAINED_LIMIT / 6});
  };
  const flush = () => {
    const taken = change(true);
    if (ended !== null) begin();
    ended = null;
    return taken;
  };
  const stop = () => {
    clear();
    recorders[own] = null;
    if (recorders.every((recorder) => recorder === null)) delete globalThis[key];
    return change(false);
  };
  return recorders[own] = {
    start(title, watched) {
      name = title;
      stall = watched;
      begin();
      change(true);
      return own;
    },
    flush,
    stop,
  };
})()${SOURCE}`;

/** Takes the samples of a recorder. @param slot which of the recorders of the thread */
export function flushRecorder(slot: number): string {
  return `globalThis[Symbol.for('${RECORDERS_KEY}')][${slot}].flush()${SOURCE}`;
}

/**
 * Reads scripts of a thread: its value is an object for thread-recording.ts. All in one turn, so that the program runs into no
 * `debugger` statement while the debugger is on; script-list.ts does the same in the programs of `pstat record`.
 */
export const CREATE_SCRIPT_READER = `(() => {
  const load = ${LOAD};
  const { Session } = load('node:inspector');
  const text = (session, scriptId) => {
    let source;
    session.post('Debugger.getScriptSource', { scriptId }, (error, result) => { if (error === null) source = result.scriptSource; });
    return source;
  };
  return {
    // The addresses of their maps, and their texts.
    read(urls) {
      const wanted = new Set(urls);
      const session = new Session();
      const scripts = [];
      const emit = (name, { params }) => {
        if (name === 'Debugger.scriptParsed' && wanted.has(params.url)) scripts.push(params);
      };
      Object.defineProperty(session, 'emit', { value: emit });
      session.connect();
      try {
        session.post('Debugger.enable');
        return scripts.map(({ scriptId, url, sourceMapURL = '' }) => ({ url, sourceMapURL, source: text(session, scriptId) }));
      } finally { session.disconnect(); }
    },
  };
})()${SOURCE}`;

/** Whether a pstat has opened the inspector, which closes it then. */
export const HAS_GUARD = `Symbol.for('${GUARD_KEY}') in globalThis${SOURCE}`;

/**
 * Closes the inspector as soon as these connections are gone, which pstat's own death ends too: its value is an object for
 * open-inspector.ts, the same for every pstat that is attached. Node must not close it sooner: where a client closes the
 * WebSocket at the same time, its inspector writes two close frames, the first of which frees what the second one uses
 * (WsHandler in src/inspector_socket.cc), and the process ends by SIGSEGV.
 */
export const CREATE_GUARD = `(() => {
  const load = ${LOAD};
  const { readlinkSync } = load('node:fs');
  const { clearInterval, setInterval } = load('node:timers');
  const { close, open } = load('node:inspector');
  const key = Symbol.for('${GUARD_KEY}');
  const isConnected = ([file, socket]) => { try { return readlinkSync(file) === socket; } catch { return false; } };
  let connections = [];
  let nextPort = 0;
  let moves = false;
  let looks = 0;
  let timer = null;
  const check = () => {
    if (connections.some(isConnected)) {
      if (--looks === 0) { moves = false; watch(${GUARD_PERIOD}); }
      return;
    }
    clearInterval(timer);
    delete globalThis[key];
    for (const recorder of globalThis[Symbol.for('${RECORDERS_KEY}')] ?? []) { try { recorder?.stop(); } catch {} }
    close();
    process.debugPort = nextPort;
    if (moves) open(0, '127.0.0.1');
  };
  const watch = (ms) => { clearInterval(timer); timer = setInterval(check, ms).unref(); };
  const guard = globalThis[key] ?? {
    // Whether the guard sees the connections. The port is restored for the next time.
    start(sockets, port) {
      if (sockets.length === 0 || !sockets.every(isConnected)) return false;
      connections = sockets;
      nextPort = port;
      watch(${GUARD_PERIOD});
      return true;
    },
    hurry(opensAgain) { moves = opensAgain; looks = ${HURRIED_LOOKS}; watch(${HURRIED_PERIOD}); },
  };
  Object.defineProperty(globalThis, key, { value: guard, configurable: true, enumerable: false });
  return guard;
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
