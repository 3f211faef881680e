/** `pstat attach`: records running programs, leaves nothing in them, and sends nothing to what it could harm. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadProfile, Stats } from '../../../src/index.ts';
import { listeningSocketsOf } from '../../../src/record/attach/listening-sockets.ts';

const PSTAT = path.resolve('dist/cli/main.js');

let dir: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'pstat-attach-'));
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

const WORK = `function work(ms) { const end = Date.now() + ms; let n = 0; while (Date.now() < end) n += JSON.stringify({ n }).length; return n; }`;

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

/** Resolves when the script has printed something. It can load the packages of this project. */
function startNode(source: string, options: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
  const file = path.join(dir, 'app.cjs');
  const require = `process.getBuiltinModule('node:module').createRequire(${JSON.stringify(path.resolve('test/x.js'))})`;
  writeFileSync(file, `(function (require) { ${WORK} ${source} })(${require});`);
  return start([process.execPath, ...options, file], env);
}

function attach(words: readonly string[], interruptAfter?: number) {
  return pstat(['attach', ...words], interruptAfter);
}

async function pstat(words: readonly string[], interruptAfter?: number) {
  const child = spawn(process.execPath, [PSTAT, ...words], {
    cwd: dir,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1' },
    timeout: 60_000,
  });
  if (interruptAfter !== undefined) {
    child.stderr.once('data', () => setTimeout(() => child.kill('SIGINT'), interruptAfter));
  }
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { stdout, stderr, code: child.exitCode };
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

const linux = describe.skipIf(process.platform !== 'linux');

linux('a running server', () => {
  test.each(Object.entries(SERVERS))(
    'of %s answers every request, and its inspector is closed afterwards',
    async (_, source) => {
      const { pid, output: port } = await startNode(source, ['--inspect-port=0']);
      const requests = load(port);
      const first = await attach([`${pid}`, '--for', '1500ms', '-o', 'one.cpuprofile']);
      expect(first.stderr).toMatch(
        /^pstat: recording \d+ over 127\.0\.0\.1:\d+; for 1\.50 s\npstat: wrote one\.cpuprofile: app\.cjs \d+, /,
      );
      expect([first.code, inspectorPorts(pid, port)]).toEqual([0, []]);
      expect(first.stdout).toContain('functions by tottime');
      const again = await attach([`:${port}`, '--for', '500ms', '-o', 'two.cpuprofile']);
      expect([again.code, inspectorPorts(pid, port)]).toEqual([0, []]);
      const { good, bad } = await requests.stop();
      expect([bad, good > 20]).toEqual([0, true]);
      expect(await functionsOf('one.cpuprofile')).toContain('work');
      expect(await functionsOf('two.cpuprofile')).toContain('work');
      const run = (file: string) => JSON.parse(readFileSync(path.join(dir, file), 'utf8')).pstat.run;
      expect(run('one.cpuprofile')).toMatchObject({ pid, node: process.version, thread: { cpu: expect.any(Number) } });
      expect(run('two.cpuprofile').id).toBe(run('one.cpuprofile').id);
    },
  );

  test('keeps its memory over 20 attachments', async () => {
    const memory = "process.stdin.on('data', () => { gc(); console.log(process.memoryUsage().heapUsed); });";
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
    expect((await heapUsed()) - before).toBeLessThan(2e6);
  });

  test('is recorded until Ctrl+C', async () => {
    const { pid } = await startNode("setInterval(() => work(5), 10); console.log('ready');", ['--inspect-port=0']);
    const { code, stderr } = await attach([`${pid}`, '-o', 'x.cpuprofile'], 1300);
    expect([code, stderr]).toEqual([0, expect.stringContaining('; Ctrl+C ends it\n')]);
    expect(inspectorPorts(pid, '')).toEqual([]);
  });

  test('may end while it is recorded', async () => {
    const source =
      "setInterval(() => work(5), 10); console.log('ready'); process.stdin.once('data', () => process.exit());";
    const { pid, child } = await startNode(source, ['--inspect-port=0']);
    setTimeout(() => child.stdin?.write('\n'), 4000);
    const { code, stderr } = await attach([`${pid}`, '-o', 'x.cpuprofile']);
    expect([code, stderr]).toEqual([0, expect.stringContaining('the program ended by itself')]);
    expect(await functionsOf('x.cpuprofile')).toContain('work');
  });

  test('is recorded with its workers', async () => {
    const worker = `new (require('node:worker_threads').Worker)(${JSON.stringify(`${WORK} function inWorker() { work(5); } setInterval(inWorker, 6);`)}, { eval: true }).on('online', () => console.log('ready'));`;
    const { pid } = await startNode(`${worker} setInterval(() => work(1), 50);`, ['--inspect-port=0']);
    const { code, stderr } = await attach([`${pid}`, '--for', '1s', '-o', 'x.cpuprofile']);
    expect([code, stderr]).toEqual([0, expect.stringContaining(`wrote x.${pid}.1.cpuprofile: `)]);
    expect(await functionsOf(`x.${pid}.1.cpuprofile`)).toContain('inWorker');
  });

  test('that was started with --inspect is recorded, and keeps its inspector', async () => {
    const { pid } = await startNode("setInterval(() => work(5), 10); console.log('ready');", ['--inspect=0']);
    const [port] = inspectorPorts(pid, '');
    const byPid = await attach([`${pid}`, '--for', '300ms', '-o', 'x.cpuprofile']);
    expect([byPid.code, inspectorPorts(pid, '')]).toEqual([0, [port]]);
  });

  test('of a cluster: the one that works, or all', async () => {
    const source = `const cluster = require('node:cluster');
      if (cluster.isPrimary) { cluster.fork({ BUSY: '1' }); cluster.fork({ BUSY: '0' }).on('online', () => console.log('ready')); }
      else setInterval(() => work(process.env.BUSY === '1' ? 8 : 0), 10);`;
    const { pid } = await startNode(source);
    await pause(3000);
    const one = await attach([`${pid}`, '--for', '500ms', '-o', 'x.cpuprofile']);
    expect([one.code, one.stderr.match(/wrote/g)]).toEqual([0, ['wrote']]);
    expect(await functionsOf('x.cpuprofile')).toContain('work');
    const all = await attach([`${pid}`, '--all', '--for', '500ms', '-o', 'y.cpuprofile']);
    expect([all.code, all.stderr.match(/wrote/g)?.length]).toEqual([0, 3]);
    const again = await attach([`${pid}`, '--for', '300ms', '-o', 'x.cpuprofile']);
    expect(again.code).toBe(0);
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
});

linux('what cannot be attached to lives on, with one sentence why:', () => {
  const LISTEN = "setInterval(() => {}, 1000); console.log('ready');";
  const own =
    (options: readonly string[], source = LISTEN) =>
    () =>
      startNode(source, options);
  test.each<[string, () => Promise<Running>, string]>([
    ['a shell', () => start(['bash', '-c', 'echo ready; while :; do sleep 1; done']), 'is not Node but'],
    ['a program', () => start(['sh', '-c', 'echo ready; exec sleep 100']), 'is not Node but'],
    ['an inspector for everyone', own(['--inspect-port=0.0.0.0:0']), 'open to other machines; nothing was sent'],
    [
      'a listener of its own',
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

  test('a taken port', async () => {
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

  test('a stopped program', async () => {
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
