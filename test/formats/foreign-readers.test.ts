/** Readers of other tools' formats: their rules, and damaged files. */

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { amountScale, formatTime } from '../../src/base/units.ts';
import { WRITABLE_FORMATS } from '../../src/formats/registry.ts';
import { compare, PstatError, readProfile, Stats } from '../../src/index.ts';
import { buildCallGraph } from '../../src/model/call-graph.ts';
import type { Profile } from '../../src/model/profile.ts';
import { functionTable } from '../support/stacks.ts';

const FILES = 'samples/other-tools';

function read(text: string | Uint8Array, value: string | null = null): Profile {
  return readProfile(typeof text === 'string' ? Buffer.from(text) : text, 'x', { value });
}

function figuresOf(profile: Profile) {
  return functionTable(buildCallGraph(profile));
}

describe('folded stacks', () => {
  test('count samples unless --value names a unit', () => {
    const counted = read('main;handle;parse 12\nmain;handle 3\nmain 1\n');
    expect(counted).toMatchObject({ unit: 'count' });
    expect(figuresOf(counted)).toEqual({ main: [1, 16, 1, 16], handle: [3, 15, 3, 15], parse: [12, 12, 12, 12] });
    expect(read('main;parse 2\n', 'ms')).toMatchObject({ unit: 'us', duration: 2000 });
  });

  test('may have fractions, comments, Windows line ends and places', () => {
    const profile = read('# mode: samples\r\nmain;parse (/srv/app/a.py:7) 0.5\r\nmain;parse (/srv/app/a.py:7) 1.5\r\n');
    expect(profile.functions.file).toContain('/srv/app/a.py');
    expect(profile.functions.line).toContain(7);
    expect(buildCallGraph(profile).sums.counted).toBe(2);
  });

  test('of austin have µs', () => {
    const profile = read('# austin: 3.6.0\n# mode: wall\nP1;T1;/srv/app/a.py:main:3 1200\n');
    expect(profile).toMatchObject({ unit: 'us', duration: 1200 });
    expect(profile.functions.name).toContain('main');
  });

  test('may begin with a private method, which is no comment', () => {
    expect(figuresOf(read('# a comment 7\n#run;main 2\n'))).toMatchObject({ '#run': [0, 2, 0, 2] });
  });

  test('may have one frame each, of V8, and names that are no Unicode', () => {
    expect(figuresOf(read('(program) 8\n'))).toMatchObject({ '(program)': [8, 8, 8, 8] });
    expect(figuresOf(read(Buffer.from('main;caf\xe9 8\n', 'latin1')))).toMatchObject({ main: [0, 8, 0, 8] });
  });

  test('name the line that is not a stack', () => {
    expect(() => read(`${'main;a 1\n'.repeat(30)}oops\n`)).toThrow(
      'x: line 31 is not a stack and a count, as in main;parse 42',
    );
  });

  test('with a count that no sum of whole numbers holds are an error', () => {
    expect(() => read('main;a 1\nmain;b 1e999\n')).toThrow(
      'x: the count of line 2 is Infinity, not a number below 2^53',
    );
  });

  test('of a unit that is not known are an error', () => {
    expect(() => read('main;a 1\n', 'furlongs')).toThrow(
      "x: has no values 'furlongs'; there is samples, us, ms, s, ns",
    );
  });
});

describe('speedscope', () => {
  const file = (profile: unknown, frames = [{ name: 'a' }, { name: 'b' }]) =>
    JSON.stringify({ shared: { frames }, profiles: [profile] });

  test('of events has times and no number of samples', () => {
    const events = [
      { type: 'O', frame: 0, at: 10 },
      { type: 'O', frame: 1, at: 30 },
      { type: 'C', frame: 1, at: 40 },
      { type: 'C', frame: 0, at: 70 },
    ];
    const profile = read(file({ type: 'evented', unit: 'milliseconds', startValue: 0, endValue: 70, events }));
    expect(figuresOf(profile)).toEqual({
      a: [50_000, 60_000, Number.NaN, Number.NaN],
      b: [10_000, 10_000, Number.NaN, Number.NaN],
      '(idle)': [10_000, 10_000, Number.NaN, Number.NaN],
    });
  });

  test.each<[RegExp, unknown]>([
    [/profiles\[0\]\.weights has 1 entries, and samples has 2/, { type: 'sampled', samples: [[0], [1]], weights: [1] }],
    [
      /profiles\[0\]\.samples\[0\]\[1\] names frame 2, which is not in shared\.frames/,
      { type: 'sampled', samples: [[0, 2]], weights: [1] },
    ],
    [/profiles\[0\]\.type is the text 'x', not 'sampled' or 'evented'/, { type: 'x' }],
    [/profiles\[0\]\.weights\[0\] is negative/, { type: 'sampled', samples: [[0]], weights: [-1] }],
    [
      /events\[0\] closes frame 0, which is not the innermost/,
      { type: 'evented', events: [{ type: 'C', frame: 0, at: 0 }] },
    ],
  ])('is malformed: %s', (message, profile) => {
    expect(() => read(file(profile))).toThrow(message);
  });

  test('has a thread for each profile', () => {
    const profile = (name: string, weight: number) => ({
      type: 'sampled',
      name,
      unit: 'microseconds',
      samples: [[0]],
      weights: [weight],
    });
    const text = JSON.stringify({
      shared: { frames: [{ name: 'a' }] },
      profiles: [profile('main', 1), profile('worker', 9)],
    });
    expect(readProfile(Buffer.from(text), 'x')).toMatchObject({ duration: 9 });
    expect(readProfile(Buffer.from(text), 'x', { thread: 'main' })).toMatchObject({ duration: 1 });
  });
});

describe('perf script', () => {
  const sample = (time: string, event: string, frames: readonly string[]) =>
    `node  3405/3405 [002] ${time}: ${event}:\n${frames.map((frame) => `\t${frame}\n`).join('')}\n`;

  test('reads cpu-clock as time, with idle time in gaps', () => {
    const text = [
      sample('10.001000', '1000000 cpu-clock:ppp', [
        '7f01 LazyCompile:*parse /srv/app/app.js:12:5 (/tmp/perf-3405.map)',
        '7f02 main+0x1f (/usr/bin/node)',
      ]),
      sample('10.002000', '1000000 cpu-clock:ppp', ['7f02 main+0x20 (/usr/bin/node)']),
      sample('10.012000', '1000000 cpu-clock:ppp', ['7f03 [unknown] (/usr/lib/libc.so.6)']),
    ].join('');
    const profile = read(text);
    expect(figuresOf(profile)).toEqual({
      main: [1000, 2000, 1, 2],
      parse: [1000, 1000, 1, 1],
      '(idle)': [9000, 9000, 0, 0],
      '[libc.so.6]': [1000, 1000, 1, 1],
    });
    expect(profile.functions.line).toContain(12);
  });

  test('counts the samples of other events', () => {
    const profile = read(sample('10.1', '250000 cycles', ['7f02 main (/usr/bin/node)']));
    expect(profile).toMatchObject({ unit: 'count', duration: 1 });
  });
});

describe('pprof', () => {
  const go = readFileSync(`${FILES}/go-pprof.pb.gz`);

  test('takes the time of a file with several values, or the one of --value', () => {
    expect(figuresOf(read(go))).toEqual({ 'main.main': [10_000, 10_000, 1, 1] });
    expect(read(go, 'samples')).toMatchObject({ unit: 'count', duration: 1 });
    expect(() => read(go, 'heap')).toThrow("x: has no values 'heap'; there is samples, cpu");
  });

  test.each(['samples', 'cpu'])('with a negative value is named as a difference: %s', (type) => {
    const minusOne = 'ffffffffffffffffff01';
    const values = type === 'samples' ? `${minusOne}01` : `01${minusOne}`;
    const sample = Buffer.from(`12100a0101120b${values}`, 'hex');
    expect(() => read(Buffer.concat([gunzipSync(go), sample]))).toThrow(
      'x: pprof, sample 1: a value is negative, as in the difference of two profiles; read the two themselves',
    );
  });

  test('is recognized whatever its first field', () => {
    const fields = gunzipSync(go);
    const time = fields.indexOf(Buffer.from('4880', 'hex'));
    const rotated = Buffer.concat([
      fields.subarray(time, time + 10),
      fields.subarray(0, time),
      fields.subarray(time + 10),
    ]);
    expect(figuresOf(read(rotated))).toEqual(figuresOf(read(go)));
  });
});

/** Bytes of each reader. */
const SEEDS: readonly (readonly [string, Uint8Array])[] = [
  ['pprof', gunzipSync(readFileSync(`${FILES}/go-pprof.pb.gz`))],
  ['speedscope', readFileSync(`${FILES}/speedscope.json`)],
  ['firefox', readFileSync(`${FILES}/firefox-profile.json`)],
  ['folded', readFileSync(`${FILES}/folded-stacks.txt`)],
];

describe.each(SEEDS)('a damaged file of %s', (_, seed) => {
  test('is read or is a PstatError, wherever it is cut', () => {
    for (let length = 0; length < seed.length; length++) readOrReject(seed.subarray(0, length));
  });

  test('is read or is a PstatError, whatever bytes change', () => {
    const changes = fc.array(fc.tuple(fc.nat(seed.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(changes, (list) => {
        const bytes = Uint8Array.from(seed);
        for (const [place, byte] of list) bytes[place] = byte;
        readOrReject(bytes);
      }),
      { numRuns: 100 },
    );
  });
});

function readOrReject(bytes: Uint8Array): void {
  try {
    buildCallGraph(readProfile(bytes, 'x'));
  } catch (error) {
    expect(error).toBeInstanceOf(PstatError);
  }
}

test('a Hermes profile of begin and end events has a thread for each tid', () => {
  const event = (ph: string, name: string, ts: number, tid = '7') => ({
    pid: 0,
    tid,
    ph,
    name,
    cat: 'JavaScript',
    ts: String(ts),
    args: { line: 3, column: 1, name, url: 'index.bundle', category: 'JavaScript' },
  });
  const events = [
    event('B', 'render', 1000),
    event('B', 'inner', 1500),
    event('E', 'inner', 2500),
    event('E', 'render', 4000),
  ];
  expect(figuresOf(read(JSON.stringify(events)))).toEqual({
    render: [2000, 3000, Number.NaN, Number.NaN],
    inner: [1000, 1000, Number.NaN, Number.NaN],
  });
  expect(() => read(JSON.stringify([events[0], events[2]]))).toThrow(
    'event 1 ends a function that is not the innermost',
  );
});

describe('amounts that are not times', () => {
  const folded = Buffer.from('main;a 3\nmain;b 5\n');

  test.each(['speedscope', 'pprof', 'callgrind', 'folded'])('stay counts in %s', async (name) => {
    const writer = WRITABLE_FORMATS.find((format) => format.name === name)?.writer;
    const profile = readProfile(folded, 'x');
    const { bytes } = (await writer?.load())?.([{ profile, name: 'x', labels: new Map() }], {}) ?? {
      bytes: new Uint8Array(),
    };
    if (name === 'callgrind') expect(Buffer.from(bytes).toString()).toContain('events: count\n');
    else expect(readProfile(bytes, 'x')).toMatchObject({ unit: 'count', duration: 8 });
  });

  test.each(['cpuprofile', 'firefox', 'prof'])('are not written as time to %s', async (name) => {
    const write = await WRITABLE_FORMATS.find((format) => format.name === name)?.writer.load();
    const profile = readProfile(folded, 'x');
    expect(() => write?.([{ profile, name: 'x', labels: new Map() }], {})).toThrow(
      /holds bytes or counts, and this format/,
    );
  });

  test('have a decimal where they are not whole, so that rows add up to what was counted', async () => {
    const scale = amountScale([31.2, 6.1, 0.5], 'count');
    expect([31.2, 6.1, 0.5].map((amount) => formatTime(amount, scale))).toEqual(['31.2', '6.1', '0.5']);
    expect(formatTime(3, amountScale([3, 5, null], 'count'))).toBe('3');
  });

  test('do not compare', async () => {
    const stats = new Stats(readProfile(folded, 'x'));
    expect(() => compare([stats], [stats])).toThrow(/holds bytes or counts, and compare tests times/);
  });
});
