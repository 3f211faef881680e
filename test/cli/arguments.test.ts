/** The traps of command lines: what looks like a number, an option or a command, and is none. */

import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pstat } from '../support/cli.ts';

const PLAIN = path.resolve('samples/odd/plain.cpuprofile');
const PROF = path.resolve('samples/GET.resource_providers.prof');
const home = process.cwd();
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'pstat-'));
  process.chdir(folder);
  for (const name of ['-x.prof', 'callers', '123.prof', 'a[1].prof', '-']) await copyFile(PROF, name);
  await copyFile(PLAIN, 'plain.cpuprofile');
});

afterAll(async () => {
  process.chdir(home);
  await rm(folder, { recursive: true });
});

test('an option before the file leaves the file alone', async () => {
  const { stdout, code } = await pstat(['--sort', 'tottime', 'plain.cpuprofile', '--limit', '1']);
  expect(stdout).toMatch(/^plain.cpuprofile: V8 CPU profile/);
  expect(code).toBe(0);
});

test('a function that looks like a number is a name', async () => {
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

test('- is standard input', async () => {
  const { readFile } = await import('node:fs/promises');
  const { stdout } = await pstat(['-', '--limit', '1'], { stdin: await readFile(PLAIN) });
  expect(stdout).toMatch(/^standard input: V8 CPU profile/);
});

test.each([
  [[], 'no file given'],
  [['callers'], 'no function and no file given'],
  [['callers', 'main'], "no file given after the function 'main'"],
  [['-x.prof'], 'unknown option -x.prof'],
  [['--bogus', 'plain.cpuprofile'], 'unknown option --bogus'],
  [['--filter', '-x', 'plain.cpuprofile'], '--filter needs a value'],
  [['plain.cpuprofile', '--limit'], '--limit needs a value'],
  [['--limit=-1', 'plain.cpuprofile'], "--limit '-1' is not a number of rows"],
  [['--limit', '1.5', 'plain.cpuprofile'], "--limit '1.5' is not a number of rows"],
  [['--limit', '101%', 'plain.cpuprofile'], "--limit '101%' is not a number of rows"],
  [['--sort', 'nope', 'plain.cpuprofile'], "--sort 'nope' is not a key"],
  [['--sort', 'c', 'plain.cpuprofile'], "--sort 'c' could mean calls or cumtime"],
  [['--sort', 'ncalls', 'plain.cpuprofile'], 'this profile counts samples, not calls; use samples'],
  [['--sort', 'samples', '123.prof'], 'this profile counts calls, not samples; use ncalls'],
  [['--format', 'xml', 'plain.cpuprofile'], "--format 'xml' is not table, json, csv or markdown"],
  [['--color', 'red', 'plain.cpuprofile'], "--color 'red' is not auto, always or never"],
  [['--paths', 'long', 'plain.cpuprofile'], "--paths 'long' is not short, full or base"],
  [['plain.cpuprofile', '123.prof'], 'cannot be merged with plain.cpuprofile'],
  [['missing.prof'], 'missing.prof: no such file or folder'],
  [['missing*.prof'], 'missing*.prof: no file matches this pattern'],
  [['plain.cpuprofile', 'missing.prof'], 'missing.prof: no such file or folder'],
])('pstat %j is refused in one line', async (args, message) => {
  const { stdout, stderr, code } = await pstat(args);
  expect(stderr).toContain(`pstat: `);
  expect(stderr).toContain(message);
  expect(stderr.trimEnd()).not.toContain('\n');
  expect(stdout).toBe('');
  expect(code).toBe(2);
});

test('a regular expression that does not parse gets a caret under its fault', async () => {
  const { stderr, code } = await pstat(['--filter', '/ab(c/', 'plain.cpuprofile']);
  expect(stderr).toBe(
    "pstat: the regular expression '/ab(c/' does not parse: unterminated group\n  /ab(c/\n       ^\n",
  );
  expect(code).toBe(2);
});

test('a filter that begins with a dash is written with =', async () => {
  expect((await pstat(['--filter=-x', 'plain.cpuprofile'])).code).toBe(1);
});

test('the last of two limits counts', async () => {
  const { stdout } = await pstat(['plain.cpuprofile', '--json', '--limit', '3', '--limit', '1']);
  expect(JSON.parse(stdout).rows).toHaveLength(1);
});

test('a bad file in a folder is named, and nothing else is answered', async () => {
  await writeFile(path.join(folder, 'zz.cpuprofile'), '{"nodes":[{"id":1,"callFrame":{}},{"id":1,"callFrame":{}}]}');
  const { stdout, stderr, code } = await pstat([folder]);
  expect(stderr).toContain('zz.cpuprofile: nodes[1].id is 1, which nodes[0] has already');
  expect(stdout).toBe('');
  expect(code).toBe(2);
  await rm(path.join(folder, 'zz.cpuprofile'));
});
