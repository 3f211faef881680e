/** The built command when the machine is in trouble: it ends with a message of one line or with an answer, never with a stack. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { json, plain } from '../support/documents.ts';
import { dict, join, key, typed, value } from '../support/marshal.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const MAIN = new URL('../../dist/cli/main.js', import.meta.url).pathname;
const PROFILE = path.resolve('samples/GET.resource_providers.prof');
const V8_PROFILE = path.resolve('samples/resource-providers.cpuprofile');

const folder = temporaryFolder('trouble');
const at = (...names: string[]) => path.join(folder, ...names);

interface Ending {
  readonly code: number | null;
  readonly stderr: string;
  readonly stdout: string;
}

/** Runs a line of sh in which `pstat` is the command. */
async function sh(script: string, env: Readonly<Record<string, string>> = {}): Promise<Ending> {
  const pstat = `pstat() { '${process.execPath}' $NODE_FLAGS '${MAIN}' "$@"; }`;
  const child = spawn('bash', ['-c', `${pstat}\n${script}`], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const texts = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => (texts.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (texts.stderr += text));
  await once(child, 'close');
  return { code: child.exitCode, ...texts };
}

/** It answers, or says in one line why it cannot. */
function expectGraceful({ code, stderr }: Ending): void {
  expect(stderr).not.toMatch(/internal error|\n\s+at /);
  expect([0, 1, 2, 3, 4]).toContain(code);
  if (code === 2) expect(stderr).toMatch(/^pstat: [^\n]{1,700}\n/m);
}

describe('an output that takes nothing', () => {
  test.each(['table', 'json', 'csv', 'markdown', 'pstats'])('full, as %s: exit code 2 and a reason', async (format) => {
    const { code, stderr } = await sh(
      `pstat ${PROFILE} --limit 0 --format ${format} > /dev/full`.replace(/--limit 0 (?=.*prof >)/, ''),
    );
    expect(stderr).toContain('pstat: cannot write the output: no space left\n');
    expect(code).toBe(2);
  });

  test('a full stderr is reported by the exit code alone', async () => {
    expect((await sh(`pstat ${PROFILE} --format prof > ${at('out.prof')} 2> /dev/full`)).code).toBe(2);
  });

  // A reader that leaves after so many bytes closes the pipe at another stage each time.
  test.each([0, 1, 100, 4096, 65_536, 200_000])('closed after %i bytes changes no exit code', async (bytes) => {
    const { stdout } = await sh(
      `{ pstat ${V8_PROFILE} --limit 0 --json; echo $? >&3; } 3>&1 >&4 4>&- | cat`.replace(
        '>&4 4>&-',
        `> >(head -c ${bytes} > /dev/null)`,
      ),
    );
    expect(stdout.trim()).toBe('0');
  });
});

describe('inputs that are no files', () => {
  test('a FIFO is read to its end', async () => {
    const { code, stdout } = await sh(`mkfifo ${at('fifo')}; cat ${PROFILE} > ${at('fifo')} & pstat ${at('fifo')}`);
    expect(code).toBe(0);
    expect(stdout).toContain('fifo: Python profile');
  });

  test.each(['/dev/zero', '/dev/urandom', '/dev/null', '/proc/self/mem', '/proc/self/environ', '/dev/stdin'])(
    '%s ends with an error of one line',
    async (device) => {
      const ending = await sh(`ulimit -t 60; pstat ${device} < /dev/null`);
      expectGraceful(ending);
      expect(ending.code).toBe(2);
    },
  );

  test('a stream without end on standard input ends with an error', async () => {
    const ending = await sh(`cat /dev/zero | pstat -`);
    expectGraceful(ending);
    expect(ending.code).toBe(2);
  });

  test('a file that shrinks while it is read ends with an error', async () => {
    writeFileSync(at('shrinking.cpuprofile'), `{"nodes":[${' '.repeat(80_000_000)}`);
    const script = `(sleep 0.2; : > ${at('shrinking.cpuprofile')}) & pstat ${at('shrinking.cpuprofile')}`;
    const ending = await sh(script);
    expectGraceful(ending);
    expect(ending.code).toBe(2);
  });
});

describe('limits of the process', () => {
  beforeAll(() => {
    mkdirSync(at('many'));
    for (let i = 0; i < 300; i++) writeFileSync(at('many', `${i}.cpuprofile`), json(plain()));
  });

  test.each([8, 20, 24, 30, 64])('%i open files give an answer or an error', async (limit) => {
    // Below about 20 Node itself cannot start.
    const ending = await sh(`ulimit -n ${limit}; pstat ${at('many')}`);
    if (limit >= 24) expectGraceful(ending);
    expect(ending.code).not.toBe(null);
  });

  test('little memory ends with a message, not with an answer that is wrong', async () => {
    writeFileSync(at('large.json'), `{"nodes":[${'{},'.repeat(8_000_000)}{}],"startTime":0}`);
    const { code, stdout } = await sh(`pstat ${at('large.json')}`, { NODE_FLAGS: '--max-old-space-size=60' });
    expect(code).not.toBe(0);
    expect(stdout).toBe('');
  });

  test('a home that is missing or read-only changes no answer', async () => {
    const usual = await sh(`pstat ${PROFILE}`);
    mkdirSync(at('home'), { mode: 0o555 });
    for (const HOME of [at('no-home'), at('home'), '/dev/null', ''])
      expect(await sh(`pstat ${PROFILE}`, { HOME, XDG_CACHE_HOME: '', XDG_STATE_HOME: '' })).toEqual(usual);
    expect(existsSync(at('no-home'))).toBe(false);
  });

  test('a deleted working folder is named', async () => {
    const ending = await sh(`mkdir ${at('gone')}; cd ${at('gone')}; rmdir ${at('gone')}; pstat ${PROFILE}; pstat .`);
    expectGraceful(ending);
  });
});

describe('many files', () => {
  test('links between folders that lead to paths without number end with an error', async () => {
    const names = Array.from({ length: 10 }, (_, i) => `${i}`);
    for (const name of names) mkdirSync(at('linked', name), { recursive: true });
    for (const name of names) for (const to of names) symlinkSync(`../${to}`, at('linked', name, `to-${to}`));
    const { code, stderr } = await sh(`cd ${at('linked')}; pstat '**/nothing.prof'`);
    expect([code, stderr]).toEqual([2, expect.stringContaining('leads through more than 100,000 folders')]);
  });

  test('one profile among 100,000 names of a folder is found', async () => {
    mkdirSync(at('crowd'));
    await sh(`cd ${at('crowd')}; seq 1 100000 | xargs touch`);
    writeFileSync(at('crowd', 'a.cpuprofile'), json(plain()));
    const { code, stdout } = await sh(`pstat ${at('crowd')}`);
    expect(code).toBe(0);
    expect(stdout).toContain('a.cpuprofile: V8 CPU profile');
  });

  test('links that lead back to their folder are not followed for ever', async () => {
    mkdirSync(at('loop'));
    writeFileSync(at('loop', 'a.cpuprofile'), json(plain()));
    symlinkSync('.', at('loop', 'self'));
    symlinkSync('b', at('loop', 'c'));
    symlinkSync('c', at('loop', 'b'));
    expectGraceful(await sh(`pstat ${at('loop')}`));
    const { stdout } = await sh(`pstat '${at('loop')}/**/*.cpuprofile' --json`);
    expect(JSON.parse(stdout).profile.sources).toEqual([at('loop', 'a.cpuprofile')]);
  });
});

/** A field of a protocol buffer that holds bytes. */
function field(number: number, bytes: Uint8Array): Buffer {
  const length: number[] = [];
  for (let rest = bytes.length; ; rest >>>= 7) {
    length.push(rest > 127 ? (rest & 127) | 128 : rest);
    if (rest <= 127) break;
  }
  return Buffer.concat([Buffer.from([8 * number + 2, ...length]), bytes]);
}

/** A pprof file of one value type, with fields behind it. */
function pprofOf(fields: Uint8Array): Buffer {
  const texts = ['', 'cpu', 'nanoseconds'].map((text) => field(6, Buffer.from(text)));
  return gzipSync(Buffer.concat([field(1, Buffer.from([8, 1, 16, 2])), ...texts, fields]));
}

/** Location 1 stands for 10,000 functions, and is called by locations 2 and 3 in turn. */
function manyFrames(): Buffer {
  const lines = Buffer.concat(Array.from({ length: 10_000 }, () => field(4, Buffer.from([8, 1]))));
  const location = (id: number, line: Uint8Array) => field(4, Buffer.concat([Buffer.from([8, id]), line]));
  const line = field(4, Buffer.from([8, 1]));
  const samples = [2, 3].map((caller) => field(2, Buffer.from([8, 1, 8, caller, 16, 1])));
  const pair = Buffer.concat(samples);
  return pprofOf(
    Buffer.concat([
      field(5, Buffer.from([8, 1, 16, 1])),
      location(1, lines),
      location(2, line),
      location(3, Buffer.concat([line, line])),
      Buffer.alloc(1_000_000 * pair.length, pair),
    ]),
  );
}

const PERF_SAMPLE = 'node 5/6 64.1: 250000 cpu-clock:\n\t7f0e main (a)\n';

function perfThreads(count: number): Buffer {
  return Buffer.from(Array.from({ length: count }, (_, i) => `${PERF_SAMPLE.replace('5/6', `5/${i}`)}\n`).join(''));
}

function speedscopeOf(stack: string, count: number): Buffer {
  const list = (item: string) => Buffer.from(`[${`${item},`.repeat(count).slice(0, -1)}]`);
  return gzipSync(
    Buffer.concat([
      Buffer.from('{"shared":{"frames":[]},"profiles":[{"type":"sampled","unit":"none","samples":'),
      list(stack),
      Buffer.from(',"weights":'),
      list('1'),
      Buffer.from('}]}'),
    ]),
  );
}

/** A dict whose first key is a list of 200 million values. */
const PROF_START = join(Buffer.from('{'), typed('[', 200_000_000));

/** Functions without callers. */
function profOf(functions: number): Buffer {
  const entry = Buffer.from(join(key(['a', 0, 'f']), value({ cc: 1, nc: 1, tt: 0, ct: 0 }, dict())));
  const at = entry.indexOf('i') + 1;
  const bytes = Buffer.alloc(entry.length * functions, entry);
  for (let i = 0; i < functions; i++) bytes.writeInt32LE(i, i * entry.length + at);
  return Buffer.concat([Buffer.from('{'), bytes, Buffer.from('0')]);
}

describe('what unpacks to a thousand times its size', () => {
  const spaces = gzipSync(Buffer.alloc(200_000_000, ' '));
  const list = (item: string, length: number) => Buffer.from(`${item},`.repeat(length).slice(0, -1));

  test.each([
    ['spaces', spaces],
    ['a gzip in a gzip', gzipSync(gzipSync(Buffer.alloc(200_000_000)))],
    [
      'objects',
      gzipSync(Buffer.concat([Buffer.from('{"nodes":['), list('{}', 40_000_000), Buffer.from('],"startTime":0}')])),
    ],
    [
      'samples',
      gzipSync(Buffer.concat([Buffer.from('{"nodes":[],"samples":['), list('1', 60_000_000), Buffer.from(']}')])),
    ],
    ['lists in lists', gzipSync(Buffer.alloc(100_000_000, '['))],
    [
      'values of an event',
      gzipSync(
        Buffer.concat([
          Buffer.from('[{"name":"ProfileChunk","args":{"data":{"x":['),
          list('1', 60_000_000),
          Buffer.from(']}}}]'),
        ]),
      ),
    ],
    ['samples of pprof', pprofOf(Buffer.alloc(60_000_000, Buffer.from([0x12, 0])))],
    ['texts of pprof', pprofOf(Buffer.alloc(400_000_000, Buffer.from([0x32, 0])))],
    ['locations of one sample of pprof', pprofOf(field(2, field(1, Buffer.alloc(200_000_000, 1))))],
    ['lines of a location of pprof', pprofOf(field(4, Buffer.alloc(200_000_000, Buffer.from([0x22, 0]))))],
    ['a location of many functions in many samples of pprof', manyFrames()],
    ['lines of folded stacks', gzipSync(Buffer.concat([Buffer.from('a;b 1\n'), Buffer.alloc(80_000_000, 'a 1\n')]))],
    ['frames of a folded stack', gzipSync(Buffer.concat([Buffer.alloc(400_000_000, 'a;'), Buffer.from('b 1\n')]))],
    [
      'empty lines of perf script',
      gzipSync(Buffer.concat([Buffer.from(PERF_SAMPLE), Buffer.alloc(100_000_000, '\n'), Buffer.from('oops\n')])),
    ],
    ['frames of perf script', gzipSync(Buffer.concat([Buffer.from(PERF_SAMPLE), Buffer.alloc(400_000_000, 'a\n')]))],
    ['threads of perf script', gzipSync(perfThreads(1_000_000))],
    ['functions of a .prof', gzipSync(profOf(2_200_000), { level: 1 })],
    ['values in an entry of a .prof', gzipSync(Buffer.concat([PROF_START, Buffer.alloc(200_000_000, 'N')]))],
    ['stacks of speedscope', speedscopeOf('[]', 20_000_000)],
  ])('%s: an error of one line, in limited memory', async (name, bytes) => {
    const file = at(`${name.replaceAll(' ', '-')}.gz`);
    writeFileSync(file, bytes);
    const ending = await sh(
      `/usr/bin/env bash -c 'ulimit -v 16000000; exec "$@"' - '${process.execPath}' '${MAIN}' ${file}`,
    );
    expectGraceful(ending);
    expect(ending.code).toBe(2);
  });
});

const STRACE = ['/usr/bin/strace', '/bin/strace'].find(existsSync);
const canTrace = STRACE !== undefined && (await sh(`${STRACE} -o /dev/null true`)).code === 0;

describe.skipIf(!canTrace && process.env['CI'] === undefined)(
  'a system call that fails (needs strace and ptrace)',
  () => {
    const CALLS = ['openat', 'read', 'pread64', 'fstat', 'statx', 'getdents64', 'mkdir', 'write', 'writev', 'readlink'];
    const ERRORS = ['EIO', 'EMFILE', 'ENOMEM', 'EACCES', 'ENOSPC'];

    test.each(CALLS)('%s, from a late one on, ends with a message or an answer', async (call) => {
      const count = at(`count-${call}`);
      await sh(
        `${STRACE} -f -qq -e trace=${call} -o ${count} '${process.execPath}' '${MAIN}' ${V8_PROFILE} > /dev/null`,
      );
      const calls = readFileSync(count, 'utf8').split('\n').length;
      for (const [i, error] of ERRORS.entries()) {
        // The last calls are pstat's own: before them Node loads itself, and says so in its own words.
        const when = Math.max(1, calls - 1 - i);
        const script = `timeout 60 ${STRACE} -f -qq -o /dev/null -e inject=${call}:error=${error}:when=${when}+ '${process.execPath}' '${MAIN}' ${V8_PROFILE}`;
        const { code, stderr } = await sh(script);
        expect(code, `${call} ${error} ${when}: ${stderr}`).not.toBe(124);
        expect(stderr, `${call} ${error} ${when}`).not.toMatch(/internal error: (?!Error: E)/);
      }
    });
  },
);
