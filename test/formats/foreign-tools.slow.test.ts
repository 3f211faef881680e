/** What pstat writes, read by the tools that it is for. A missing tool is skipped by name, and an error in CI. */

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Ajv } from 'ajv';
import { Profile as PprofProfile } from 'pprof-format';
import { describe, expect, test } from 'vitest';
import { WRITABLE_FORMATS } from '../../src/formats/registry.ts';
import { loadProfile } from '../../src/index.ts';
import { buildCallGraph } from '../../src/model/call-graph.ts';
import { at } from '../../src/model/columns.ts';
import type { Profile } from '../../src/model/profile.ts';

const V8 = 'samples/resource-providers.cpuprofile';
const PYTHON = 'samples/GET.resource_providers.prof';
const FOLDER = mkdtempSync(path.join(tmpdir(), 'pstat-foreign-'));

async function write(profile: Profile, format: string): Promise<string> {
  const writer = WRITABLE_FORMATS.find(({ name }) => name === format)?.writer;
  if (writer === undefined) throw new Error(`no writer of ${format}`);
  const { bytes } = (await writer.load())([{ profile, name: 'app', labels: new Map([['route', 'GET /x']]) }], {});
  const file = path.join(FOLDER, `app.${format}`);
  writeFileSync(file, bytes);
  return file;
}

/** Runs a tool; in CI one that is missing fails. */
function toolTest(command: string, title: string, run: () => Promise<void>): void {
  const isMissing = spawnSync(command, ['--version']).error !== undefined;
  test.skipIf(isMissing && process.env['CI'] === undefined)(`${command}: ${title}`, { timeout: 120_000 }, run);
}

/** name -> [tottime, cumtime] in whole µs, functions of one name added up, as these tools show them. */
function timesByName(profile: Profile): Map<string, [number, number]> {
  const { functions, metrics, rows, unit } = buildCallGraph(profile);
  const times = new Map<string, [number, number]>();
  const unnamed = (fn: number) => `(anonymous:L#${at(functions.line, fn)}:C#${at(functions.column, fn)})`;
  for (const fn of rows) {
    if (at(functions.kind, fn) === 'idle') continue;
    const name = at(functions.name, fn) || unnamed(fn);
    const [self, total] = times.get(name) ?? [0, 0];
    times.set(name, [self + at(metrics.self, fn) * unit, total + at(metrics.total, fn) * unit]);
  }
  return times;
}

describe('pprof', () => {
  toolTest('go', 'go tool pprof -top shows the tottime of every function', async () => {
    const profile = await loadProfile(V8);
    const file = await write(profile, 'pprof');
    const env = { ...process.env, PPROF_TMPDIR: FOLDER, HOME: FOLDER };
    const text = execFileSync(
      'go',
      ['tool', 'pprof', '-top', '-unit=us', '-nodecount=100000', '-nodefraction=0', file],
      { env, encoding: 'utf8' },
    );
    const shown = new Map(
      [...text.matchAll(/^\s*([\d.]+)(?:us)?\s+[\d.]+%\s+[\d.]+%\s+([\d.]+)(?:us)?\s+[\d.]+%\s+(.+)$/gm)].map(
        ([, flat, , name]): [string, number] => [name ?? '', Number(flat)],
      ),
    );
    const expected = [...timesByName(profile)].filter(([name, [self]]) => self > 0 && !name.includes('<')); // it removes <…> from names, as of C++ templates
    expect(expected.length).toBeGreaterThan(50);
    for (const [name, [self]] of expected) expect([name, shown.get(name)]).toEqual([name, self]);
  });

  test('pprof-format reads values, labels and lines', async () => {
    const profile = await loadProfile(V8);
    const decoded = PprofProfile.decode(gunzipSync(readFileSync(await write(profile, 'pprof'))));
    const nanoseconds = decoded.sample.reduce((sum, { value }) => sum + Number(value[1]), 0);
    const { counted } = buildCallGraph(profile).sums;
    expect(nanoseconds).toBe(counted * 1000);
    const texts = decoded.stringTable.strings;
    expect(texts[0]).toBe('');
    expect(decoded.sample.every(({ label }) => texts[Number(label[0]?.key)] === 'route')).toBe(true);
    expect(new Set(decoded.location.map(({ address }) => address)).size).toBe(decoded.location.length);
  });

  toolTest('protoc', 'parses the file', async () => {
    const file = await write(await loadProfile(V8), 'pprof');
    const text = execFileSync('protoc', ['--decode_raw'], { input: gunzipSync(readFileSync(file)), encoding: 'utf8' });
    expect(text).toContain('nanoseconds');
  });
});

describe('callgrind', () => {
  toolTest('callgrind_annotate', 'shows the tottime of functions and the same total', async () => {
    for (const source of [V8, PYTHON]) {
      const profile = await loadProfile(source);
      const file = await write(profile, 'callgrind');
      const perUnit = 'callTree' in profile ? 1 : 1000;
      const total = Math.round(buildCallGraph(profile).sums.counted * ('callTree' in profile ? 1 : 1e9));
      const text = execFileSync('callgrind_annotate', ['--threshold=100', file], { encoding: 'utf8' });
      expect(text).toContain(`${total.toLocaleString('en')} (100.0%)  PROGRAM TOTALS`);
      const shown = new Map<string, number>();
      for (const [, time, name] of text.matchAll(
        /^\s*([\d,]+) \(\s*[\d.]+%\)\s+.*:([A-Za-z_]+)(?::\d+)*(?: \[.*\])?$/gm,
      )) {
        shown.set(name ?? '', (shown.get(name ?? '') ?? 0) + Number((time ?? '').replaceAll(',', '')));
      }
      const names = [...timesByName(profile)].filter(([name, [self]]) => self > 0 && /^[a-zA-Z_]+$/.test(name));
      expect(names.length).toBeGreaterThan(30);
      const found = names.filter(([name, [self]]) => Math.abs((shown.get(name) ?? -1) - self * perUnit) < 2);
      expect(found.length / names.length).toBeGreaterThan(0.95);
    }
  });
});

describe('speedscope', () => {
  test('the file is valid by its schema', async () => {
    const schema = JSON.parse(readFileSync('node_modules/speedscope/dist/release/file-format-schema.json', 'utf8'));
    const validate = new Ajv({ strict: false }).compile(schema);
    const file = JSON.parse(readFileSync(await write(await loadProfile(V8), 'speedscope'), 'utf8'));
    expect(validate(file) || validate.errors).toBe(true);
  });
});
