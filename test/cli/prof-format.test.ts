/** `--format prof`: bytes to stdout, notes to stderr, and the options it rejects. */

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { buildCallGraph, loadProfile, readProfile, Stats, writeProf } from '../../src/index.ts';
import { pstat } from '../support/cli.ts';

const V8 = 'samples/resource-providers.cpuprofile';
const PYTHON = 'samples/GET.resource_providers.prof';
const PROF = ['--format', 'prof'];

test('writes a Python profile unchanged, with the notes of a table', async () => {
  const { bytes, stdout, stderr, code } = await pstat([PYTHON, ...PROF]);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^note: 3 cumtimes are longer than all tottimes together; .*\n$/);
  expect(code).toBe(0);
  expect(readProfile(bytes, PYTHON)).toEqual(readProfile(readFileSync(PYTHON), PYTHON));
});

test('notes that Python shows samples as calls', async () => {
  const { bytes, stderr, code } = await pstat(['top', V8, ...PROF]);
  expect(Buffer.from(bytes)).toEqual(Buffer.from(writeProf(await loadProfile(V8))));
  expect(stderr).toContain(
    'note: Python shows samples as calls: those anywhere on the stack as calls, those on top of it as primitive calls\n',
  );
  expect(code).toBe(0);
});

test('applies --focus, --to and --idle', async () => {
  const { bytes } = await pstat([V8, ...PROF, '--focus', 'serializeLinks', '--to', '1s', '--idle']);
  const { profile } = new Stats(await loadProfile(V8, { to: 1e6 }), { focus: ['serializeLinks'] });
  expect(Buffer.from(bytes)).toEqual(Buffer.from(writeProf(profile, { idle: true })));
});

test('applies --merge-lines and merges several files', async () => {
  const sampled = await pstat(['samples/odd/sampled-3.15.pstats', '--merge-lines', ...PROF]);
  expect(buildCallGraph(readProfile(sampled.bytes, 'x')).rows.length).toBe(3);
  const folder = await pstat(['samples/before', ...PROF]);
  const graph = buildCallGraph(await loadProfile('samples/before'));
  expect(buildCallGraph(readProfile(folder.bytes, 'x')).sums).toEqual(graph.sums);
});

test('notes functions whose names got a column', async () => {
  const code = (columnNumber: number) => ({
    functionName: 'e',
    scriptId: '1',
    url: 'a.js',
    lineNumber: 0,
    columnNumber,
  });
  const nodes = [
    { id: 1, callFrame: { functionName: '(root)', scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 } },
    { id: 2, callFrame: code(4), parent: 1 },
    { id: 3, callFrame: code(40), parent: 1 },
  ];
  const document = { nodes, startTime: 0, endTime: 2000, samples: [2, 3], timeDeltas: [0, 1000] };
  const { stderr } = await pstat(['-', ...PROF], { stdin: Buffer.from(JSON.stringify(document)) });
  expect(stderr).toContain('note: 2 functions share name and line with another: in the file the column is part of');
});

test('writes an empty file with a note and exits with 1 if nothing is left', async () => {
  const { bytes, stderr, code } = await pstat([V8, ...PROF, '--focus', 'nothing-like-it']);
  expect(Buffer.from(bytes).toString()).toBe('{0');
  expect(stderr).toContain('note: the file holds no function, and Python’s pstats rejects such a file\n');
  expect(code).toBe(1);
});

test('exits with 0 for an empty profile', async () => {
  const { bytes, code } = await pstat(['samples/odd/empty-profile.prof', ...PROF]);
  expect(Buffer.from(bytes).toString()).toBe('{0');
  expect(code).toBe(0);
});

test.each([
  [[V8, '--sort', 'name'], '--sort does not go with --format prof'],
  [[V8, '--reverse'], '--reverse does not go with --format prof'],
  [[V8, '--limit', '0'], '--limit does not go with --format prof'],
  [[V8, '--filter', 'x'], '--filter does not go with --format prof'],
  [[V8, '--exclude', 'x'], '--exclude does not go with --format prof'],
  [[V8, '--by', 'file'], '--by file does not go with --format prof'],
  [['callers', 'main', V8], '--format prof does not go with callers; a .prof holds a whole profile'],
  [['callees', 'main', V8], '--format prof does not go with callees'],
  [['compare', V8, V8], '--format prof does not go with compare'],
  [['requests', 'samples/before'], '--format prof does not go with requests'],
  [[V8, '--json'], "--format 'prof' is not json; --json is given too"],
  [[], 'no file given'],
  [[PYTHON, '--focus', 'main'], 'has caller-callee edges, not stacks'],
])('pstat %j --format prof fails with a message of one line', async (args, message) => {
  const { stdout, bytes, stderr, code } = await pstat([...args, ...PROF]);
  expect(stderr).toContain(`pstat: `);
  expect(stderr).toContain(message);
  expect(stderr.split('\n')).toHaveLength(2);
  expect(stdout).toBe('');
  expect(bytes).toHaveLength(0);
  expect(code).toBe(2);
});

test('does not write to a terminal', async () => {
  const { stdout, bytes, stderr, code } = await pstat([V8, ...PROF], { columns: 80 });
  expect(stderr).toBe(
    'pstat: a .prof is binary and not for a terminal; write it to a file: --format prof > out.prof\n',
  );
  expect(stdout).toBe('');
  expect(bytes).toHaveLength(0);
  expect(code).toBe(2);
});

test('accepts --by function', async () => {
  expect((await pstat([V8, '--by', 'function', ...PROF])).code).toBe(0);
});

test('--help takes precedence', async () => {
  expect((await pstat([...PROF, '--help'])).stdout).toContain('--format');
});
