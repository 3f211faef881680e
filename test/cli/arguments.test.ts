/** Parsing of command lines, with words that look like a number, an option or a command. */

import { copyFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pstat } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const PLAIN = path.resolve('samples/odd/plain.cpuprofile');
const PROF = path.resolve('samples/GET.resource_providers.prof');
const home = process.cwd();
let folder = '';

beforeAll(async () => {
  folder = temporaryFolder('files');
  process.chdir(folder);
  for (const name of ['-x.prof', 'callers', '123.prof', 'a[1].prof', '-']) await copyFile(PROF, name);
  await copyFile(PLAIN, 'plain.cpuprofile');
});

afterAll(async () => {
  process.chdir(home);
  await rm(folder, { recursive: true });
});

test('an option before the file does not take the file as its value', async () => {
  const { stdout, code } = await pstat(['--sort', 'tottime', 'plain.cpuprofile', '--limit', '1']);
  expect(stdout).toMatch(/^plain.cpuprofile: V8 CPU profile/);
  expect(code).toBe(0);
});

test('reads a FUNCTION of digits as a name', async () => {
  const { stdout, code } = await pstat(['callers', '123', '123.prof', '--json']);
  const names = JSON.parse(stdout).rows.map((row: { line: number }) => row.line);
  expect(names.length).toBeGreaterThan(0);
  expect(code).toBe(0);
});

test.each([
  [['--', '-x.prof']],
  [['./-x.prof']],
  [['--', 'callers']],
  [['top', 'callers']],
  [['./callers']],
  [['a[1].prof']],
  [['a?1].prof']],
  [['--limit', '3', '--', 'callers']],
  [['callers', 'append', '--', '-x.prof']],
  [['callers', '--', 'append', '-x.prof']],
  [['callers', '', 'callers']],
  [['callees', '-', '123.prof']],
  [['./-']],
])('pstat %j reads the file', async (args) => {
  const { stdout, stderr, code } = await pstat(args);
  expect(stderr).toBe('');
  expect(stdout).toContain('Python profile, 54,663 function calls');
  expect(code).toBe(0);
});

test('reads standard input for -', async () => {
  const { readFile } = await import('node:fs/promises');
  const { stdout } = await pstat(['-', '--limit', '1'], { stdin: await readFile(PLAIN) });
  expect(stdout).toMatch(/^standard input: V8 CPU profile/);
});

test.each([
  [['top'], 'no file given'],
  [['callers'], 'no function and no file given'],
  [['callers', 'main'], "no file given after the function 'main'"],
  [['-x.prof'], 'unknown option -x.prof'],
  [['--bogus', 'plain.cpuprofile'], 'unknown option --bogus'],
  [['--filter', '-x', 'plain.cpuprofile'], '--filter needs a value'],
  [['plain.cpuprofile', '--limit'], '--limit needs a value'],
  [['--limit=-1', 'plain.cpuprofile'], "the limit '-1' is not a number of rows"],
  [['--limit', '1.5', 'plain.cpuprofile'], "the limit '1.5' is not a number of rows"],
  [['--limit', '101%', 'plain.cpuprofile'], "the limit '101%' is not a number of rows"],
  [['--sort', 'nope', 'plain.cpuprofile'], "'nope' is not a sort key"],
  [['--sort', 'c', 'plain.cpuprofile'], "the sort key 'c' could mean calls or cumtime"],
  [['--sort', 'ncalls', 'plain.cpuprofile'], 'this profile counts samples, not calls; use samples'],
  [['--sort', 'samples', '123.prof'], 'this profile counts calls, not samples; use ncalls'],
  [['--format', 'xml', 'plain.cpuprofile'], "--format 'xml' is not table, json, csv, markdown or pstats"],
  [['--color', 'red', 'plain.cpuprofile'], "--color 'red' is not auto, always or never"],
  [['--paths', 'long', 'plain.cpuprofile'], "--paths 'long' is not short, full or base"],
  [['--by', 'folder', 'plain.cpuprofile'], "--by 'folder' is not function, file, package, category, line or owner"],
  [['--by', 'plain.cpuprofile'], "--by 'plain.cpuprofile' is not function, file, package, category, line or owner"],
  [['--by=', 'plain.cpuprofile'], "--by '' is not function, file, package, category, line or owner"],
  [['plain.cpuprofile', '--by'], '--by needs a value'],
  [['callers', 'main', 'plain.cpuprofile', '--by', 'file'], '--by does not go with callers'],
  [['callees', 'main', 'plain.cpuprofile', '--by', 'file'], '--by does not go with callees'],
  [['completion', 'bash', '--thread', 'x'], '--thread does not go with completion'],
  [['--by', 'file', '--sort', 'ncalls', 'plain.cpuprofile'], 'this profile counts samples, not calls; use samples'],
  [['--from', 'plain.cpuprofile'], "--from 'plain.cpuprofile' is not a time such as 1.2s, 300ms or 50us"],
  [['plain.cpuprofile', '--from'], '--from needs a value'],
  [['--from', '--to', '1s', 'plain.cpuprofile'], '--from needs a value'],
  [['--from', '5', 'plain.cpuprofile'], "--from '5' is not a time"],
  [['--from', '', 'plain.cpuprofile'], "--from '' is not a time"],
  [['--from=-1s', 'plain.cpuprofile'], "--from '-1s' is not a time"],
  [['--from', '1h', 'plain.cpuprofile'], "--from '1h' is not a time"],
  [['--from', '1S', 'plain.cpuprofile'], "--from '1S' is not a time"],
  [['--from', '1e3ms', 'plain.cpuprofile'], "--from '1e3ms' is not a time"],
  [['--from', '0x1s', 'plain.cpuprofile'], "--from '0x1s' is not a time"],
  [['--from', '1,5s', 'plain.cpuprofile'], "--from '1,5s' is not a time"],
  [['--from', '.s', 'plain.cpuprofile'], "--from '.s' is not a time"],
  [['--from', '1s2s', 'plain.cpuprofile'], "--from '1s2s' is not a time"],
  [['--from', 'constructor', 'plain.cpuprofile'], "--from 'constructor' is not a time"],
  [['--from', '1constructor', 'plain.cpuprofile'], "--from '1constructor' is not a time"],
  [['--to', '1', 'plain.cpuprofile'], "--to '1' is not a time"],
  [['--from', '2s', '--to', '1s', 'plain.cpuprofile'], "--from '2s' is not before --to '1s'"],
  [['--from', '1s', '--to', '1000ms', 'plain.cpuprofile'], "--from '1s' is not before --to '1000ms'"],
  [['--to', '0s', '--from', '0s', 'plain.cpuprofile'], "--from '0s' is not before --to '0s'"],
  [['--from', '1ms', '123.prof'], 'does not say when its samples were taken; read it without a time window'],
  [['--to', '1ms', 'plain.cpuprofile', '123.prof'], '123.prof: does not say when its samples were taken'],
  [['plain.cpuprofile', '--thread'], '--thread needs a value'],
  [['plain.cpuprofile', '--thread', '1'], "has no threads, so no thread '1'; read it without a thread"],
  [['123.prof', '--thread', 'main'], "has no threads, so no thread 'main'; read it without a thread"],
  [['plain.cpuprofile', '--thread', ''], "no thread ''"],
  [['--merge-lines=x', 'plain.cpuprofile'], '--merge-lines'],
  [['--focus', 'main', '123.prof'], '123.prof: has caller-callee edges, not stacks'],
  [['--ignore', 'main', '123.prof'], '123.prof: has caller-callee edges, not stacks'],
  [['plain.cpuprofile', '--focus'], '--focus needs a value'],
  [['--focus', '/(/', 'plain.cpuprofile', '--ignore'], '--ignore needs a value'],
  [['help', 'nope'], "no help on 'nope'; there is formats, time, compare, patterns, sort, profiler, json, top"],
  [['help', '__proto__'], "no help on '__proto__'"],
  [['help', 'constructor'], "no help on 'constructor'"],
  [['completion'], 'no shell named; there is bash, zsh, fish'],
  [['completion', 'toString'], "no completion for 'toString'; there is bash, zsh, fish"],
  [['completion', '\u001b[2J'], "no completion for '\\x1b[2J'"],
  [['plain.cpuprofile', '123.prof'], 'cannot be merged with plain.cpuprofile'],
  [['missing.prof'], 'missing.prof: no such file or folder'],
  [['missing*.prof'], 'missing*.prof: no file matches this pattern'],
  [['plain.cpuprofile', 'missing.prof'], 'missing.prof: no such file or folder'],
])('pstat %j fails with a message of one line', async (args, message) => {
  const { stdout, stderr, code } = await pstat(args);
  expect(stderr).toContain(`pstat: `);
  expect(stderr).toContain(message);
  expect(stderr.trimEnd()).not.toContain('\n');
  expect(stdout).toBe('');
  expect(code).toBe(2);
});

test('reports a bad regular expression in one line with the reason V8 gives', async () => {
  const { stderr, code } = await pstat(['--filter', '/ab(c/', 'plain.cpuprofile']);
  expect(stderr).toBe("pstat: the regular expression '/ab(c/' does not parse: unterminated group\n");
  expect(code).toBe(2);
});

test('accepts a filter that begins with a dash after =', async () => {
  expect((await pstat(['--filter=-x', 'plain.cpuprofile'])).code).toBe(1);
});

test('uses the last of two limits', async () => {
  const { stdout } = await pstat(['plain.cpuprofile', '--json', '--limit', '3', '--limit', '1']);
  expect(JSON.parse(stdout).rows).toHaveLength(1);
});

test('names a broken file of a folder and prints no partial answer', async () => {
  await writeFile(path.join(folder, 'zz.cpuprofile'), '{"nodes":[{"id":1,"callFrame":{}},{"id":1,"callFrame":{}}]}');
  const { stdout, stderr, code } = await pstat([folder]);
  expect(stderr).toContain('zz.cpuprofile: nodes[1].id is 1, which nodes[0] has already');
  expect(stdout).toBe('');
  expect(code).toBe(2);
  await rm(path.join(folder, 'zz.cpuprofile'));
});

test.each([
  ['6500us', 3200],
  ['6.5ms', 3200],
  ['6.5 ms', 3200],
  ['0.0065s', 3200],
  ['.0065s', 3200],
  ['6500µs', 3200],
  ['6500\u03bcs', 3200],
  ['6500.us', 3200],
  ['0s', 9700],
  ['0m', 9700],
])('--from %s leaves %d µs', async (time, left) => {
  const { stdout } = await pstat(['plain.cpuprofile', '--json', '--from', time]);
  const { counted, beforeFirstSample, excluded, duration } = JSON.parse(stdout).profile;
  expect(counted + beforeFirstSample).toBe(left);
  expect(excluded).toBe(duration - left);
});

test('reads m and min as minutes', async () => {
  expect((await pstat(['plain.cpuprofile', '--from', '1m'])).code).toBe(1);
  expect((await pstat(['plain.cpuprofile', '--to', '1min'])).code).toBe(0);
});

// 1.003 * 1e6 is 1002999.9999999999; without rounding, the breakdown would have fractions of a microsecond.
test.each(['6.003ms', '6.001ms', '0.006007s'])('--from %s is a whole number of microseconds', async (time) => {
  const { stdout } = await pstat(['plain.cpuprofile', '--json', '--from', time]);
  const { counted, excluded } = JSON.parse(stdout).profile;
  expect([counted, excluded].every(Number.isInteger)).toBe(true);
});

test('uses the last of several times', async () => {
  const { stdout } = await pstat([
    'plain.cpuprofile',
    '--json',
    '--from',
    '1s',
    '--from',
    '6500us',
    '--to',
    '1us',
    '--to',
    '7ms',
  ]);
  expect(JSON.parse(stdout).profile.counted).toBe(500);
});

test('exits with 1 if a window or a focus leaves nothing', async () => {
  for (const args of [
    ['--from', '1s'],
    ['--focus', 'zzz'],
    ['--ignore', ''],
    ['--by', 'file', '--to', '1us'],
  ]) {
    const { stdout, code } = await pstat(['plain.cpuprofile', ...args]);
    expect(stdout).toContain('Nothing is left: no stack is in the window, or matches.');
    expect(code).toBe(1);
    expect(JSON.parse((await pstat(['plain.cpuprofile', '--json', ...args])).stdout).rows).toEqual([]);
  }
});

test('--merge-lines does not take a file as its value', async () => {
  const { stdout, code } = await pstat(['--merge-lines', 'plain.cpuprofile', '--limit', '1']);
  expect(stdout).toMatch(/^plain.cpuprofile: V8 CPU profile/);
  expect(code).toBe(0);
});

test('--by function is the default', async () => {
  expect(await pstat(['plain.cpuprofile', '--by', 'function'])).toEqual(await pstat(['plain.cpuprofile']));
});

test('reads files named help and completion if a folder or -- precedes them', async () => {
  for (const name of ['help', 'completion']) {
    await copyFile(PLAIN, name);
    expect((await pstat([`./${name}`])).stdout).toContain('V8 CPU profile');
    expect((await pstat(['--', name])).stdout).toContain('V8 CPU profile');
    expect((await pstat([name, 'nope'])).code).toBe(2);
    await rm(name);
  }
});
