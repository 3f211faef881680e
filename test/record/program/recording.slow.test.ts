/** `pstat record`: writes profiles however the program ends, and does not affect the program. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { loadProfile, Stats } from '../../../src/index.ts';
import { HOOKS } from '../../../src/record/program/hook-names.ts';
import { MEMORY_KEY, NOT_HELD, SIGNALS } from '../../../src/record/program/shared-memory.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const PSTAT = path.resolve('dist/cli/main.js');
const PRELOAD = new URL('../../../dist/record/request/register.cjs', import.meta.url).href;

let dir: string;
beforeEach(() => {
  dir = temporaryFolder('recording');
});

interface Recording {
  readonly stdout: string;
  readonly stderr: string;
  /** What of stderr stands before the answer, whose rows may name any function of Node. */
  readonly messages: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** file name -> names of the functions in it. */
  readonly files: ReadonlyMap<string, readonly string[]>;
}

interface RecordingOptions {
  readonly options?: readonly string[];
  readonly command?: readonly string[];
  /** All arguments of pstat, instead of the above. */
  readonly words?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Sent `delay` ms after the program's first output; `group` means to all processes, as a terminal does. */
  readonly signal?: { readonly name: NodeJS.Signals; readonly to: 'pstat' | 'group'; readonly delay?: number };
}

/** Records a program, `app.mjs`, into files that begin with `out`. */
async function recordProgram(source: string, given: RecordingOptions = {}): Promise<Recording> {
  writeFileSync(path.join(dir, 'app.mjs'), source);
  const { options = ['-o', 'out.cpuprofile'], command = [process.execPath, 'app.mjs'], signal } = given;
  const words = given.words ?? ['record', ...options, '--', ...command];
  const child = spawn(process.execPath, [PSTAT, ...words], {
    cwd: dir,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1', ...given.environment },
    timeout: 30_000,
  });
  if (signal !== undefined) {
    child.stdout.once('data', () => {
      const pid = child.pid ?? 0;
      setTimeout(() => process.kill(signal.to === 'group' ? -pid : pid, signal.name), signal.delay ?? 700);
    });
  }
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  const names = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.cpuprofile'));
  const files = new Map(await Promise.all(names.sort().map(async (name) => [name, await functionsOf(name)] as const)));
  const messages = stderr.split(/^\S+: V8 CPU profile/m, 1)[0] ?? '';
  return { stdout, stderr, messages, code: child.exitCode, signal: child.signalCode, files };
}

async function functionsOf(name: string): Promise<string[]> {
  const { rows } = new Stats(await loadProfile(path.join(dir, name))).functions({ limit: 0 });
  return rows.map((row) => row.name);
}

const WORK = `import { work } from ${JSON.stringify(new URL('../programs/client.mjs', import.meta.url).href)};\n`;

/** Waits until the recorder, if there is one, holds the signals: on a busy machine its watcher takes long to start. */
const UNTIL_HELD = `import { getEnvironmentData } from 'node:worker_threads';
  while (getEnvironmentData('${MEMORY_KEY}')?.[${SIGNALS}] === ${NOT_HELD}) await new Promise((done) => setTimeout(done, 5));\n`;

describe('the recorded program', () => {
  test('keeps its exit code and its output', async () => {
    const { stdout, stderr, code, files } = await recordProgram(
      `${WORK} console.log('out'); work(50); process.exitCode = 7;`,
    );
    expect([stdout, code]).toEqual(['out\n', 7]);
    expect(stderr).toMatch(/^pstat: wrote out\.cpuprofile: app\.mjs \d+, [\d.]+ ms\n\nout\.cpuprofile: V8 CPU profile/);
    expect(stderr).toContain('functions by tottime');
    expect([...files]).toEqual([['out.cpuprofile', expect.arrayContaining(['work'])]]);
  });

  /** Works until its samples are flushed. */
  const UNTIL_FLUSHED = `import { readdirSync, readFileSync } from 'node:fs'; ${WORK}
    function isFlushed() {
      const spool = process.env.PSTAT_RECORD_SPOOL;
      const own = readdirSync(spool).find((name) => name.startsWith(process.pid + '.'));
      return readFileSync(spool + '/' + own, 'utf8').includes('"run"');
    }
    function workUntilFlushed() { while (!isFlushed()) work(10); }`;

  test('says how much is missing after SIGKILL', async () => {
    const { stderr, signal } = await recordProgram(
      `${UNTIL_FLUSHED} workUntilFlushed(); process.kill(process.pid, 'SIGKILL');`,
    );
    expect(signal).toBe('SIGKILL');
    expect(stderr).toMatch(/^pstat: app\.mjs \d+ was killed; its last [\d.]+ m?s are missing$/m);
  });

  test('says what is recorded of a child process that was killed', async () => {
    const source = `import { fork } from 'node:child_process'; ${UNTIL_FLUSHED}
      if (process.argv[2] === 'child') { workUntilFlushed(); process.kill(process.pid, 'SIGKILL'); }
      else fork('./app.mjs', ['child']).on('exit', () => {});`;
    const { stderr } = await recordProgram(source);
    expect(stderr).toMatch(/^pstat: app\.mjs \d+ was killed; what followed its first [\d.]+ m?s is missing$/m);
  });

  test.skipIf(process.platform !== 'linux')(
    'is recorded no longer than pstat runs if it goes on in the background',
    async () => {
      const source = `import { spawn } from 'node:child_process'; ${UNTIL_FLUSHED}
      if (process.argv[2] === 'child') { workUntilFlushed(); setInterval(() => work(1), 10); process.send('flushed'); process.disconnect(); }
      else {
        const child = spawn(process.execPath, ['app.mjs', 'child'], { detached: true, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
        child.once('message', () => child.unref());
        console.log(child.pid);
      }`;
      const { stdout, stderr } = await recordProgram(source);
      const pid = Number(stdout);
      const spools = () =>
        readdirSync(`/proc/${pid}/fd`).filter((fd) => linkOf(`/proc/${pid}/fd/${fd}`).includes('pstat-record'));
      try {
        expect(stderr).toMatch(
          new RegExp(
            `^pstat: app\\.mjs ${pid} goes on in the background; what follows its first [\\d.]+ m?s is not recorded$`,
            'm',
          ),
        );
        await vi.waitFor(() => expect(spools()).toEqual([]), { timeout: 20_000 });
      } finally {
        process.kill(pid, 'SIGKILL');
      }
    },
  );

  /** '' for a descriptor that was closed meanwhile. */
  function linkOf(file: string): string {
    try {
      return readlinkSync(file);
    } catch {
      return '';
    }
  }

  test.each([
    ['process.exit(3)', 3],
    ["throw new Error('on purpose')", 1],
    ["Promise.reject(new Error('on purpose'))", 1],
    ['process.abort()', null],
  ])('is recorded if it ends by %s', async (end, code) => {
    const result = await recordProgram(`${WORK} work(300); setTimeout(() => { work(20); ${end}; }, 10);`);
    expect(result.code).toBe(code);
    expect(result.files.get('out.cpuprofile')).toContain('work');
    expect(result.messages).not.toContain('debugger');
  });

  test('is recorded through its exit listeners, also if one calls process.exit() again', async () => {
    const { code, files } = await recordProgram(`${WORK} function tidy() { work(60); }
      process.on('exit', () => { tidy(); process.exit(4); }); work(250);`);
    expect(code).toBe(4);
    expect(files.get('out.cpuprofile')).toContain('tidy');
    const profilerFunctions = /^(flush|take|finish|writeChunks|write|writeSync|profileToJson)$/;
    expect(files.get('out.cpuprofile')?.filter((name) => profilerFunctions.test(name))).toEqual([]);
  });

  test('runs ticks and promises in the same order', async () => {
    const source = "process.nextTick(() => console.log('tick')); Promise.resolve().then(() => console.log('promise'));";
    writeFileSync(path.join(dir, 'app.cjs'), source);
    const { stdout } = await recordProgram('', { command: [process.execPath, 'app.cjs'] });
    expect(stdout).toBe('tick\npromise\n');
  });

  test('may have options without -- before it', async () => {
    const { stdout, files } = await recordProgram(`${WORK} work(50); console.log(process.argv.slice(2).join());`, {
      words: ['record', '--limit', '3', '-o', 'out.cpuprofile', process.execPath, 'app.mjs', '--limit', '7', '--help'],
    });
    expect(stdout).toBe('--limit,7,--help\n');
    expect(files.size).toBe(1);
  });

  test.each([
    ['--cpu-prof', {}],
    ['--cpu-prof-interval=1000', {}],
    ['--no-warnings', { NODE_V8_COVERAGE: 'coverage' }],
  ])('is recorded beside the profiler and the coverage of Node: %s %j', async (option, environment) => {
    const { stdout, messages, files } = await recordProgram(`${WORK} work(200); console.log('done')`, {
      command: [process.execPath, option, 'app.mjs'],
      environment,
    });
    expect(stdout).toBe('done\n');
    expect(messages).not.toMatch(/not recorded|missing|debugger/);
    expect(files.get('out.cpuprofile')).toContain('work');
  });

  test.each([
    [['--sort', 'zork'], /'zork' is not a sort key/],
    [['--filter', '/[/'], /regular expression/],
  ])('does not start if an option is invalid: %j', async (options, message) => {
    const { stdout, stderr, code } = await recordProgram("console.log('ran')", { options });
    expect([stdout, code]).toEqual(['', 2]);
    expect(stderr).toMatch(message);
  });

  test('may clean up after Ctrl+C', async () => {
    const source = `${WORK} process.on('SIGINT', () => { console.log('bye'); process.exit(5); }); setInterval(() => work(5), 10); console.log('up');`;
    const { stdout, code } = await recordProgram(source, { signal: { name: 'SIGINT', to: 'pstat' } });
    expect([stdout, code]).toEqual(['up\nbye\n', 5]);
  });

  test('gives a one-line error if it does not exist', async () => {
    const { stderr, code } = await recordProgram('', { command: ['no-such-program'] });
    expect([stderr, code]).toEqual(["pstat: cannot run 'no-such-program': no such program\n", 2]);
  });

  test.each([
    ['./app.mjs/x', 'no such program'],
    ['./loop', 'its link leads to itself'],
    [`./${'a'.repeat(300)}`, 'the name is too long'],
  ])('gives a one-line error if the system refuses it (case %#)', async (command, reason) => {
    symlinkSync('loop', path.join(dir, 'loop'));
    const { stderr, code } = await recordProgram('', { command: [command] });
    expect([stderr, code]).toEqual([expect.stringMatching(`^pstat: cannot run .*: ${reason}`), 2]);
  });

  /** A server that sends a request to itself. */
  const answerAndThen = (end: string) => `${WORK} ${UNTIL_HELD} import http from 'node:http';
    const server = http.createServer((request, response) => { work(30); response.end(); });
    server.listen(0, () => http.get({ port: server.address().port, agent: false }, (response) => response.resume().on('end', () => ${end})));`;
  const ANSWERS = answerAndThen('server.close()');

  test('may profile its own requests at the same time', async () => {
    const command = ['env', 'PSTAT_PROFILE_DIR=requests', process.execPath, '--import', PRELOAD, 'app.mjs'];
    const { files, messages } = await recordProgram(ANSWERS, { command });
    expect(messages).toMatch(/^pstat: wrote out\.cpuprofile: [^\n]*\n\n$/);
    expect([...files.keys()]).toEqual([expect.stringMatching(/^out/), expect.stringMatching(/^requests.GET\.root/)]);
    for (const functions of files.values()) expect(functions).toContain('work');
  });

  test('has its requests profiled by --requests', async () => {
    const { files, stderr, code } = await recordProgram(ANSWERS, { options: ['--requests', '--dir', 'requests'] });
    expect([stderr, code]).toEqual(['pstat: wrote 1 profile of requests to requests: pstat requests requests\n', 0]);
    expect([...files.keys()]).toEqual([expect.stringMatching(/^requests.GET\.root/)]);
    expect([...files.values()].flat()).toContain('work');
  });

  test('records the threads of a pstat record within a recording of requests', async () => {
    const command = [process.execPath, PSTAT, 'record', '-o', 'out.cpuprofile', '--', process.execPath, 'app.mjs'];
    const options = ['--requests', '--dir', 'requests'];
    const { files } = await recordProgram(`${WORK} work(50);`, { options, command });
    expect(files.get('out.cpuprofile')).toContain('work');
  });

  test.each<[NodeJS.Signals, string, RecordingOptions]>([
    ['SIGTERM', '--requests', { options: ['--requests', '--dir', 'requests'] }],
    ['SIGINT', '--requests', { options: ['--requests', '--dir', 'requests'] }],
    [
      'SIGTERM',
      'a profiler of its own',
      { command: ['env', 'PSTAT_PROFILE_DIR=requests', process.execPath, '--import', PRELOAD, 'app.mjs'] },
    ],
  ])('keeps the file of the request that was just answered when %s ends it, with %s', async (name, _, given) => {
    const source = answerAndThen("console.log('answered')");
    const { files, signal } = await recordProgram(source, { ...given, signal: { name, to: 'pstat', delay: 0 } });
    expect(signal).toBe(name);
    expect([...files.keys()]).toContainEqual(expect.stringMatching(/^requests.GET\.root/));
  });

  test.each([
    [
      ['--dir', 'app.mjs/profiles'],
      /^pstat: app\.mjs\/profiles: cannot be written: a file where a folder was expected\n$/,
    ],
    [['-o', '.'], /^pstat: \.: cannot be written: a folder where a file was expected\n$/],
  ])('does not start if the profile cannot be written: %j', async (options, message) => {
    const { stdout, stderr, code } = await recordProgram("console.log('ran')", { options });
    expect([stdout, code]).toEqual(['', 2]);
    expect(stderr).toMatch(message);
  });

  test('says why its recorder failed', async () => {
    writeFileSync(
      path.join(dir, 'break.cjs'),
      "const Module = require('node:module'); const { _load } = Module; Module._load = (name, ...rest) => { if (name.endsWith('recorder.cjs')) throw new Error('no recorder'); return _load.call(Module, name, ...rest); };",
    );
    const environment = { NODE_OPTIONS: `--require=${path.join(dir, 'break.cjs')}` };
    const { stdout, stderr } = await recordProgram("console.log('ran')", { environment });
    expect(stdout).toBe('ran\n');
    expect(stderr).toMatch(/^pstat: app\.mjs \d+ was not recorded: the recorder failed: no recorder\n$/);
  });

  test('keeps its exit code and leaves no file if it is not a Node program', async () => {
    const { stderr, code } = await recordProgram('', { command: ['sh', '-c', 'exit 9'] });
    expect(stderr).toMatch(/^pstat: nothing was recorded: no Node program loaded the recorder; [^\n]*\n$/);
    expect(code).toBe(9);
  });
});

describe('an endless loop', () => {
  const LOOP = `${UNTIL_HELD} function loop() { for (;;); }\n console.log('up');`;

  test.each<[NodeJS.Signals, 'pstat' | 'group']>([
    ['SIGINT', 'group'],
    ['SIGINT', 'pstat'],
    ['SIGTERM', 'pstat'],
    ['SIGTERM', 'group'],
    ['SIGHUP', 'pstat'],
  ])('is recorded after %s to the %s', async (name, to) => {
    const result = await recordProgram(`${LOOP} loop();`, { signal: { name, to } });
    expect([result.stdout, result.signal]).toEqual(['up\n', name]);
    expect(result.messages).not.toMatch(/missing|debugger/); // the last samples are written before it ends
    expect(result.files.get('out.cpuprofile')).toContain('loop');
  });

  test('is recorded in a worker too', async () => {
    const source = `import { isMainThread, Worker } from 'node:worker_threads';
      ${LOOP}
      if (isMainThread) { new Worker(new URL(import.meta.url)); setTimeout(() => process.kill(process.pid, 'SIGKILL'), 1200); }
      else loop();`;
    const { files, signal } = await recordProgram(source);
    expect(signal).toBe('SIGKILL');
    const [, [, worker] = []] = [...files];
    expect(files.size).toBe(2);
    expect([...files.values()].flat()).toContain('loop');
    expect(worker).toBeDefined();
  });
});

describe('files', () => {
  /** The parent works longest, also on a machine that starves it: -o names the busiest. */
  const FAMILY = `import { fork } from 'node:child_process';
    import { isMainThread, Worker } from 'node:worker_threads';
    ${WORK}
    function parent() { work(450); } function child() { work(150); } function thread() { work(150); }
    if (process.argv[2] === 'child') child();
    else if (!isMainThread) thread();
    else { fork('./app.mjs', ['child']); new Worker('./app.mjs'); parent(); }`;

  test('are one per thread, named as Node does, in a created folder', async () => {
    const { files } = await recordProgram(FAMILY, { options: ['--dir', 'a/b'] });
    const names = [...files.keys()];
    expect(names).toHaveLength(3);
    for (const name of names) expect(name).toMatch(/^a\/b\/CPU\.\d{8}\.\d{6}\.\d+\.\d+\.00[12]\.cpuprofile$/);
    const functions = [...files.values()].map((all) =>
      all.filter((one) => ['parent', 'child', 'thread'].includes(one)),
    );
    expect(functions.flat().sort()).toEqual(['child', 'parent', 'thread']);
  });

  test('of other threads are beside the one named by -o', async () => {
    const { files } = await recordProgram(FAMILY);
    expect([...files.keys()].every((name) => /^out(\.\d+\.\d+)?\.cpuprofile$/.test(name))).toBe(true);
    expect(files.get('out.cpuprofile')).toContain('parent');
    expect(files.size).toBe(3);
  });

  test('are of the program that npm runs, not of npm', async () => {
    writeFileSync(path.join(dir, 'package.json'), '{ "scripts": { "start": "node app.mjs" } }');
    const { files } = await recordProgram(`${WORK} work(50);`, { command: ['npm', 'start'] });
    expect([...files.keys()]).toEqual(['out.cpuprofile']);
    expect(files.get('out.cpuprofile')).toContain('work');
  });

  test('have the requested interval', async () => {
    const { files } = await recordProgram(`${WORK} work(200);`, {
      options: ['-o', 'out.cpuprofile', '--interval', '200us'],
    });
    expect(files.size).toBe(1);
    const { pstat, timeDeltas } = JSON.parse(readFileSync(path.join(dir, 'out.cpuprofile'), 'utf8'));
    expect(pstat.run.interval).toBe(200);
    expect(timeDeltas.slice(1).some((delta: number) => delta > 0 && delta < 500)).toBe(true);
  });
});

test.each(HOOKS)('the recorder keeps the name of its hook %s', (name) => {
  expect(readFileSync('dist/record/program/recorder.cjs', 'utf8')).toContain(`function ${name}(`);
});

describe('source maps of code that is transpiled in memory', () => {
  // One function a line, moved from line 10 of app.ts on.
  const map = { version: 3, sources: ['app.ts'], names: [], mappings: 'AASA;AACA' };
  const url = `data:application/json;base64,${Buffer.from(JSON.stringify(map)).toString('base64')}`;
  const code = `function hot() { work(100); }\nhot();`;
  const source = `${WORK} globalThis.work = work; import vm from 'node:vm';
    new vm.Script(${JSON.stringify(`${code}\n//# sourceMappingURL=${url}`)}, { filename: '/nowhere/app.js' }).runInThisContext();`;

  async function recorded(options: readonly string[], end: string) {
    const { stderr } = await recordProgram(`${source} ${end}`, { options: ['-o', 'out.cpuprofile', ...options] });
    const { pstat } = JSON.parse(readFileSync(path.join(dir, 'out.cpuprofile'), 'utf8'));
    return { stderr, scripts: pstat.scripts };
  }

  test.each([
    ['ends by itself', ''],
    ['is killed by SIGTERM', "process.kill(process.pid, 'SIGTERM'); setTimeout(() => {}, 1000);"],
  ])('are in the profile when the program %s', async (_, end) => {
    const { stderr, scripts } = await recorded(['--sort', 'cumtime'], end);
    expect(scripts).toEqual([{ url: 'file:///nowhere/app.js', sourceMap: map }]);
    expect(stderr).toMatch(/hot +\S*app\.ts:10/);
  });

  test('come with the texts of all scripts if --sources is given', async () => {
    const { scripts } = await recorded(['--sources'], '');
    const texts = scripts.map(({ url: script, source: text }: { url: string; source: string }) => [
      path.basename(script),
      text.length > 0,
    ]);
    expect(texts).toContainEqual(['app.js', true]);
    expect(texts).toContainEqual(['app.mjs', true]);
  });
});
