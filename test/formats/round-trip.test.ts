/** A profile that is written and read again has the same figures. */

import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { Profile as PprofProfile } from 'pprof-format';
import { describe, expect, test } from 'vitest';
import type { Part, ReadFormatOptions, WriteOptions } from '../../src/formats/format.ts';
import { writePprof } from '../../src/formats/pprof/write-pprof.ts';
import { FORMATS, WRITABLE_FORMATS } from '../../src/formats/registry.ts';
import { loadProfile, readProfile } from '../../src/index.ts';
import { buildCallGraph } from '../../src/model/call-graph.ts';
import { at } from '../../src/model/columns.ts';
import { applyFocus } from '../../src/model/focus.ts';
import type { Profile } from '../../src/model/profile.ts';
import { readWritten } from '../support/reading.ts';
import { recursion } from '../support/recursion.ts';
import { type FigureTable, functionTable, profileOf, stackSamples, withoutZeros } from '../support/stacks.ts';

/** Formats that hold functions with their places, and stacks. */
const LOSSLESS = ['cpuprofile', 'pprof', 'speedscope', 'firefox'];

const RECORDINGS = ['samples/resource-providers.cpuprofile', 'samples/node-trace.json.gz'];

async function rewrite(
  profile: Profile,
  name: string,
  options: ReadFormatOptions = {},
  writeOptions: WriteOptions = {},
): Promise<Profile> {
  const format = WRITABLE_FORMATS.find((each) => each.name === name);
  if (format === undefined) throw new Error(`no writer of ${name}`);
  const part: Part = { profile, name: 'app', labels: new Map() };
  const { bytes } = (await format.writer.load())([part], writeOptions);
  const [read] = readWritten(bytes, format, options);
  if (read === undefined) throw new Error('nothing was read');
  return read;
}

/** Figures by name and place, in µs to nine digits: files have ns or ms, and sums of fractions differ in the last digits. */
function figures(profile: Profile): FigureTable {
  const place = ({ name, file, line }: Profile['functions'], fn: number) =>
    `${at(name, fn)} ${at(file, fn).replace('file://', '')} ${at(line, fn)}`;
  const table = withoutZeros(functionTable(buildCallGraph(profile), place));
  const rounded = Object.entries(table).map(([key, [self, total, ...counts]]): [string, unknown[]] => [
    key,
    [Number(self.toFixed(3)), Number(total.toFixed(3)), ...counts],
  ]);
  return Object.fromEntries(rounded.filter(([key]) => !key.startsWith('(idle)'))) as unknown as FigureTable;
}

describe.each(LOSSLESS)('%s', (name) => {
  test.each(RECORDINGS)('keeps every figure of %s', async (file) => {
    const profile = await loadProfile(file);
    expect(figures(await rewrite(profile, name))).toEqual(figures(profile));
  });

  test('keeps every figure of any stacks, also after --focus', async () => {
    await fc.assert(
      fc.asyncProperty(stackSamples, fc.boolean(), async (stacks, isFocused) => {
        const whole = profileOf(stacks);
        const isA = (fn: number) => whole.functions.name[fn] === 'a';
        const profile = isFocused ? applyFocus(whole, [isA], []) : whole;
        const read = await rewrite(profile, name);
        expect(withoutCounts(figures(read))).toEqual(withoutCounts(figures(profile)));
        expect(buildCallGraph(read).sums.counted).toBeCloseTo(buildCallGraph(profile).sums.counted, 6);
      }),
      { numRuns: 50 },
    );
  });
});

describe.each(LOSSLESS)('%s of odd profiles', (name) => {
  test('keeps recursion, functions without names, the collector and fractions of µs', async () => {
    const profile = readProfile(Buffer.from(recursion()), 'x');
    const read = await rewrite(profile, name);
    expect(roundedTimes(read)).toEqual(roundedTimes(profile));
    expect(buildCallGraph(read).sums.counted).toBeCloseTo(buildCallGraph(profile).sums.counted, UNIT_DIGITS[name]);
  });

  test('keeps merged files', async () => {
    const profile = await loadProfile(['samples/compare/base-1.cpuprofile', 'samples/compare/base-2.cpuprofile']);
    expect(withoutCounts(figures(await rewrite(profile, name)))).toEqual(withoutCounts(figures(profile)));
  });

  test('keeps idle time where it is asked for', async () => {
    const profile = await loadProfile('samples/resource-providers.cpuprofile');
    const read = await rewrite(profile, name, {}, { idle: true });
    expect(buildCallGraph(read).sums.idle).toBe(buildCallGraph(profile).sums.idle);
    expect(buildCallGraph(profile).sums.idle).toBeGreaterThan(0);
    expect(figures(read)).toEqual(figures(profile));
  });
});

/** Digits behind µs of the sum of times: pprof has ns, speedscope and Firefox whole µs. */
const UNIT_DIGITS: Readonly<Record<string, number>> = { cpuprofile: 3, pprof: 2, speedscope: 0, firefox: 0 };

/** Names and places -> times to a µs, as files hold them. */
function roundedTimes(profile: Profile): [string, number, number][] {
  const table = figures(profile);
  return Object.keys(table)
    .sort()
    .map((key) => [key, Math.round(table[key]?.[0] ?? 0), Math.round(table[key]?.[1] ?? 0)]);
}

/** A merged profile has one sample a stack in formats of samples. */
function withoutCounts(table: FigureTable): unknown {
  return Object.fromEntries(
    Object.entries(table)
      .filter(([, [self, total]]) => self !== 0 || total !== 0)
      .map(([key, [self, total]]) => [key, [self, total]]),
  );
}

test('pprof keeps executing lines', async () => {
  const profile = await loadProfile('samples/resource-providers.cpuprofile');
  const read = await rewrite(profile, 'pprof');
  expect(lineTable(read)).toEqual(lineTable(profile));
});

test('pprof has one sample for nodes of equal stacks', async () => {
  const node = (id: number, functionName: string, children: number[] = []) => ({
    id,
    callFrame: { functionName, scriptId: '1', url: id === 1 ? '' : '/srv/app/a.js', lineNumber: 1, columnNumber: 1 },
    hitCount: 0,
    children,
  });
  const nodes = [
    node(1, '(root)', [2, 4]),
    node(2, 'main', [3]),
    node(3, 'parse'),
    node(4, 'main', [5]),
    node(5, 'parse'),
  ];
  const text = JSON.stringify({ nodes, startTime: 0, endTime: 30, samples: [3, 5, 4], timeDeltas: [0, 10, 10] });
  const profile = readProfile(Buffer.from(text), 'x');
  const { bytes } = writePprof([{ profile, name: 'x', labels: new Map() }], {});
  const { sample } = PprofProfile.decode(gunzipSync(bytes));
  expect(sample.map(({ locationId, value }) => [locationId.length, ...value.map(Number)])).toEqual([
    [1, 1, 10_000],
    [2, 2, 20_000],
  ]);
});

test('cpuprofile keeps which lines were executing', async () => {
  const profile = await loadProfile('samples/resource-providers.cpuprofile');
  expect(Object.keys(lineTable(await rewrite(profile, 'cpuprofile')))).toEqual(Object.keys(lineTable(profile)));
});

/** `file:line` -> µs */
function lineTable(profile: Profile): Record<string, number> {
  if (!('callTree' in profile) || profile.callTree.lines === null) throw new Error('no lines');
  const { lines, function: functionOf } = profile.callTree;
  const table: Record<string, number> = {};
  functionOf.forEach((fn, node) => {
    for (let entry = at(lines.start, node); entry < at(lines.start, node + 1); entry++) {
      const key = `${at(profile.functions.file, fn).replace('file://', '')}:${at(lines.line, entry)}`;
      table[key] = (table[key] ?? 0) + at(lines.self, entry);
    }
  });
  return Object.fromEntries(
    Object.entries(table)
      .filter(([, time]) => time > 0)
      .map(([key, time]) => [key, Math.round(time)]),
  );
}

test('cpuprofile keeps the order of samples, the request and the run', async () => {
  const profile = await loadProfile('samples/resource-providers.cpuprofile');
  const read = await rewrite(profile, 'cpuprofile');
  if (!('callTree' in profile) || !('callTree' in read)) throw new Error('no stacks');
  expect([...(read.timeline?.time ?? [])]).toEqual([...(profile.timeline?.time ?? [])]);
  expect(read.duration).toBe(profile.duration);
  expect(read.beforeFirstSample).toBe(profile.beforeFirstSample);
  expect(read.run).toEqual(profile.run);
});

test('folded stacks keep the time of every name', async () => {
  const profile = await loadProfile('samples/resource-providers.cpuprofile');
  const read = await rewrite(profile, 'folded');
  const byName = (each: Profile) => {
    const times: Record<string, number> = {};
    const { functions, metrics, rows } = buildCallGraph(each);
    for (const fn of rows)
      if (at(functions.kind, fn) !== 'idle')
        times[at(functions.name, fn)] = (times[at(functions.name, fn)] ?? 0) + at(metrics.self, fn);
    return times;
  };
  expect(withoutZero(byName(read))).toEqual(withoutZero(byName(profile)));
});

test("folded stacks keep a function whose name becomes one of V8's own", async () => {
  const frame = (functionName: string, url: string) => ({
    functionName,
    scriptId: '1',
    url,
    lineNumber: 1,
    columnNumber: 1,
  });
  const nodes = [
    { id: 1, callFrame: frame('(root)', ''), hitCount: 0, children: [2] },
    { id: 2, callFrame: frame('(idle)\0', '/srv/app/a.js'), hitCount: 1 },
  ];
  const text = JSON.stringify({ nodes, startTime: 0, endTime: 10, samples: [2], timeDeltas: [0] });
  const read = await rewrite(readProfile(Buffer.from(text), 'x'), 'folded');
  expect(buildCallGraph(read).sums.counted).toBe(10);
});

function withoutZero(times: Record<string, number>) {
  return Object.fromEntries(Object.entries(times).filter(([, time]) => time > 0));
}

test('a Python profile becomes prof and callgrind, and nothing else', async () => {
  const profile = await loadProfile('samples/GET.resource_providers.prof');
  expect(figures(await rewrite(profile, 'prof'))).toEqual(figures(profile));
  for (const name of [...LOSSLESS, 'folded'])
    await expect(rewrite(profile, name)).rejects.toThrow(/callgrind and prof hold edges/);
});

test('every format that is written and read has a test here', () => {
  const both = FORMATS.filter(({ reader, writer }) => reader !== undefined && writer !== undefined);
  expect(both.map(({ name }) => name).sort()).toEqual([...LOSSLESS, 'folded', 'prof'].sort());
});

test('cpuprofile keeps the collector below the stacks that it interrupted, also where the order of samples is lost', async () => {
  const profile = await loadProfile(['samples/resource-providers.cpuprofile', 'samples/resource-providers.cpuprofile']);
  expect(withoutCounts(figures(await rewrite(profile, 'cpuprofile')))).toEqual(withoutCounts(figures(profile)));
});

describe('cpuprofile of a part of a recording', () => {
  const FILE = 'samples/resource-providers.cpuprofile';

  test('keeps the order of samples in a window', async () => {
    const profile = await loadProfile(FILE, { from: 1e6, to: 1.5e6 });
    const read = await rewrite(profile, 'cpuprofile');
    expect(withoutCounts(figures(read))).toEqual(withoutCounts(figures(profile)));
    if (!('callTree' in read)) throw new Error('no stacks');
    expect(read.duration).toBe(500_000);
    expect(read.timeline?.length).toBeGreaterThan(300);
  });

  test('keeps collectors below their stacks where these are excluded', async () => {
    const whole = await loadProfile(FILE);
    const isCollector = (fn: number) => whole.functions.kind[fn] === 'gc';
    const profile = applyFocus(whole, [isCollector], []);
    expect(withoutCounts(figures(await rewrite(profile, 'cpuprofile')))).toEqual(withoutCounts(figures(profile)));
  });
});

test('a cpuprofile with samples of nodes that it does not have keeps its duration', async () => {
  const profile = await loadProfile('samples/odd/unknown-sample-id.cpuprofile');
  expect(profile).toMatchObject({ afterLastSample: expect.any(Number) });
  expect(await rewrite(profile, 'cpuprofile')).toMatchObject({ duration: (profile as { duration: number }).duration });
});
