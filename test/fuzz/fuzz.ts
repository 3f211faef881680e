/** Feeds mutated files and random arguments to pstat, and collects what is wrong. Everything follows from the seed. */

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beginsLikeMarshal } from '../../src/formats/python/marshal-head.ts';
import { WRITABLE_FORMATS } from '../../src/formats/registry.ts';
import { writeReport } from '../../src/formats/report/write-report.ts';
import { readProfile, Stats } from '../../src/index.ts';
import { pageView } from '../../src/view/page-view.ts';
import { pstat } from '../support/cli.ts';
import { code, plain, withFrames } from '../support/documents.ts';
import { type Random, seeded } from '../support/seeded.ts';
import { named, traceOf } from '../support/trace.ts';
import { problemOfMessage, problemOfReading, problemOfScanning, problemOfSourceMap } from './check.ts';
import { problemOfAnswers } from './check-answers.ts';
import { type CommandProblem, problemOfCommand } from './commands.ts';
import { mutate } from './mutate.ts';

export { seeded };

export interface Failure {
  /** What pstat was given: the bytes of a file, arguments, or a command and its files. */
  readonly input: Uint8Array | readonly string[] | CommandProblem;
  readonly problem: string;
}

/** Larger seeds make slow cases and no new ones. */
const MAX_SEED_BYTES = 20_000;

const FOLDERS = ['samples', 'test/sources/builds'];

/** Small recordings of every format: the samples, documents of the tests, and what pstat writes. */
export async function seedFiles(): Promise<Uint8Array[]> {
  const entries = FOLDERS.flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }));
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => unpacked(readFileSync(path.join(entry.parentPath, entry.name))));
  const request = { method: 'GET', url: '/a?b', status: 200, elapsed: 9000, busy: 3000, pid: 1, thread: 0, number: 1 };
  const run = {
    id: 'a',
    node: 'v20.19.0',
    pid: 1,
    elapsed: 9000,
    cpu: { user: 1, system: 1 },
    thread: { cpu: 4, queued: 3 },
  };
  const documents = [
    plain(),
    { ...plain(), pstat: { ...request, run } },
    withFrames(code('a'), { ...code('b'), url: '' }),
    traceOf(plain()),
    { traceEvents: [named('process_name', 'p'), named('thread_name', 't'), ...traceOf(plain())] },
    {
      samples: [{ ts: '1', pid: 1, tid: '1', sf: 2 }],
      stackFrames: { 1: { name: '[root]' }, 2: { name: 'f(a.js:1:2)', parent: 1 } },
    },
  ];
  const read = documents.map((document) => Buffer.from(JSON.stringify(document)));
  const written = await writtenFiles(read[0] ?? new Uint8Array());
  const texts = TEXT_FILES.map((text) => Buffer.from(text));
  const small = files.filter(({ length }) => length > 0 && length <= MAX_SEED_BYTES);
  const reports = [...read.slice(0, 2), ...files.filter(beginsLikeMarshal).slice(0, 1)].map(reportOf);
  return [...small, ...read, ...written.map(unpacked), ...texts, ...reports];
}

/** A profile in each format that pstat writes. */
async function writtenFiles(bytes: Uint8Array): Promise<Uint8Array[]> {
  const part = { profile: readProfile(bytes, 'plain'), name: 'plain', labels: new Map([['route', 'GET /a']]) };
  return Promise.all(WRITABLE_FORMATS.map(async ({ writer }) => (await writer.load())([part], {}).bytes));
}

const PAGE = { start: 'a()', script: 'b()', style: 'a{}' };

function reportOf(bytes: Uint8Array): Uint8Array {
  const profile = readProfile(bytes, 'seed');
  const view = pageView(new Stats(profile), {
    title: 'a',
    heading: [],
    notes: [],
    arguments: '',
    requests: null,
    comparison: null,
  });
  return Buffer.from(writeReport({ title: 'a', profile, parts: [], scripts: null, columns: new Map(), ...view }, PAGE));
}

/** Formats of text that pstat reads and does not write. */
const TEXT_FILES = [
  `node 5/6 [002]  64.125:  250000 cpu-clock:ppp:
\t7f0e5a3c LazyCompile:*parse /srv/a.js:12:5 (/tmp/perf-5.map)
\t7f0e5a00 main+0x1f (/usr/bin/node)

node 5/6 [002]  64.375:  250000 cpu-clock:ppp:
\t7f0e5a00 main+0x1f (/usr/bin/node)

`,
  '# austin: 3.6.0\n# mode: wall\nP1;T1;/srv/a.py:main:3 1200\nP1;T1;/srv/a.py:main:3;parse (/srv/a.py:7) 7\n',
  JSON.stringify(
    ['B', 'E'].map((ph, i) => ({
      ph,
      ts: 10 * i,
      pid: 1,
      tid: 1,
      name: 'f(a.js:1:2)',
      cat: 'JavaScript',
      args: { category: 'JavaScript', name: 'f', url: 'a.js', line: '1', column: 2 },
    })),
  ),
  JSON.stringify({
    shared: { frames: [{ name: 'a', file: 'a.js', line: 1, col: 2 }, { name: 'b' }] },
    profiles: [
      {
        type: 'evented',
        name: 'main',
        unit: 'milliseconds',
        startValue: 0,
        endValue: 9,
        events: [
          { type: 'O', frame: 0, at: 1 },
          { type: 'O', frame: 1, at: 3 },
          { type: 'C', frame: 1, at: 4 },
          { type: 'C', frame: 0, at: 7 },
        ],
      },
    ],
  }),
];

function unpacked(bytes: Uint8Array): Uint8Array {
  try {
    return bytes[0] === 0x1f ? gunzipSync(bytes) : bytes;
  } catch {
    return bytes;
  }
}

/** Checks one file. */
export async function problemOf(bytes: Uint8Array, random: Random): Promise<string | null> {
  try {
    const scanned = problemOfScanning(bytes, 1 + random(bytes.length + 1));
    const problem = scanned ?? problemOfSourceMap(bytes) ?? (await problemOfReading(bytes));
    return problem ?? (random(6) === 0 ? problemOfAnswers(bytes, random) : null);
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

/** Files and, every hundredth, arguments, and a command on folders of files: as many cases as wanted. */
export async function* fuzz(seed: string, cases: number): AsyncGenerator<Failure> {
  const random = seeded(seed);
  const seeds = await seedFiles();
  for (let i = 0; i < cases; i++) {
    if (i % 100 === 49) {
      const input = await problemOfCommand(seeds, random);
      if (input !== null) yield { input, problem: `${input.command}: ${input.problem}` };
      continue;
    }
    const input = i % 100 === 99 ? randomArguments(random) : mutate(seeds, random);
    const problem = Array.isArray(input)
      ? await problemOfArguments(input)
      : await problemOf(input as Uint8Array, random);
    if (problem !== null) yield { input, problem };
  }
}

// ---- arguments -----------------------------------------------------------------------------------------------------

const PROFILES = [
  'samples/odd/plain.cpuprofile',
  'samples/GET.resource_providers.prof',
  'samples/broken/empty.prof',
  'samples/other-tools/go-pprof.pb.gz',
  'samples/other-tools/speedscope.json',
  'test/sources/builds/esbuild/recording.cpuprofile',
];
const WORDS = [
  'top',
  'callers',
  'callees',
  'tree',
  'list',
  'flame',
  'convert',
  'compare',
  'requests',
  'help',
  'completion',
  'shell',
  '-',
  '--',
  '',
  ...PROFILES,
];
const OPTIONS = [
  'sort',
  'limit',
  'filter',
  'exclude',
  'focus',
  'ignore',
  'from',
  'to',
  'format',
  'by',
  'paths',
  'thread',
  'route',
  'time',
  'restrict',
  'fail-above',
  'fail-on',
  'color',
  'json',
  'idle',
  'strict',
  'value',
  'estimate',
  'inverted',
  'fold',
  'depth',
  'min',
  'width',
  'split',
  'source-map',
  'skip-broken',
  'help',
  'reverse',
];
const TEXTS = [
  'tottime',
  '20',
  '0',
  '-1',
  '5%',
  '1e999',
  'table',
  'csv',
  'json',
  'pstats',
  'prof',
  'pprof',
  'speedscope',
  'folded',
  'firefox',
  'callgrind',
  'samples',
  'us',
  '/(/',
  '/a/',
  '1ms',
  'file',
  '\u001b[2J',
  '\u202e',
  'x'.repeat(3000),
  '__proto__',
  'constructor',
  '[',
  '',
];

function randomArguments(random: Random): string[] {
  const one = (words: readonly string[]) => words[random(words.length)] ?? '';
  const kinds = [
    () => one(WORDS),
    () => one(PROFILES),
    () => `--${one(OPTIONS)}`,
    () => `--${one(OPTIONS)}=${one(TEXTS)}`,
    () => one(TEXTS),
    () => `-${one(['s', 'n', 'l', 'f', 'h', 'V', 'zz'])}`,
  ];
  return Array.from({ length: 1 + random(6) }, () => kinds[random(kinds.length)]?.() ?? '').filter(
    (word) => word !== 'record',
  );
}

async function problemOfArguments(args: readonly string[]): Promise<string | null> {
  try {
    const { code, stderr } = await pstat(args, {
      columns: 80,
      stdin: Buffer.from('stats 3\n'),
      env: { NO_COLOR: '1' },
    });
    if (![0, 1, 2, 3, 4].includes(Number(code))) return `exit code ${code}`;
    return (
      stderr
        .split('\n')
        .map(problemOfMessage)
        .find((problem) => problem !== null) ?? null
    );
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}
