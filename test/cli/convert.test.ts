/** `pstat convert`: the choice of a format, several files, and what is written where. */

import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildCallGraph, loadProfile, readProfile, Stats, writeProf } from '../../src/index.ts';
import { pstat } from '../support/cli.ts';
import { json, plain } from '../support/documents.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const V8 = 'samples/resource-providers.cpuprofile';
const PYTHON = 'samples/GET.resource_providers.prof';

function outputPath(name: string): string {
  return path.join(temporaryFolder('convert'), name);
}

test('chooses the format by the extension and says what was written', async () => {
  const file = outputPath('app.pb.gz');
  const { stdout, stderr, code } = await pstat(['convert', V8, '-o', file]);
  expect([stdout, code]).toEqual(['', 0]);
  expect(stderr).toMatch(/^\S+app\.pb\.gz: pprof, 164 functions, [\d.]+ kB\n$/);
  expect(readProfile(readFileSync(file), file)).toMatchObject({ format: 'pprof profile (cpu)' });
});

test('writes to standard output in the format of --to', async () => {
  const { bytes, code } = await pstat(['convert', PYTHON, '--to', 'prof']);
  expect(code).toBe(0);
  expect(readProfile(bytes, PYTHON)).toEqual(readProfile(readFileSync(PYTHON), PYTHON));
});

test('--to is a time, too', async () => {
  const { bytes } = await pstat(['convert', V8, '--to', 'prof', '--focus', 'serializeLinks', '--to', '1s', '--idle']);
  const { profile } = new Stats(await loadProfile(V8, { to: 1e6 }), { focus: ['serializeLinks'] });
  expect(Buffer.from(bytes)).toEqual(Buffer.from(writeProf(profile, { idle: true })));
});

test('merges several files, and speedscope keeps them apart', async () => {
  const folded = await pstat(['convert', V8, V8, '--to', 'folded']);
  const once = await pstat(['convert', V8, '--to', 'folded']);
  const total = (bytes: Uint8Array) =>
    Buffer.from(bytes)
      .toString()
      .trim()
      .split('\n')
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
  expect(total(folded.bytes)).toBe(2 * total(once.bytes));
  const { bytes } = await pstat(['convert', V8, V8, '--to', 'speedscope']);
  expect(JSON.parse(Buffer.from(bytes).toString()).profiles).toHaveLength(2);
});

test('rounds each of several profiles without sample times to whole µs', async () => {
  const [file, copy] = [outputPath('a.speedscope.json'), outputPath('a.pb.gz')];
  const profile = { type: 'sampled', name: 'a', unit: 'microseconds', startValue: 0, endValue: 0 };
  const profiles = [{ ...profile, samples: [[0]], weights: [1000.4] }];
  writeFileSync(file, json({ shared: { frames: [{ name: 'a' }] }, profiles }));
  await pstat(['convert', file, '-o', copy]);
  const { bytes, code } = await pstat(['convert', copy, copy, copy, '--to', 'speedscope']);
  expect(code).toBe(0);
  const written: { weights: number[] }[] = JSON.parse(Buffer.from(bytes).toString()).profiles;
  expect(written.map(({ weights }) => weights)).toEqual([[1000], [1000], [1000]]);
});

test('says that pprof cannot hold over 292 years', async () => {
  const file = outputPath('years.speedscope.json');
  const profile = { type: 'sampled', name: 'a', unit: 'seconds', startValue: 0, endValue: 0 };
  const profiles = [{ ...profile, samples: [[0]], weights: [1e10] }];
  writeFileSync(file, json({ shared: { frames: [{ name: 'a' }] }, profiles }));
  const { stderr, code } = await pstat(['convert', file, '--to', 'pprof']);
  expect([code, stderr]).toEqual([2, expect.stringContaining('takes over 292 years')]);
});

describe('requests', () => {
  const request = (url: string, status: number) =>
    JSON.stringify({
      nodes: [
        {
          id: 1,
          callFrame: { functionName: '(root)', scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 },
          children: [2],
        },
        { id: 2, callFrame: { functionName: 'handle', scriptId: '1', url: 'a.js', lineNumber: 0, columnNumber: 0 } },
      ],
      startTime: 0,
      endTime: 2000,
      samples: [2, 2],
      timeDeltas: [0, 1000],
      pstat: { method: 'GET', url, status },
    });

  function folder(): string {
    const dir = temporaryFolder('requests');
    writeFileSync(path.join(dir, 'a.cpuprofile'), request('/users/1', 200));
    writeFileSync(path.join(dir, 'b.cpuprofile'), request('/users/2', 200));
    writeFileSync(path.join(dir, 'c.cpuprofile'), request('/orders', 500));
    return dir;
  }

  test('keep method, route and status as labels of pprof, equal ones once', async () => {
    const { bytes } = await pstat(['convert', folder(), '--to', 'pprof']);
    const { gunzipSync } = await import('node:zlib');
    const text = gunzipSync(bytes).toString('latin1');
    for (const label of ['method', 'route', 'status', 'GET /users/{id}', 'GET /orders', '500'])
      expect(text).toContain(label);
    expect(buildCallGraph(readProfile(bytes, 'x')).sums).toMatchObject({ counted: 6000, selfCount: 6 });
  });

  test('--split route writes a file a route, also where names differ only in what a file name cannot hold', async () => {
    const from = temporaryFolder('alike');
    for (const [i, url] of ['/a/b', '/a.b', '/A/b', '/a/b.2', '/..'].entries())
      writeFileSync(
        path.join(from, `${i}.cpuprofile`),
        json({ ...plain(), pstat: { method: 'GET', url, elapsed: 9000 } }),
      );
    const dir = outputPath('alike');
    const { code } = await pstat(['convert', from, '-o', dir, '--to', 'folded', '--split', 'route']);
    expect([code, readdirSync(dir).sort()]).toEqual([
      0,
      ['GET.A.b.3.folded', 'GET.a.b.2.2.folded', 'GET.a.b.2.folded', 'GET.a.b.folded', 'GET.folded'],
    ]);
  });

  test('--split route writes a file a route', async () => {
    const dir = outputPath('fleet');
    const { stderr } = await pstat(['convert', folder(), '-o', dir, '--to', 'pprof', '--split', 'route']);
    expect(readdirSync(dir).sort()).toEqual(['GET.orders.pb.gz', 'GET.users.id.pb.gz']);
    expect(stderr.match(/: pprof, 1 function/g)).toHaveLength(2);
  });
});

test('replaces a link and does not follow it', async () => {
  const file = outputPath('out.folded');
  const target = outputPath('precious');
  writeFileSync(target, 'precious');
  symlinkSync(target, file);
  await pstat(['convert', V8, '-o', file]);
  expect(readFileSync(target, 'utf8')).toBe('precious');
  expect(readFileSync(file, 'utf8')).toMatch(/ \d+\n$/);
});

test.each<[string[], string]>([
  [['convert', V8], 'neither -o FILE nor --to FORMAT is given; choose with --to: '],
  [['convert', V8, '-o', 'out.xyz'], "the name 'out.xyz' ends like no format that pstat writes; choose with --to: "],
  [['convert'], 'no file given; write `pstat convert FILES… -o out.pb.gz`'],
  [['convert', V8, '--to', 'folded', '--split', 'route'], '--split writes several files, and needs a folder for them'],
  [
    ['convert', PYTHON, '--to', 'folded'],
    'has caller-callee edges, and this format holds stacks; callgrind and prof hold',
  ],
  [['convert', V8, '-o', '/nowhere/at/all.folded'], 'cannot be written: no such folder'],
  [[V8, '--format', 'prof'], 'did you mean `pstat convert FILES… -o FILE`?'],
])('%j is an error: %s', async (args, message) => {
  const { stderr, stdout, code } = await pstat(args);
  expect(stderr).toContain(message);
  expect([stdout, code]).toEqual(['', 2]);
});

test('writes nothing binary to a terminal', async () => {
  const { stderr, code } = await pstat(['convert', V8, '--to', 'pprof'], { columns: 80 });
  expect(stderr).toContain('pprof is binary and not for a terminal; write it to a file: -o FILE');
  expect(code).toBe(2);
});

test('writes no file where the options leave nothing', async () => {
  const file = outputPath('out.folded');
  const { code } = await pstat(['convert', V8, '-o', file, '--focus', 'nothing-like-it']);
  expect(code).toBe(1);
  expect(existsSync(file)).toBe(false);
});

test('--by package writes packages, and calls inside one are part of the call into it', async () => {
  const { bytes } = await pstat(['convert', V8, '--to', 'pprof', '--by', 'package']);
  const stats = new Stats(readProfile(bytes, 'x'));
  const app = stats.functions().rows.find(({ name }) => name === '(app)');
  const [expected] = new Stats(await loadProfile(V8)).groups('package').rows;
  expect(app).toMatchObject({ self: expected?.self, total: expected?.total });
});

test('--estimate writes the stacks of a Python profile: tottimes are those measured', async () => {
  const { bytes, stderr } = await pstat(['convert', PYTHON, '--to', 'speedscope', '--estimate']);
  expect(stderr).toContain('note: stacks are estimated');
  const [hottest] = new Stats(await loadProfile(PYTHON)).functions({ limit: 1 }).rows;
  const found = new Stats(readProfile(bytes, 'x')).functions({ filter: [hottest?.name ?? ''], limit: 1 }).rows[0];
  expect(found?.self).toBeCloseTo(hottest?.self ?? 0, -2);
});

test('groups of a Python profile need --estimate', async () => {
  const { stderr, code } = await pstat(['convert', PYTHON, '--to', 'callgrind', '--by', 'package']);
  expect(stderr).toContain('calls inside a group are not known; --estimate draws the likely stacks');
  expect(code).toBe(2);
});

test('compare --format folded writes stacks with their time before and after', async () => {
  const sides = ['samples/compare/base-1.cpuprofile', 'samples/compare/slowsort.cpuprofile'];
  const { stdout, code } = await pstat(['compare', ...sides, '--format', 'folded']);
  expect(code).toBe(0);
  const lines = stdout.trim().split('\n');
  expect(lines.every((line) => / \d+ \d+$/.test(line))).toBe(true);
  for (const [i, side] of sides.entries()) {
    const total = lines.reduce((sum, line) => sum + Number(line.split(' ').at(i - 2)), 0);
    expect(total).toBe(new Stats(await loadProfile(side)).summary.counted);
  }
});

test('a profile whose stacks have one function each becomes folded stacks, which do not look like any', async () => {
  const frames = [{ name: 'a' }, { name: 'b' }];
  const profile = { type: 'sampled', name: 'x', unit: 'microseconds', samples: [[0], [1]], weights: [10, 20] };
  const stdin = Buffer.from(JSON.stringify({ shared: { frames }, profiles: [profile] }));
  const { code, bytes } = await pstat(['convert', '-', '--to', 'folded'], { stdin });
  expect([code, Buffer.from(bytes).toString()]).toEqual([0, 'a 10\nb 20\n']);
});

test.each(['--fail-above=5%', '--filter=x', '--strict'])('compare --format folded rejects %s', async (option) => {
  const side = 'samples/compare/base-1.cpuprofile';
  const { stdout, stderr, code } = await pstat(['compare', side, side, '--format', 'folded', option]);
  expect([stdout, code]).toEqual(['', 2]);
  expect(stderr).toContain('does not go with --format folded');
});
