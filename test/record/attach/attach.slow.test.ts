/** `pstat attach`: records running programs, leaves nothing in them, and sends nothing to what it could harm. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { loadProfile, Stats } from '../../../src/index.ts';
import { listeningSocketsOf } from '../../../src/record/attach/listening-sockets.ts';
import { listNodeProcesses } from '../../../src/record/attach/node-processes.ts';
import { cpuTimeOf, descendantsOf } from '../../../src/record/process-table.ts';
import { pstat as runHere } from '../../support/cli.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const PSTAT = path.resolve('dist/cli/main.js');

let dir: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  dir = temporaryFolder('attach');
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/**
 * Works for ms of the thread's CPU time. V8 counts functions that it has inlined before the recording began for their callers:
 * this one is too large for that (--max-inlined-bytecode-size).
 */
const WORK = `function work(ms) {
  const end = process.cpuUsage().user + ms * 1e3; let n = 0;
  while (process.cpuUsage().user < end) n += JSON.stringify({ n }).length;
  ${'n = (n * 7 + 3) % 1000;'.repeat(100)}
  return n;
}`;

const SERVERS = {
  http: `require('node:http').createServer((request, response) => response.end('x' + work(3))).listen(0, '127.0.0.1', ready);
    function ready() { console.log(this.address().port); }`,
  express: `const app = require('express')(); app.get('/', (request, response) => response.send('x' + work(3)));
    const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));`,
  fastify: `const app = require('fastify')(); app.get('/', async () => 'x' + work(3));
    app.listen({ port: 0, host: '127.0.0.1' }).then(() => console.log(app.server.address().port));`,
};

interface Running {
  readonly pid: number;
  readonly output: string;
  readonly child: ChildProcess;
}

/** Resolves when the program has printed something. */
async function start(command: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Running> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, NODE_OPTIONS: '', ...env },
  });
  children.push(child);
  const [data] = await once(child.stdout, 'data');
  return { pid: child.pid ?? 0, output: String(data).trim(), child };
}

/**
 * Resolves when the script has printed something. It can load the packages of this project. V8 counts a loop that it compiled
 * while it ran, before the recording began, for the caller of its function: no loop is compiled like that.
 */
function startNode(source: string, options: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
  const file = path.join(dir, 'app.cjs');
  const require = `process.getBuiltinModule('node:module').createRequire(${JSON.stringify(path.resolve('test/x.js'))})`;
  writeFileSync(file, `(function (require) { ${WORK} ${source} })(${require});`);
  return start([process.execPath, '--no-use-osr', ...options, file], env);
}

/** @param onStart called when the recording has begun */
function attach(words: readonly string[], onStart?: (pstat: ChildProcess) => void) {
  return pstat(['attach', ...words], onStart);
}

async function pstat(words: readonly string[], onStart?: (pstat: ChildProcess) => void) {
  const child = spawn(process.execPath, [PSTAT, ...words], {
    cwd: dir,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1' },
    timeout: 60_000,
  });
  child.stderr.once('data', () => onStart?.(child));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { stdout, stderr, code: child.exitCode };
}

/** Interrupts pstat when the program has worked for a while, on however busy a machine. */
function interruptAfterWork(pid: number) {
  const start = cpuTimeOf(pid) ?? 0;
  return async (pstat: ChildProcess) => {
    while ((cpuTimeOf(pid) ?? Number.POSITIVE_INFINITY) - start < 500_000) await pause(20);
    pstat.kill('SIGINT');
  };
}

/** Sends requests one after the other, on several connections, until it is stopped. Resolves to the answers. */
function load(port: string) {
  const answers = { good: 0, bad: 0 };
  let isOn = true;
  const one = () =>
    new Promise<void>((resolve) => {
      get({ host: '127.0.0.1', port, agent: false }, (response) => {
        response.resume();
        response.on('end', () => resolve(void (response.statusCode === 200 ? answers.good++ : answers.bad++)));
      }).on('error', () => resolve(void answers.bad++));
    });
  const loops = Array.from({ length: 4 }, async () => {
    while (isOn) await one();
  });
  return {
    async stop() {
      isOn = false;
      await Promise.all(loops);
      return answers;
    },
  };
}

async function functionsOf(file: string): Promise<string[]> {
  return new Stats(await loadProfile(path.join(dir, file))).functions({ limit: 0 }).rows.map(({ name }) => name);
}

function inspectorPorts(pid: number, server: string): number[] {
  return listeningSocketsOf(pid).flatMap(({ port }) => (port === Number(server) ? [] : [port]));
}

const matching = (pattern: RegExp) => expect.stringMatching(pattern);

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const linux = describe.skipIf(process.platform !== 'linux');

linux('a running server', () => {
  test.each(Object.entries(SERVERS))(
    'of %s answers every request, and its inspector is closed afterwards',
    async (_, source) => {
      const { pid, output: port } = await startNode(source, ['--inspect-port=0']);
      const requests = load(port);
      const first = await attach([`${pid}`, '-o', 'one.cpuprofile'], interruptAfterWork(pid));
      expect(first.stderr).toMatch(
        /^pstat: recording \d+ over 127\.0\.0\.1:\d+; Ctrl\+C ends it\npstat: wrote one\.cpuprofile: app\.cjs \d+, /,
      );
      expect([first.code, inspectorPorts(pid, port)]).toEqual([0, []]);
      expect(first.stdout).toContain('functions by tottime');
      const again = await attach([`:${port}`, '--for', '500ms', '-o', 'two.cpuprofile']);
      expect([again.code, inspectorPorts(pid, port)]).toEqual([0, []]);
      const { good, bad } = await requests.stop();
      expect([bad, good > 0]).toEqual([0, true]);
      expect(await functionsOf('one.cpuprofile')).toContain('work');
      const run = (file: string) => JSON.parse(readFileSync(path.join(dir, file), 'utf8')).pstat.run;
      expect(run('one.cpuprofile')).toMatchObject({ pid, node: process.version, thread: { cpu: expect.any(Number) } });
      expect(run('two.cpuprofile').id).toBe(run('one.cpuprofile').id);
    },
  );

  test('keeps its memory over 20 attachments', async () => {
    const memory =
      "process.stdin.on('data', () => { for (let i = 0; i < 12; i++) gc(); console.log(process.memoryUsage().heapUsed); });";
    const { pid, child } = await startNode(`console.log('ready'); setInterval(() => work(2), 10); ${memory}`, [
      '--inspect-port=0',
      '--expose-gc',
    ]);
    const heapUsed = async () => {
      child.stdin?.write('\n');
      return Number(String((await once(child.stdout ?? process.stdin, 'data'))[0]));
    };
    for (let i = 0; i < 5; i++) await attach([`${pid}`, '--for', '100ms', '-o', 'x.cpuprofile']);
    const before = await heapUsed();
    for (let i = 0; i < 20; i++) {
      const { code, stderr } = await attach([`${pid}`, '--for', '100ms', '-o', 'x.cpuprofile']);
      expect(code, stderr).toBe(0);
    }
    expect((await heapUsed()) - before).toBeLessThan(200e3); // 2 to 3 kB each, of V8
  });

  test('may end while it is recorded, and loses nothing', async () => {
    const source =
      "function last() { work(1000); process.exit(); } process.stdin.once('data', last); console.log('ready');";
    const { pid, child } = await startNode(source, ['--inspect-port=0']);
    const attached = attach([`${pid}`, '-o', 'x.cpuprofile'], () => child.stdin?.write('\n'));
    const [exit] = await once(child, 'exit');
    const { code, stderr } = await attached;
    expect([exit, code, stderr]).toEqual([0, 0, expect.stringMatching(/\npstat: the program ended by itself\n$/)]);
    expect(await functionsOf('x.cpuprofile')).toEqual(expect.arrayContaining(['work', 'last']));
    expect(JSON.parse(readFileSync(path.join(dir, 'x.cpuprofile'), 'utf8')).pstat.run.cpu.user).toBeGreaterThan(1e6);
  });

  test('is recorded with its workers', async () => {
    const worker = `new (require('node:worker_threads').Worker)(${JSON.stringify(`${WORK} setInterval(() => work(5), 6);`)}, { eval: true }).on('online', () => console.log('ready'));`;
    const { pid } = await startNode(`${worker} setInterval(() => {}, 50);`, ['--inspect-port=0']);
    const { code, stderr } = await attach([`${pid}`, '-o', 'x.cpuprofile'], interruptAfterWork(pid));
    expect([code, stderr]).toEqual([0, expect.stringContaining(`wrote x.${pid}.1.cpuprofile: `)]);
    expect(await functionsOf(`x.${pid}.1.cpuprofile`)).toContain('work');
  });

  test('closes its inspector when pstat is killed', async () => {
    const { pid } = await startNode("setInterval(() => work(1), 10); console.log('ready');", ['--inspect-port=0']);
    await attach([`${pid}`], (child) => {
      expect(inspectorPorts(pid, '')).toHaveLength(1);
      child.kill('SIGKILL');
    });
    await vi.waitFor(() => expect(inspectorPorts(pid, '')).toEqual([]), { timeout: 60_000 });
    const { code, stderr } = await attach([`${pid}`, '-o', 'x.cpuprofile'], interruptAfterWork(pid));
    expect(code, stderr).toBe(0);
  });

  test('is recorded by a second pstat that goes on when the first ends, and closes the inspector', async () => {
    const { pid } = await startNode("setInterval(() => work(5), 10); console.log('ready');", [
      `--inspect-port=${await findFreePort()}`,
    ]);
    let later: ReturnType<typeof attach> | null = null;
    const first = await attach([`${pid}`, '-o', 'x.cpuprofile'], (one) => {
      later = attach([`${pid}`, '-o', 'y.cpuprofile'], (two) => {
        one.once('close', () => interruptAfterWork(pid)(two));
        one.kill('SIGINT');
      });
    });
    expect([first.code, first.stderr.split('\n')]).toEqual([0, [/: recording/, /: wrote x\./, /^$/].map(matching)]);
    const second = await (later as ReturnType<typeof attach> | null);
    expect([second?.code, second?.stderr.split('\n')]).toEqual([0, [/: recording/, /: wrote y\./, /^$/].map(matching)]);
    expect(inspectorPorts(pid, '')).toEqual([]);
  });

  test('is not held up by a worker that waits outside of JavaScript', async () => {
    const source = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)';
    const worker = `new (require('node:worker_threads').Worker)(${JSON.stringify(source)}, { eval: true }).on('online', () => console.log('ready'));`;
    const { pid } = await startNode(`${worker} setInterval(() => work(1), 10);`, ['--inspect-port=0']);
    const { code, stderr } = await attach([`${pid}`, '-o', 'x.cpuprofile'], interruptAfterWork(pid));
    expect([code, stderr]).toEqual([0, expect.stringMatching(/wrote x\.cpuprofile/)]);
    expect(inspectorPorts(pid, '')).toEqual([]);
  });

  test('that was started with --inspect is recorded, and keeps its inspector', async () => {
    const { pid } = await startNode("setInterval(() => work(5), 10); console.log('ready');", ['--inspect=0']);
    const [port] = inspectorPorts(pid, '');
    const byPid = await attach([`${pid}`, '-o', 'x.cpuprofile'], interruptAfterWork(pid));
    expect([byPid.code, inspectorPorts(pid, '')]).toEqual([0, [port]]);
  });

  test('of a cluster is recorded alone if only it works, or all are', async () => {
    const source = `const cluster = require('node:cluster');
      if (cluster.isPrimary) { cluster.fork({ BUSY: '1' }); cluster.fork({ BUSY: '0' }).on('online', () => console.log('ready')); }
      else setInterval(() => work(process.env.BUSY === '1' ? 8 : 0), 10);`;
    const { pid } = await startNode(source);
    await vi.waitFor(
      async () => {
        const workers = await listNodeProcesses(descendantsOf(pid));
        expect(workers.map(({ cpu }) => (cpu ?? 0) >= 0.02)).toEqual([true, false]);
      },
      { timeout: 60_000 },
    );
    const [busiest] = await listNodeProcesses(descendantsOf(pid));
    const one = await attach([`${pid}`, '-o', 'x.cpuprofile'], interruptAfterWork(busiest?.pid ?? 0));
    expect([one.code, one.stderr.match(/wrote/g)]).toEqual([0, ['wrote']]);
    expect(await functionsOf('x.cpuprofile')).toContain('work');
    const all = await attach([`${pid}`, '--all', '--for', '500ms', '-o', 'y.cpuprofile']);
    expect([all.code, all.stderr.match(/wrote/g)?.length]).toEqual([0, 3]);
    const again = await attach([`${pid}`, '--for', '300ms', '-o', 'x.cpuprofile']);
    expect(again.code).toBe(0);
  });
});

linux('--on-stall', () => {
  const server = `require('node:http').createServer((request, response) => {
    if (request.url === '/stall') stall();
    if (request.url === '/exit') { stall(); process.exit(); }
    response.end('x');
  }).listen(0, '127.0.0.1', function () { console.log(this.address().port); });
  function stall() { work(800); }`;
  const send = (port: string, name: string) =>
    get({ host: '127.0.0.1', port, path: name, agent: false }).on('error', () => {});

  test('saves the last minute when the event loop stalls, and says what it did', async () => {
    const { pid, output: port } = await startNode(server, ['--inspect-port=0']);
    const { code, stdout, stderr } = await attach([`${pid}`, '--on-stall', '500ms', '--dir', 'stalls'], (child) => {
      send(port, '/stall');
      child.stdout?.once('data', () => child.kill('SIGINT'));
    });
    expect([code, stderr]).toEqual([0, expect.stringContaining('waiting for stalls of 500.0 ms, recording')]);
    const what = String.raw`\d+ % (?:\w+ ← )?work \(app\.cjs:\d+\)`; // on a busy machine it goes on for longer
    const sentence = String.raw`stall of (?:more than )?\d\S* m?s at \d\d:\d\d:\d\d: ${what}(?:; it goes on)?`;
    expect(stdout).toMatch(
      new RegExp(`^${sentence}; saved (stalls.stall-\\d{6}\\.cpuprofile)\nsaved 1 stall: pstat \\1\n$`),
    );
    const [file = ''] = readdirSync(path.join(dir, 'stalls'));
    expect(await functionsOf(path.join('stalls', file))).toContain('stall');
    expect(inspectorPorts(pid, port)).toEqual([]);
  });

  test('reports the stall in which the program ends', async () => {
    const { pid, output: port } = await startNode(server, ['--inspect-port=0']);
    const { code, stdout, stderr } = await attach([`${pid}`, '--on-stall', '500ms', '--last', '10s'], () => {
      send(port, '/exit');
    });
    expect([code, stderr]).toEqual([0, expect.stringContaining('the program ended by itself')]);
    expect(stdout).toMatch(/^stall of more than .* % .*work .*; (?:the program ended in it|it goes on); saved stall-/);
  });

  test('saves nothing where nothing stalls, and --last keeps what was recorded last', async () => {
    const { pid } = await startNode(SERVERS.http, ['--inspect-port=0']);
    const none = await attach([`${pid}`, '--on-stall', '60s', '--dir', 'none', '--for', '100ms']);
    expect(none).toMatchObject({ code: 0, stdout: 'no stall of 60.0 s or more; nothing was saved\n' });
    expect(readdirSync(path.join(dir, 'none'))).toEqual([]);
    const last = await attach([`${pid}`, '--last', '1s', '--for', '5s', '-o', 'last.cpuprofile']);
    expect(last.code, last.stderr).toBe(0);
    const { startTime, endTime } = JSON.parse(readFileSync(path.join(dir, 'last.cpuprofile'), 'utf8'));
    expect(endTime - startTime).toBeLessThan(5e6);
  });
});

linux('--requests', () => {
  test('profiles the requests of a running server until pstat detach', async () => {
    const { pid, output: port } = await startNode(SERVERS.http, ['--inspect-port=0']);
    const send = (name: string) =>
      new Promise<string>((resolve, reject) => {
        get({ host: '127.0.0.1', port, path: name, agent: false }, (response) => resolve(text(response))).on(
          'error',
          reject,
        );
      });
    await send('/before');
    const attached = await attach([`${pid}`, '--requests', '--dir', 'profiles']);
    expect(attached).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining(`\`pstat detach ${pid}\``) });
    expect(inspectorPorts(pid, port)).toEqual([]);
    await send('/during');
    expect((await attach([`${pid}`, '--requests', '--dir', 'profiles'])).stderr).toContain('are profiled already');
    const detached = await pstat(['detach', `:${port}`]);
    expect([detached.code, inspectorPorts(pid, port)]).toEqual([0, []]);
    expect(await send('/after')).toMatch(/^x\d+$/);
    await pause(500);
    expect(readdirSync(path.join(dir, 'profiles'))).toEqual([expect.stringMatching(/^GET\.during\./)]);
    expect((await pstat(['detach', `${pid}`])).code).toBe(1);
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const)(
    '%s while pstat opens the inspector ends pstat and leaves no inspector',
    async (signal) => {
      const { pid, output: port } = await startNode(SERVERS.http, ['--inspect-port=0']);
      const args = [PSTAT, 'attach', `${pid}`, '--requests', '--dir', 'profiles'];
      let endedBy: NodeJS.Signals | null = null;
      // Where the machine is busy, the inspector may be closed again before this thread sees it.
      while (endedBy === null) {
        const child = spawn(process.execPath, args, { cwd: dir, stdio: 'ignore' });
        children.push(child);
        const isOpen = () => child.exitCode !== null || inspectorPorts(pid, port).length > 0;
        await vi.waitUntil(isOpen, { timeout: 20_000, interval: 1 });
        child.kill(signal);
        if (child.exitCode === null) await once(child, 'close');
        endedBy = child.signalCode;
        if (endedBy === null) await pstat(['detach', `${pid}`]);
      }
      expect([endedBy, inspectorPorts(pid, port)]).toEqual([signal, []]);
    },
  );
});

linux('--requests in workers', () => {
  test('profiles the requests that workers serve, until pstat detach', async () => {
    const server = `${WORK} ${SERVERS.http}`.replace(
      'function ready() {',
      'function ready() { const console = { log: (port) => require("node:worker_threads").parentPort.postMessage(port) };',
    );
    const { pid, output: port } = await startNode(
      `new (require('node:worker_threads').Worker)(${JSON.stringify(server)}, { eval: true }).on('message', (port) => console.log(port)); setInterval(() => {}, 1000);`,
      ['--inspect-port=0'],
    );
    const send = () =>
      new Promise<string>(
        (resolve) =>
          void get({ host: '127.0.0.1', port, path: '/during', agent: false }, (response) => resolve(text(response))),
      );
    const attached = await attach([`${pid}`, '--requests', '--dir', 'profiles']);
    expect([attached.code, attached.stdout]).toEqual([0, expect.stringContaining('in 1 worker of')]);
    await send();
    expect((await pstat(['detach', `${pid}`])).code).toBe(0);
    expect(readdirSync(path.join(dir, 'profiles'))).toEqual([expect.stringMatching(/^GET\.during\./)]);
    expect(await send()).toMatch(/^x\d+$/);
  });
});

linux('attach refuses in one sentence, and the process lives on:', () => {
  const LISTEN = "setInterval(() => {}, 1000); console.log('ready');";
  const own =
    (options: readonly string[], source = LISTEN) =>
    () =>
      startNode(source, options);
  test.each<[string, () => Promise<Running>, string]>([
    ['a shell', () => start(['bash', '-c', 'echo ready; while :; do sleep 1; done']), 'is not Node but'],
    ['a program that is not Node', () => start(['sh', '-c', 'echo ready; exec sleep 100']), 'is not Node but'],
    [
      'an inspector that other machines can reach',
      own(['--inspect-port=0.0.0.0:0']),
      'open to other machines; nothing was sent',
    ],
    [
      'a process with its own listener of SIGUSR1',
      own(['--inspect-port=0'], `process.on('SIGUSR1', () => {}); ${LISTEN}`),
      'has a listener of its own',
    ],
  ])('%s', async (_, begin, sentence) => {
    const { pid, child } = await begin();
    await pause(300);
    for (let i = 0; i < 3; i++) {
      const { code, stderr, stdout } = await attach([`${pid}`, '--for', '1s']);
      expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining(sentence)]);
      expect(stderr.trim().split('\n')).toHaveLength(1);
    }
    expect([child.exitCode, child.signalCode]).toEqual([null, null]);
  });

  test('a process whose inspector would open a taken port', async () => {
    const { pid: holder, output: port } = await startNode(SERVERS.http);
    const { pid } = await startNode(LISTEN, [`--inspect-port=${port}`]);
    const { code, stderr } = await attach([`${pid}`]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(`would open port ${port}, which is taken`)]);
    const self = await startNode(SERVERS.http.replace('listen(0', `listen(${Number(port) + 1}`), [
      `--inspect-port=${Number(port) + 1}`,
    ]);
    expect((await attach([`${self.pid}`])).stderr).toContain('which is taken');
    expect([process.kill(holder, 0), process.kill(pid, 0), process.kill(self.pid, 0)]).toEqual([true, true, true]);
  });

  test('any of them, fifty times', async () => {
    const held = await startNode(SERVERS.http);
    const targets = await Promise.all([
      start(['bash', '-c', 'echo ready; while :; do sleep 1; done']),
      start(['sh', '-c', 'echo ready; exec sleep 1000']),
      start(['bash', '-c', 'exec -a node bash -c "echo ready; while :; do sleep 1; done"']),
      start([process.execPath, `--inspect-port=${held.output}`, '-e', LISTEN]),
      start([process.execPath, '--inspect-port=0.0.0.0:0', '-e', LISTEN]),
      start([process.execPath, '--inspect-port=0', '-e', `process.on('SIGUSR1', () => {}); ${LISTEN}`]),
    ]);
    const words = [...targets.map(({ pid }) => `${pid}`), `${2 ** 22}`, 'server.js', 'ws://127.0.0.1:1/x'];
    for (let i = 0; i < 50; i++) {
      const word = words[i % words.length] ?? '';
      const { code, stdout, stderr } = await runHere([
        'attach',
        word,
        '--for',
        '10ms',
        '-o',
        path.join(dir, 'x.cpuprofile'),
      ]);
      expect([word, code, stdout, stderr]).toEqual([word, 2, '', expect.stringMatching(/^pstat: [^\n]+\n$/)]);
    }
    for (const { child } of [held, ...targets]) expect([child.exitCode, child.signalCode]).toEqual([null, null]);
  });

  test('a stopped process', async () => {
    const { pid } = await startNode(LISTEN, ['--inspect-port=0']);
    process.kill(pid, 'SIGSTOP');
    await pause(200);
    expect((await attach([`${pid}`])).stderr).toContain(`continue it first: \`kill -CONT ${pid}\``);
  });

  test('Node under --permission', async () => {
    const { pid } = await start([
      process.execPath,
      '--no-warnings',
      Number(process.versions.node.split('.')[0]) >= 24 ? '--permission' : '--experimental-permission',
      '-e',
      LISTEN,
    ]);
    const { code, stderr } = await attach([`${pid}`]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('does not take SIGUSR1')]);
    expect(process.kill(pid, 0)).toBe(true);
  });
});
