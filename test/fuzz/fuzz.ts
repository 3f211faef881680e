/** Feeds mutated files and random arguments to pstat, and collects what is wrong. Everything follows from the seed. */

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { pstat } from '../support/cli.ts';
import { code, plain, withFrames } from '../support/documents.ts';
import { seeded } from '../support/seeded.ts';
import { named, traceOf } from '../support/trace.ts';
import { problemOfMessage, problemOfReading, problemOfScanning } from './check.ts';
import { mutate, type Random } from './mutate.ts';

export interface Failure {
  /** What pstat was given: the bytes of a file, or arguments. */
  readonly input: Uint8Array | readonly string[];
  readonly problem: string;
}

/** Larger seeds make slow cases and no new ones. */
const MAX_SEED_BYTES = 20_000;

/** Small recordings of every format: the samples, and documents of the tests. */
export function seedFiles(): Uint8Array[] {
  const entries = readdirSync('samples', { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = entries.map((entry) => unpacked(readFileSync(path.join(entry.parentPath, entry.name))));
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
  const written = documents.map((document) => Buffer.from(JSON.stringify(document)));
  return [...files.filter(({ length }) => length > 0 && length <= MAX_SEED_BYTES), ...written];
}

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
    return (await problemOfReading(bytes)) ?? problemOfScanning(bytes, 1 + random(bytes.length + 1));
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

/** Files and, every hundredth, arguments: as many cases as wanted. */
export async function* fuzz(seed: string, cases: number): AsyncGenerator<Failure> {
  const random = seeded(seed);
  const seeds = seedFiles();
  for (let i = 0; i < cases; i++) {
    const input = i % 100 === 99 ? randomArguments(random) : mutate(seeds, random);
    const problem = Array.isArray(input)
      ? await problemOfArguments(input)
      : await problemOf(input as Uint8Array, random);
    if (problem !== null) yield { input, problem };
  }
}

// ---- arguments -----------------------------------------------------------------------------------------------------

const PROFILES = ['samples/odd/plain.cpuprofile', 'samples/GET.resource_providers.prof', 'samples/broken/empty.prof'];
const WORDS = [
  'top',
  'callers',
  'callees',
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
