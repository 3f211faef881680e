/** Small recordings of every format: the samples, documents of the tests, and what pstat writes. */

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parseJson } from '../../src/formats/json.ts';
import { beginsLikeMarshal } from '../../src/formats/python/marshal-head.ts';
import { FORMATS, WRITABLE_FORMATS } from '../../src/formats/registry.ts';
import { writeReport } from '../../src/formats/report/write-report.ts';
import { readProfile, Stats } from '../../src/index.ts';
import { at } from '../../src/model/columns.ts';
import { findMergedFunctions, merge } from '../../src/model/merge.ts';
import type { Profile } from '../../src/model/profile.ts';
import { pageView } from '../../src/view/page-view.ts';
import { APP, code, plain, withFrames } from '../support/documents.ts';
import { named, traceOf } from '../support/trace.ts';
import type { Seeds } from './mutate.ts';

/** Larger seeds make slow cases and no new ones. */
const MAX_SEED_BYTES = 20_000;

const FOLDERS = ['samples', 'test/sources/builds'];

/** Files of each format, and others: source maps, code, and files that are no profile. */
export async function seedFiles(): Promise<Seeds> {
  const kinds = new Map<string, Uint8Array[]>();
  for (const bytes of await allFiles()) {
    const kind = formatOf(bytes) ?? (holdsMappings(bytes) ? 'source map' : 'other');
    kinds.set(kind, [...(kinds.get(kind) ?? []), bytes]);
  }
  return [...kinds.values()];
}

/** Whether a file is or holds a source map. */
export function holdsMappings(bytes: Uint8Array): boolean {
  return Buffer.from(bytes).includes('"mappings"');
}

function formatOf(bytes: Uint8Array): string | undefined {
  try {
    const document = parseJson(bytes);
    return FORMATS.find(({ reader }) => reader?.detect({ bytes, json: () => document }))?.name;
  } catch {
    return undefined;
  }
}

async function allFiles(): Promise<Uint8Array[]> {
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
    { ...plain(), pstat: { scripts: [{ url: APP, sourceMap: SOURCE_MAP, source: 'a();\nb();\n' }] } },
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
  const [first, second] = read.slice(0, 2).map((bytes, i) => readProfile(bytes, `a/${i}.cpuprofile`));
  const traced = files.filter(beginsLikeMarshal).slice(0, 2);
  const [third, fourth] = traced.map((bytes, i) => readProfile(bytes, `GET.a.1ms.179533225${i}.prof`));
  const reported = [[first], [second], [third], [first, second], [third, fourth]];
  const reports = reported.map((profiles) => reportOf(profiles.filter((profile) => profile !== undefined)));
  return [...small, ...read, ...written.map(unpacked), ...texts, ...reports];
}

const SOURCE_MAP = JSON.stringify({
  version: 3,
  sources: ['a.ts', 'b.ts'],
  sourcesContent: ['function a() {}\n', null],
  names: ['a', 'bb'],
  mappings: 'AAAAA,IAAI;AACA;ACDAC;;;;;;;AAAAA;;;;;;;;;;AAAAA',
});

/** A profile in each format that pstat writes. */
async function writtenFiles(bytes: Uint8Array): Promise<Uint8Array[]> {
  const part = { profile: readProfile(bytes, 'plain'), name: 'plain', labels: new Map([['route', 'GET /a']]) };
  return Promise.all(WRITABLE_FORMATS.map(async ({ writer }) => (await writer.load())([part], {}).bytes));
}

const PAGE = { start: 'a()', script: 'b()', style: 'a{}' };

/** Several profiles are the parts of the report. */
function reportOf(profiles: readonly Profile[]): Uint8Array {
  const profile = merge(profiles);
  const tables = profiles.map(({ functions }) => functions);
  const functionsOf = findMergedFunctions(profile.functions, tables);
  const parts = profiles.map((part, i) => ({ profile: part, functionOf: at(functionsOf, i) }));
  const view = pageView(new Stats(profile), {
    title: 'a',
    heading: [],
    notes: [],
    arguments: '',
    requests: null,
    comparison: null,
  });
  const content = { title: 'a', profile, parts: parts.length > 1 ? parts : [], scripts: null, ...view };
  return Buffer.from(writeReport({ ...content, columns: new Map() }, PAGE));
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
