/**
 * Small programs that must run under `pstat record` as they do alone: the same output, exit code and signal, in every
 * version of Node, with every set of flags. Each does something that a recorder could change or could fail at.
 */

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const PSTAT = path.resolve(
  import.meta.dirname ?? new URL('.', import.meta.url).pathname,
  '../../dist/cli/main.js',
);

const WORK = 'function work(ms) { const end = Date.now() + ms; while (Date.now() < end); }\n';

/** name -> CommonJS source. */
const SOURCES = {
  prints: "console.log('out'); console.error('err');",
  'exit code': 'process.exitCode = 7; console.log("a");',
  'process.exit in a listener': "process.on('exit', () => { console.log('bye'); process.exit(4); }); work(30);",
  'uncaught error': "process.stderr.write('before\\n'); setTimeout(() => { throw new TypeError('on purpose'); }, 20);",
  'unhandled rejection': "Promise.reject(new Error('on purpose')); setTimeout(() => console.log('later'), 50);",
  'order of ticks': `setImmediate(() => console.log('immediate')); process.nextTick(() => console.log('tick'));
    Promise.resolve().then(() => console.log('promise')); queueMicrotask(() => console.log('microtask')); console.log('sync');`,
  beforeExit:
    "let n = 0; process.on('beforeExit', () => { if (n++ < 2) setTimeout(() => console.log('again', n), 5); });",
  'frozen hrtime': `setTimeout(() => { process.hrtime = () => [0, 0]; process.hrtime.bigint = () => 0n;
    setTimeout(() => console.log('end'), 80); }, 90);`,
  'hrtime throws':
    "process.hrtime = () => { throw new Error('faked'); }; work(90); setTimeout(() => console.log('end'), 30);",
  'fake Date': `const Real = Date; Date.now = () => 0; globalThis.Date = class extends Real { constructor() { super(0); } };
    setTimeout(() => console.log(Date.now() === 0, new Date().getTime()), 100);`,
  'fake timers': `const real = setTimeout; globalThis.setTimeout = globalThis.setInterval = () => { throw new Error('faked'); };
    require('timers').setTimeout = require('timers').setInterval = () => 0; real(() => console.log('end'), 150);`,
  'toJSON of arrays':
    "Array.prototype.toJSON = () => 'list'; Object.prototype.toJSON = () => 'object'; work(100); console.log('end');",
  'JSON replaced':
    "JSON.stringify = () => { throw new Error('no'); }; JSON.parse = () => 1; work(100); console.log('end');",
  'array methods replaced': `for (const name of ['push', 'map', 'filter', 'forEach', 'join', 'slice', 'sort', 'concat', 'splice'])
    Array.prototype[name] = function () { throw new Error('replaced'); };
    work(100); setTimeout(() => process.stdout.write('end\\n'), 80);`,
  'iterator replaced': `setTimeout(() => { const iterator = Array.prototype[Symbol.iterator];
    Array.prototype[Symbol.iterator] = function () { throw new Error('replaced'); };
    work(100); Array.prototype[Symbol.iterator] = iterator; console.log('end'); }, 10);`,
  'prototypes replaced': `for (const owner of [String.prototype, RegExp.prototype, Map.prototype, WeakMap.prototype, Function.prototype])
    for (const name of ['slice', 'split', 'replace', 'exec', 'test', 'get', 'set', 'has', 'call', 'apply'])
      if (owner[name]) owner[name] = function () { throw new Error('replaced ' + name); };
    work(120); process._rawDebug('end');`,
  'fs replaced': `const fs = require('fs'); for (const name of Object.keys(fs)) if (/Sync$/.test(name)) fs[name] = () => { throw new Error(name); };
    work(100); process.stdout.write('end\\n');`,
  'buffers replaced':
    "Buffer.from = Buffer.alloc = () => { throw new Error('no'); }; work(100); process._rawDebug('end');",
  'emit replaced': `const { emit } = process; process.emit = function (name, ...rest) { if (name === 'exit') console.log('exit seen'); return emit.call(this, name, ...rest); };
    work(80);`,
  'EventEmitter replaced': `const { EventEmitter } = require('events'); const { emit } = EventEmitter.prototype; const seen = [];
    EventEmitter.prototype.emit = function (name, ...rest) { seen.push(String(name)); return emit.call(this, name, ...rest); };
    process.on('exit', () => process._rawDebug(seen.filter((name) => /^[a-z]+$/i.test(name)).join())); setTimeout(() => {}, 120);`,
  'process.exit replaced': `const { exit } = process; process.exit = (code) => { console.log('exit', code); process.exit = exit; exit(code + 1); };
    work(40); process.exit(1);`,
  'reallyExit replaced': `const { reallyExit } = process; process.reallyExit = (code) => { console.log('really'); return reallyExit.call(process, code); };
    work(40); process.exit(3);`,
  'changes its folder': "process.chdir('/'); work(80); console.log(process.cwd());",
  'empties its environment':
    'for (const name of Object.keys(process.env)) delete process.env[name]; work(80); console.log(Object.keys(process.env).length);',
  'empties its temporary folder': `const fs = require('fs'), path = require('path'), dir = require('os').tmpdir(); work(150);
    for (const name of fs.readdirSync(dir)) fs.rmSync(path.join(dir, name), { recursive: true, force: true }); console.log('end');`,
  'closes descriptors': `const fs = require('fs'); work(80); for (let fd = 20; fd < 64; fd++) { try { if (fs.fstatSync(fd).isFile()) fs.closeSync(fd); } catch {} }
    work(80); console.log('end');`,
  'listeners of process':
    "console.log(process.eventNames().map(String).sort().join(), process.listenerCount('exit'), process.listenerCount('SIGINT'));",
  'keys of global':
    'console.log(Object.keys(globalThis).sort().join()); for (const key in process) if (/pstat/i.test(key)) console.log(key);',
  'active resources': "console.log(process.getActiveResourcesInfo ? process.getActiveResourcesInfo().join() : '');",
  'child process': `const { spawnSync } = require('child_process'); if (process.argv[2]) { work(30); console.log('child'); }
    else { const { stdout, status } = spawnSync(process.execPath, [__filename, 'child']); console.log(String(stdout), status); }`,
  'child with other options': `const { spawnSync } = require('child_process'); if (process.argv[2]) console.log('child', process.env.NODE_OPTIONS);
    else console.log(String(spawnSync(process.execPath, [__filename, 'child'], { env: { ...process.env, NODE_OPTIONS: '--no-warnings' } }).stdout));`,
  'fork and IPC': `const { fork } = require('child_process'); if (process.send) process.on('message', (value) => { process.send(value + 1); process.disconnect(); });
    else fork(__filename).on('message', (value) => console.log('got', value)).on('exit', (...end) => console.log(end.join())).send(1);`,
  worker: `const { Worker, isMainThread, parentPort } = require('worker_threads'); if (isMainThread)
    new Worker(__filename).on('message', (value) => console.log(value)).on('exit', (code) => console.log('exit', code)); else { work(40); parentPort.postMessage('hello'); }`,
  'worker without environment': `const { Worker, isMainThread } = require('worker_threads'); if (isMainThread)
    new Worker(__filename, { env: {} }).on('exit', (code) => console.log('exit', code)); else { work(20); process.exit(5); }`,
  'terminated worker': `const { Worker, isMainThread } = require('worker_threads'); if (isMainThread) { const worker = new Worker(__filename);
    worker.on('online', () => setTimeout(() => worker.terminate().then((code) => console.log('terminated', code)), 150)); } else for (;;);`,
  server: `const http = require('http'); const server = http.createServer((q, r) => { work(5); r.end('ok'); }).listen(0, () =>
    http.get({ port: server.address().port, agent: false }, (r) => { r.on('data', (d) => console.log(String(d))).on('end', () => server.close()); }));`,
  'own inspector': `const { Session } = require('inspector'); const session = new Session(); session.connect();
    session.post('Profiler.enable'); session.post('Profiler.start'); work(60); session.post('Profiler.stop', (e, r) => console.log(e, r && r.profile.samples.length > 0)); session.disconnect();`,
  'console.profile': "console.profile('a'); work(30); console.profileEnd(); console.profileEnd(); console.log('end');",
  'deep recursion':
    'let depth = 0; function down() { depth++; down(); } try { down(); } catch (error) { console.log(error.constructor.name, depth > 100); }',
  'kills itself':
    "setTimeout(() => { console.log('now'); process.kill(process.pid, 'SIGTERM'); console.log('not reached'); }, 60);",
  'kills itself early': "process.kill(process.pid, 'SIGINT'); console.log('not reached');",
  'kills itself hard': "setTimeout(() => process.kill(process.pid, 'SIGKILL'), 60);",
  'handles its own signal':
    "process.once('SIGTERM', () => { console.log('handled'); }); setTimeout(() => process.kill(process.pid, 'SIGTERM'), 60); setTimeout(() => console.log('alive'), 250);",
  'emits a signal': "process.once('SIGINT', () => console.log('faked')); process.emit('SIGINT'); work(60);",
  aborts: 'work(30); process.abort();',
  'reads stdin':
    "let size = 0; process.stdin.on('data', (d) => { size += d.length; }).on('end', () => console.log(size));",
  'names with separators':
    "const o = { 'a\\u2028b\\n\\u0000c': function () { work(90); } }; o['a\\u2028b\\n\\u0000c'](); console.log('end');",
};

/** name -> source and signals: the first when the program prints `up`, each next one 120 ms later. */
const SIGNALLED = {
  'SIGTERM to an idle program': ["console.log('up'); setInterval(() => {}, 1000);", ['SIGTERM']],
  'SIGINT to a loop': ["console.log('up'); for (;;);", ['SIGINT']],
  'SIGHUP to a loop': ["console.log('up'); for (;;);", ['SIGHUP']],
  'SIGTERM with a listener': [
    "process.on('SIGTERM', () => { console.log('bye'); process.exit(5); }); console.log('up'); setInterval(() => {}, 1000);",
    ['SIGTERM'],
  ],
  'SIGINT with a listener once': [
    "process.once('SIGINT', () => console.log('first')); console.log('up'); setInterval(() => {}, 1000);",
    ['SIGINT', 'SIGINT'],
  ],
  'SIGTERM with a removed listener': [
    "const f = () => {}; process.on('SIGTERM', f); process.off('SIGTERM', f); console.log('up'); setInterval(() => {}, 1000);",
    ['SIGTERM'],
  ],
  'SIGTERM in a system call': [
    "console.log('up'); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);",
    ['SIGTERM'],
  ],
  SIGUSR2: ["console.log('up'); setInterval(() => {}, 1000);", ['SIGUSR2']],
  SIGQUIT: ["console.log('up'); setInterval(() => {}, 1000);", ['SIGQUIT']],
};

export const PROGRAMS = Object.freeze([...Object.keys(SOURCES), ...Object.keys(SIGNALLED)]);

export const FLAGS = Object.freeze([
  [],
  ['--no-warnings'],
  ['--trace-warnings'],
  ['--pending-deprecation'],
  ['--max-old-space-size=200'],
  ['--unhandled-rejections=warn'],
  ['--no-experimental-require-module'],
  ['--permission', '--allow-fs-read=*', '--allow-fs-write=*', '--allow-child-process'],
  ['--experimental-permission', '--allow-fs-read=*'],
  ['--cpu-prof', '--cpu-prof-dir=own'],
  ['--disallow-code-generation-from-strings'],
  ['--frozen-intrinsics'],
]);

export const VERSIONS = Object.freeze(['18', '20.18', '20', '22.11', '22', '24', '26']);

/** Finds the program of a version of Node that npm has or can get; null if it cannot. */
export function findNode(version) {
  const { stdout } = spawnSync('npx', ['-y', '-p', `node@${version}`, 'node', '-p', 'process.execPath'], {
    cwd: tmpdir(),
    encoding: 'utf8',
    timeout: 120_000,
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const file = stdout?.trim().split('\n').pop() ?? '';
  return existsSync(file) ? file : null;
}

/** Every combination, in a fixed order. */
export function allCases(versions) {
  return PROGRAMS.flatMap((program) =>
    FLAGS.flatMap((flags) => versions.map((version) => ({ program, flags, version }))),
  );
}

/**
 * Draws cases without repetition.
 * @param random a function like Math.random
 */
export function drawCases(versions, count, random) {
  const cases = allCases(versions);
  for (let i = cases.length - 1; i > 0; i--) {
    const other = Math.floor(random() * (i + 1));
    [cases[i], cases[other]] = [cases[other], cases[i]];
  }
  return cases.slice(0, count);
}

/** Runs a program alone and recorded. Returns both endings, which must be equal. */
export async function runCase({ program, flags }, node) {
  return {
    alone: await runProgram(program, [node, ...flags]),
    recorded: await runProgram(program, [node, ...flags], true),
  };
}

async function runProgram(program, command, isRecorded = false) {
  const dir = mkdtempSync(path.join(tmpdir(), 'pstat-case-'));
  const temporary = path.join(dir, 'tmp');
  mkdirSync(temporary);
  const [source, signals] = SIGNALLED[program] ?? [SOURCES[program], []];
  writeFileSync(path.join(dir, 'app.cjs'), WORK + source);
  const words = [...command, 'app.cjs'];
  const [file, ...args] = isRecorded
    ? [process.execPath, PSTAT, 'record', '--dir', 'out', '--limit', '1', '--', ...words]
    : words;
  try {
    const ending = await run(file, args, { dir, temporary, signals });
    return { ...ending, left: readdirSync(temporary).filter((name) => name.startsWith('pstat-record-')) };
  } finally {
    rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
  }
}

function run(file, args, { dir, temporary, signals }) {
  return new Promise((resolve) => {
    const { NODE_OPTIONS: _, ...inherited } = process.env;
    const env = { ...inherited, TMPDIR: temporary, NODE_DISABLE_COMPILE_CACHE: '1', NO_COLOR: '1' };
    const child = spawn(file, args, { cwd: dir, env, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
    child.stdin.on('error', () => {}).end('input\n');
    let [stdout, stderr] = ['', ''];
    let isUp = false;
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
      if (isUp || !stdout.includes('up\n')) return;
      isUp = true;
      for (const [i, signal] of signals.entries()) setTimeout(() => child.kill(signal), 250 + 150 * i);
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    const timer = setTimeout(() => {
      stderr += 'the case hangs\n';
      process.kill(-child.pid, 'SIGKILL');
      for (const stream of [child.stdout, child.stderr]) stream.destroy(); // a recorded program has a group of its own
    }, MAX_TIME);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ stdout, stderr: withoutPstat(stderr), code, signal });
    });
  });
}

/** ms. Such a case hangs. */
const MAX_TIME = 15_000;

/** Leaves out what pstat prints when the program has ended, and what differs from run to run. */
function withoutPstat(stderr) {
  const end = stderr.search(/^pstat: /m);
  const own = end === -1 ? stderr : stderr.slice(0, end);
  return own
    .replace(/\(node:\d+\)/g, '(node)')
    .replace(/^.*[\\/]pstat-case-\w+/gm, '')
    .replace(/^Cannot retrieve id from .*:\n.*$\n?/gm, '') // Node's own, of a profile under --cpu-prof
    .replace(/^\s+at .*$\n?/gm, '')
    .replace(/^\d+: 0x.*$|^.*0x[\da-f]{6,}.*$\n?/gm, '')
    .trimEnd();
}
