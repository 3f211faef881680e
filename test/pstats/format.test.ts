/** `--format pstats`: its options, its errors and its notes. */

import { readFileSync } from 'node:fs';
import { rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { PSTATS_KEYS, parsePstatsKey } from '../../src/query/sort-keys.ts';
import { pstat } from '../support/cli.ts';
import { prof } from '../support/marshal.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const EXAMPLE = 'test/pstats/overwritten.prof';
const SAMPLED = 'samples/odd/sampled-3.15.pstats';
const V8 = 'samples/resource-providers.cpuprofile';

const pstats = (...args: readonly string[]) => pstat([...args, '--format', 'pstats']);

/** The keys that CPython 3.11 accepts, and cum. */
const ACCEPTED =
  'ca cal call calls cu cum cumt cumti cumtim cumtime cumu cumul cumula cumulat cumulati cumulativ cumulative f fi fil file filen filena filenam filename l li lin line m mo mod modu modul module na nam name nc nca ncal ncall ncalls nf nfl p pc pca pcal pcall pcalls s st std stdn stdna stdnam stdname ti tim time to tot tott totti tottim tottime';

test('accepts the sort keys of pstats', () => {
  const prefixes = PSTATS_KEYS.flatMap((word) => Array.from(word, (_, i) => word.slice(0, i + 1)));
  const accepted = [...new Set(prefixes)].filter((word) => {
    try {
      return parsePstatsKey(word) !== undefined;
    } catch {
      return false;
    }
  });
  expect(accepted.sort().join(' ')).toBe(ACCEPTED);
});

test('marks counts that the file does not know', async () => {
  const file = path.join(temporaryFolder('pstats'), 'a.speedscope.json');
  const events = [
    { type: 'O', frame: 0, at: 0 },
    { type: 'C', frame: 0, at: 7 },
  ];
  const profiles = [{ type: 'evented', name: 'a', unit: 'milliseconds', startValue: 0, endValue: 7, events }];
  await writeFile(file, JSON.stringify({ shared: { frames: [{ name: 'a' }] }, profiles }));
  const { stdout } = await pstats(file);
  expect(stdout).toContain('         ? samples in 0.007 seconds\n');
  expect(stdout).toContain('        ?    0.007        ?    0.007        ? a\n');
});

test.each(['self', 'total', 'samples', 'percall', 'c', 'n', 't', '', 'TIME', '3'])(
  'rejects --sort=%s',
  async (word) => {
    const { code, stderr, stdout } = await pstats(EXAMPLE, `--sort=${word}`);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^pstat: .*sort key/);
  },
);

test('prints the date and the name of the file as header', async () => {
  const folder = temporaryFolder('date');
  const file = path.join(folder, 'demo.prof');
  await writeFile(file, readFileSync(EXAMPLE));
  const written = new Date(2024, 0, 5, 3, 4, 5);
  await utimes(file, written, written);
  const { stdout } = await pstats(file, '--limit', '1');
  expect(stdout.split('\n').slice(0, 3)).toEqual([
    `Fri Jan  5 03:04:05 2024    ${file}`,
    '',
    '         1266 function calls (1260 primitive calls) in 6.000 seconds',
  ]);
  await rm(folder, { recursive: true });
});

test('prints no header for standard input', async () => {
  const { stdout } = await pstat(['-', '--format', 'pstats'], { stdin: readFileSync(EXAMPLE) });
  expect(stdout).toMatch(/^ {9}1266 function calls/);
});

test.each<[string[], RegExp]>([
  [['--filter', 'x'], /--filter does not work with --format pstats; use --restrict/],
  [['--exclude', 'x'], /--exclude does not work with --format pstats/],
  [['--by', 'file'], /--by does not work with --format pstats/],
  [['--paths', 'short'], /--paths 'short' is not full or base/],
  [['--limit', 'x'], /the limit 'x' is not a number of rows/],
  [['--json'], /--format 'pstats' is not json/],
  [['--focus', 'x'], /has caller-callee edges, not stacks/],
  [['--restrict', '(a)(?(1)b)'], /\(\?\(… is not supported in a regular expression; rewrite it without/],
])('rejects %j', async (options, message) => {
  const { code, stderr, stdout } = await pstats(EXAMPLE, ...options);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(message);
});

test('rejects --restrict with other formats', async () => {
  const { code, stderr } = await pstat([EXAMPLE, '--restrict', '5']);
  expect(code).toBe(2);
  expect(stderr).toMatch(/--restrict works only with --format pstats/);
});

test.each([[['compare', EXAMPLE, EXAMPLE]], [['requests', 'samples/before']]])(
  'rejects the format for %j',
  async (words) => {
    const { code, stderr } = await pstats(...words);
    expect(code).toBe(2);
    expect(stderr).toMatch(/--format pstats does not go with/);
  },
);

test('applies FUNCTION, then each --restrict, then --limit', async () => {
  const { stdout } = await pstats(
    'callers',
    '/UTIL|APPEND|LEN/i',
    EXAMPLE,
    '--restrict',
    '0.8',
    '--restrict',
    'l',
    '--limit',
    '1',
  );
  expect(stdout.split('\n').slice(0, 5)).toEqual([
    '   Random listing order was used',
    "   List reduced from 6 to 4 due to restriction <'(?i)UTIL|APPEND|LEN'>",
    '   List reduced from 4 to 3 due to restriction <0.8>',
    '   List reduced from 3 to 1 due to restriction <1>',
    '',
  ]);
});

test('prints all rows by default', async () => {
  const { stdout } = await pstats('samples/GET.resource_providers.prof');
  expect(stdout).not.toContain('List reduced');
  expect(stdout.split('\n').length).toBeGreaterThan(500);
});

test('writes notes to stderr', async () => {
  const { stdout, stderr } = await pstats('samples/odd/trailing-bytes.prof');
  expect(stdout).not.toContain('note');
  expect(stderr).toMatch(/^note: ignored 8 bytes after the profile/);
});

test('escapes control characters on a terminal and not in a pipe', async () => {
  const stdin = prof({ key: ['x.py', 1, 'red\x1b[31m\nfake'], cc: 1, nc: 1, tt: 1, ct: 1 });
  const piped = await pstat(['-', '--format', 'pstats'], { stdin });
  expect(piped.stdout).toContain('x.py:1(red\x1b[31m\nfake)\n');
  const seen = await pstat(['-', '--format', 'pstats'], { stdin, columns: 80 });
  expect(seen.stdout).toContain('x.py:1(red\\x1b[31m\\nfake)\n');
});

test('rejects a list that one long name pads to over 256 MB', async () => {
  const named = (name: string) => ({ key: ['x.py', 1, name] as const, cc: 1, nc: 1, tt: 1, ct: 1 });
  const others = Array.from({ length: 300 }, (_, i) => named(`f${i}`));
  const stdin = prof(named('x'.repeat(1_000_000)), ...others);
  const { code, stderr } = await pstat(['callers', '', '-', '--format', 'pstats'], { stdin });
  expect(code).toBe(2);
  expect(stderr).toBe('pstat: the list would exceed 256 MB of text; list fewer functions\n');
});

test('exits with 0 for an empty profile', async () => {
  const { stdout, code } = await pstats('samples/odd/empty-profile.prof');
  expect(stdout).toMatch(/\n\n {9}0 function calls in 0\.000 seconds\n\n$/);
  expect(code).toBe(0);
});

test('reads profiles of Python 2, which Python 3 cannot', async () => {
  const { stdout, code } = await pstats('samples/odd/python2.prof', '--sort', 'tottime', '--limit', '2');
  expect(stdout).toContain('   Ordered by: internal time\n');
  expect(code).toBe(0);
});

test('rejects profiles of two kinds', async () => {
  const { code, stderr } = await pstats(EXAMPLE, V8);
  expect(code).toBe(2);
  expect(stderr).toMatch(/cannot be merged/);
  const counted = await pstats('samples/odd/profile-module.prof', 'samples/odd/profile-module.prof');
  expect(counted.code).toBe(0);
});

test('prints samples of Python as cumulative/direct', async () => {
  const { stdout } = await pstats(SAMPLED, '--sort', 'samples');
  expect(stdout.split('\n').slice(1)).toEqual([
    '',
    '         65 samples in 0.065 seconds',
    '',
    '   Ordered by: sample count',
    '',
    '   nsamples  tottime  persample  cumtime  persample filename:lineno(function)',
    '     40/1    0.001    0.000    0.040    0.040 /srv/app/main.py:10(main)',
    '       30    0.030    0.001    0.030    0.001 /srv/app/main.py:20(handle)',
    '       27    0.027    0.001    0.027    0.001 /srv/app/main.py:21(handle)',
    '     20/2    0.002    0.000    0.020    0.010 /srv/app/main.py:11(main)',
    '        5    0.005    0.001    0.005    0.001 /usr/lib/python3.15/json/encoder.py:205(iterencode)',
    '',
    '',
    '',
  ]);
  expect((await pstats(SAMPLED, '--sort', 'calls')).stderr).toMatch(/counts samples, not calls; use samples/);
});

test('prints samples of V8, without (idle) and excluded stacks', async () => {
  const { stdout } = await pstats('callees', '\\(handler\\)', V8, '--sort', 'cumtime');
  expect(stdout).toContain('nsamples  tottime  cumtime\n');
  const all = await pstats(V8);
  expect(all.stdout).toContain(' (program)\n');
  expect(all.stdout).not.toContain('(idle)');
  expect((await pstats(V8, '--idle')).stdout).toContain(' (idle)\n');
  const focused = await pstats(V8, '--focus', 'serializeLinks');
  expect(focused.stdout.length).toBeLessThan(all.stdout.length);
});

describe('names of V8 functions', () => {
  /** Two functions of one name on one line, and code of `eval`. */
  const evalCode = () => {
    const frame = { scriptId: '1', url: 'a.js', lineNumber: 2 };
    const frames = [
      { ...frame, functionName: 'f', columnNumber: 10 },
      { ...frame, functionName: 'f', columnNumber: 99 },
      { ...frame, functionName: 'evalled', url: '', lineNumber: 4, columnNumber: 0 },
    ];
    const root = { functionName: '(root)', scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 };
    const nodes = [root, ...frames].map((callFrame, i) => ({ id: i + 1, callFrame, ...(i > 0 ? { parent: 1 } : {}) }));
    const document = { nodes, startTime: 0, endTime: 3000, samples: [2, 3, 4], timeDeltas: [0, 1000, 1000] };
    return Buffer.from(JSON.stringify(document));
  };

  const rowsOf = (stdout: string) => stdout.split('\n').filter((line) => /^ *\d+(?:\/\d+)? +\d+\.\d{3} /.test(line));

  test('hold the column if two functions share a line, and <eval> for code of eval', async () => {
    const { stdout } = await pstat(['-', '--format', 'pstats', '--sort', 'nfl'], { stdin: evalCode() });
    expect(rowsOf(stdout).map((row) => row.split(' ').at(-1))).toEqual([
      '<eval>:5(evalled)',
      'a.js:3(f:100)',
      'a.js:3(f:11)',
    ]);
  });

  test.each([
    ['code of eval', evalCode],
    [V8, () => readFileSync(V8)],
  ])('are those that convert writes to a .prof for %s', async (_, read) => {
    const { bytes } = await pstat(['convert', '-', '--to', 'prof'], { stdin: read() });
    const printed = await pstat(['-', '--format', 'pstats', '--sort', 'nfl'], { stdin: read() });
    const reread = await pstat(['-', '--format', 'pstats', '--sort', 'nfl'], { stdin: bytes });
    expect(rowsOf(printed.stdout).length).toBeGreaterThan(2);
    expect(rowsOf(printed.stdout)).toEqual(rowsOf(reread.stdout));
  });
});
