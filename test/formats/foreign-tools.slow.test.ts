/** What pstat writes, read by the decoders of its formats. A missing tool is skipped by name, and an error in CI. */

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Ajv } from 'ajv';
import { Profile as PprofProfile } from 'pprof-format';
import { describe, expect, test } from 'vitest';
import { expectSame } from '../support/edges.ts';
import { convert, FOLDER, fileOf, pprofName, RECORDINGS, rowsOf } from '../support/viewers.ts';

/** A pprof message: what its numbers refer to is looked up. */
interface Decoded {
  readonly samples: readonly { readonly functions: readonly string[]; readonly values: readonly number[] }[];
}

/** A function as `name file:line`. */
const functionKey = (name: string, file: string, line: number) => `${name} ${file}:${line}`;

/** [self time, time with callees] in ns of each function: a function counts once in a sample. */
function timesOf({ samples }: Decoded): Record<'self' | 'total', Map<string, number>> {
  const times = { self: new Map<string, number>(), total: new Map<string, number>() };
  const add = (to: Map<string, number>, fn: string, time: number) => to.set(fn, (to.get(fn) ?? 0) + time);
  for (const { functions, values } of samples) {
    const time = values.at(-1) ?? 0;
    add(times.self, functions[0] ?? '', time);
    for (const fn of new Set(functions)) add(times.total, fn, time);
  }
  return times;
}

/** Every function has its tottime and cumtime, and the file has them all. */
async function expectTimes(decoded: Decoded, file: string): Promise<void> {
  const { self, total } = timesOf(decoded);
  const expected = { self: new Map<string, number>(), total: new Map<string, number>() };
  const rows = await rowsOf(file);
  for (const row of rows) {
    const key = functionKey(pprofName(row), fileOf(row), row.line ?? 0);
    expected.self.set(key, (expected.self.get(key) ?? 0) + Number((row.tottime * 1000).toFixed(3)));
    expected.total.set(key, (expected.total.get(key) ?? 0) + Number((row.cumtime * 1000).toFixed(3)));
  }
  // Times in fractions of ns are rounded, in each stack.
  const isWhole = [...expected.total.values()].every(Number.isInteger);
  expectSame(self, expected.self, isWhole ? 0 : 2);
  expectSame(total, expected.total, isWhole ? 0 : 2);
}

describe('pprof-format', () => {
  test.each(RECORDINGS)('reads the times of %s', async (_, file) => {
    const profile = PprofProfile.decode(gunzipSync(readFileSync(await convert(file, '.pb.gz'))));
    const text = (index: number | bigint) => profile.stringTable.strings[Number(index)] ?? '';
    const functions = new Map(profile.function.map((fn) => [fn.id, fn]));
    const locations = new Map(profile.location.map(({ id, line }) => [id, functions.get(line[0]?.functionId ?? 0)]));
    expect(text(0)).toBe('');
    expect(new Set(profile.location.map(({ address }) => address)).size).toBe(profile.location.length);
    const samples = profile.sample.map(({ locationId, value }) => ({
      functions: locationId.map((id) => {
        const fn = locations.get(id);
        return functionKey(text(fn?.name ?? 0), text(fn?.filename ?? 0), Number(fn?.startLine));
      }),
      values: value.map(Number),
    }));
    await expectTimes({ samples }, file);
  });

  test('reads the times of each route and status by labels', async () => {
    const folder = requestsFolder();
    const profile = PprofProfile.decode(gunzipSync(readFileSync(await convert(folder, '.pb.gz'))));
    const text = (index: number | bigint) => profile.stringTable.strings[Number(index)] ?? '';
    const shown = new Map<string, number>();
    for (const { label, value } of profile.sample) {
      const key = label.map((each) => `${text(each.key)}=${text(each.str)}`).join(' ');
      shown.set(key, (shown.get(key) ?? 0) + Number(value[1]));
    }
    expect(Object.fromEntries(shown)).toEqual({
      'method=GET route=GET /users/{id} status=200': 5_000_000,
      'method=GET route=GET /users/{id} status=500': 3_000_000,
      'method=POST route=POST /orders status=200': 4_000_000,
    });
  });

  /** Requests with times of 2, 3, 3 and 4 ms. */
  function requestsFolder(): string {
    const folder = path.join(FOLDER, 'requests');
    mkdirSync(folder);
    const place = { scriptId: '1', url: '/srv/app/a.js', lineNumber: 0, columnNumber: 0 };
    const nodes = [
      { id: 1, callFrame: { ...place, functionName: '(root)', url: '' }, children: [2] },
      { id: 2, callFrame: { ...place, functionName: 'handle' } },
    ];
    const requests = [
      ['GET', '/users/1', 200, 2000],
      ['GET', '/users/2', 200, 3000],
      ['GET', '/users/3', 500, 3000],
      ['POST', '/orders', 200, 4000],
    ] as const;
    requests.forEach(([method, url, status, endTime], i) => {
      const sampled = { nodes, samples: [2], timeDeltas: [0], startTime: 0, endTime };
      const text = JSON.stringify({ ...sampled, pstat: { method, url, status } });
      writeFileSync(path.join(folder, `${i}.cpuprofile`), text);
    });
    return folder;
  }
});

/** The fields that pstat writes, after https://github.com/google/pprof/blob/main/proto/profile.proto. */
const SCHEMA = `syntax = "proto3";
message ValueType { int64 type = 1; int64 unit = 2; }
message Label { int64 key = 1; int64 str = 2; }
message Sample { repeated uint64 location_id = 1; repeated int64 value = 2; repeated Label label = 3; }
message Mapping { uint64 id = 1; uint64 memory_start = 2; uint64 memory_limit = 3; int64 filename = 5;
  bool has_functions = 7; bool has_filenames = 8; bool has_line_numbers = 9; }
message Line { uint64 function_id = 1; int64 line = 2; }
message Location { uint64 id = 1; uint64 mapping_id = 2; uint64 address = 3; repeated Line line = 4; }
message Function { uint64 id = 1; int64 name = 2; int64 system_name = 3; int64 filename = 4; int64 start_line = 5; }
message Profile { repeated ValueType sample_type = 1; repeated Sample sample = 2; repeated Mapping mapping = 3;
  repeated Location location = 4; repeated Function function = 5; repeated string string_table = 6;
  int64 time_nanos = 9; int64 duration_nanos = 10; ValueType period_type = 11; int64 period = 12;
  repeated int64 comment = 13; int64 default_sample_type = 14; }
`;

const isProtocMissing = spawnSync('protoc', ['--version']).error !== undefined && process.env['CI'] === undefined;

describe.skipIf(isProtocMissing)('protoc', () => {
  test.each(RECORDINGS)('reads the times of %s', async (_, file) => {
    const text = decode(await convert(file, '.pb.gz'));
    // A field that the schema does not have is shown by its number.
    expect(text).not.toMatch(/^ *\d+[: ]/m);
    const strings = [...text.matchAll(/^string_table: "(.*)"$/gm)].map(([, escaped = '']) => unescaped(escaped));
    const functions = new Map(
      messages(text, 'function').map((fn) => [
        number(fn, 'id'),
        functionKey(strings[number(fn, 'name')] ?? '', strings[number(fn, 'filename')] ?? '', number(fn, 'start_line')),
      ]),
    );
    const locations = new Map(
      messages(text, 'location').map((location) => [
        number(location, 'id'),
        functions.get(number(location, 'function_id')) ?? '',
      ]),
    );
    const samples = messages(text, 'sample').map((sample) => ({
      functions: numbers(sample, 'location_id').map((id) => locations.get(id) ?? ''),
      values: numbers(sample, 'value'),
    }));
    await expectTimes({ samples }, file);
  });

  function decode(file: string): string {
    const schema = path.join(FOLDER, 'profile.proto');
    writeFileSync(schema, SCHEMA);
    const words = ['--decode=Profile', `--proto_path=${FOLDER}`, schema];
    const input = gunzipSync(readFileSync(file));
    return execFileSync('protoc', words, { input, encoding: 'utf8', maxBuffer: 2 ** 28 });
  }

  const messages = (text: string, field: string) =>
    [...text.matchAll(new RegExp(`^${field} \\{\n([^]*?)^\\}`, 'gm'))].map(([, body = '']) => body);
  const numbers = (message: string, field: string) =>
    [...message.matchAll(new RegExp(`\\b${field}: (-?\\d+)`, 'g'))].map(([, digits]) => Number(digits));
  /** 0 is not written. */
  const number = (message: string, field: string) => numbers(message, field)[0] ?? 0;

  /** Bytes are escaped in octal digits. */
  function unescaped(text: string): string {
    const bytes = text.replace(/\\([0-7]{3}|.)/g, (_, code: string) =>
      code.length === 3 ? String.fromCharCode(Number.parseInt(code, 8)) : code,
    );
    return Buffer.from(bytes, 'latin1').toString('utf8');
  }
});

describe('speedscope', () => {
  test('the file is valid by its schema', async () => {
    const schema = JSON.parse(readFileSync('node_modules/speedscope/dist/release/file-format-schema.json', 'utf8'));
    const validate = new Ajv({ strict: false }).compile(schema);
    const file = await convert('samples/resource-providers.cpuprofile', '.speedscope.json');
    expect(validate(JSON.parse(readFileSync(file, 'utf8'))) || validate.errors).toBe(true);
  });
});
