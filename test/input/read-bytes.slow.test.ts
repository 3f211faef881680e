import { readdirSync, readFileSync } from 'node:fs';
import { constants, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PstatError, readProfile } from '../../src/index.ts';
import { type Document, json, plain } from '../support/documents.ts';
import { prof } from '../support/marshal.ts';
import { attempt, examine, refusalOf, timesOf } from '../support/reading.ts';
import { seeded } from '../support/seeded.ts';
import { within } from '../support/time.ts';

const PLAIN = JSON.stringify(plain());

function hot(bytes: Uint8Array): string[] {
  return timesOf(readProfile(bytes, 'file')).filter((times) => !times.endsWith('/0'));
}

describe('gzipped files', () => {
  const packed = gzipSync(PLAIN);
  const expected = ['main 1000/4700', 'a 1000/1000', 'b 2700/2700'];

  test('are read', () => {
    expect(hot(packed)).toEqual(expected);
  });

  test('are read if gzipped twice, as browsers save .gz files', () => {
    expect(hot(gzipSync(packed))).toEqual(expected);
  });

  test('are rejected if gzipped a hundred times', () => {
    let bytes: Uint8Array = packed;
    for (let times = 0; times < 100; times++) bytes = gzipSync(bytes);
    examine(refusalOf(bytes));
  });

  test('are read if they have two members, as `cat a.gz b.gz` and pigz write', () => {
    const half = PLAIN.length >> 1;
    expect(hot(Buffer.concat([gzipSync(PLAIN.slice(0, half)), gzipSync(PLAIN.slice(half))]))).toEqual(expected);
  });

  test('are read if they hold a .prof', () => {
    const bytes = prof({ key: ['a.py', 1, 'f'], cc: 1, nc: 1, tt: 0.5, ct: 0.5 });
    expect(hot(gzipSync(bytes))).toEqual(['f 0.5/0.5']);
  });

  test('are malformed if they are cut at any byte', () => {
    for (let end = 1; end < packed.length; end++) {
      const error = refusalOf(packed.subarray(0, end));
      if (end >= 3) expect(error.kind).toBe('malformed');
    }
    expect(refusalOf(packed.subarray(0, packed.length >> 1)).message).toMatch(/cut short/);
  });

  test('are malformed if the inner gzip data is cut', () => {
    expect(refusalOf(gzipSync(packed.subarray(0, packed.length >> 1)))).toMatchObject({ kind: 'malformed' });
  });

  test('are malformed with a wrong checksum or length', () => {
    for (const fromEnd of [8, 4]) {
      const bytes = Uint8Array.from(packed);
      bytes[packed.length - fromEnd] = (bytes[packed.length - fromEnd] ?? 0) ^ 1;
      expect(refusalOf(bytes)).toMatchObject({ kind: 'malformed' });
    }
  });

  test('give an error or the same profile if any byte is inverted', () => {
    for (let place = 0; place < packed.length; place++) {
      const bytes = Uint8Array.from(packed);
      bytes[place] = (bytes[place] ?? 0) ^ 0xff;
      const outcome = attempt(bytes);
      examine(outcome);
      if (!(outcome instanceof PstatError)) expect(hot(bytes)).toEqual(expected);
    }
  });

  test('are rejected if they are only the first bytes', () => {
    examine(refusalOf(Uint8Array.of(0x1f, 0x8b)));
    examine(refusalOf(Uint8Array.of(0x1f)));
  });

  test('are read with trailing zero bytes, as tapes and block devices add', () => {
    expect(hot(Buffer.concat([packed, Buffer.alloc(512)]))).toEqual(expected);
  });

  test('are empty files if they hold nothing', () => {
    expect(refusalOf(gzipSync('')).message).toMatch(/empty/);
    expect(refusalOf(gzipSync(gzipSync(''))).message).toMatch(/empty/);
  });

  test('are not mistaken for deflate data without a gzip header', () => {
    examine(refusalOf(deflateSync(PLAIN)));
  });

  test('are rejected if they expand to 600 MB', () => {
    const bomb = gzipSync(Buffer.alloc(600 * 2 ** 20, ' '), { level: constants.Z_BEST_SPEED });
    within(30_000, () => expect(refusalOf(bomb).message).toMatch(/larger|MB/));
  });
});

describe('an empty file', () => {
  test('has an error that says so', () => {
    expect(refusalOf(new Uint8Array(), 'x')).toMatchObject({ kind: 'unknown-format', source: 'x' });
    expect(refusalOf(new Uint8Array(), 'x').message).toMatch(/^x: .*empty/);
  });

  test.each(['\ufeff', ' ', '\n\n', '\0'])('of %j is rejected', (text) => {
    examine(refusalOf(Buffer.from(text)));
  });
});

describe('the source', () => {
  test('is what the caller named, in the profile and in the error', () => {
    expect(readProfile(Buffer.from(PLAIN), 'a/b.cpuprofile').sources).toEqual(['a/b.cpuprofile']);
    expect(refusalOf(json(plain({ samples: 3 })), 'a/b.cpuprofile').message).toMatch(/^a\/b\.cpuprofile: samples /);
  });

  test('is made visible in an error', () => {
    for (const source of ['\u001b[31mred', 'two\nlines', '\u202etxt.exe', '\u009b2J'])
      examine(refusalOf(Buffer.from('x'), source));
  });

  test('does not decide the format', () => {
    for (const source of ['x.prof', 'x.txt', '', 'x.cpuprofile.gz'])
      expect(readProfile(Buffer.from(PLAIN), source).counts).toBe('samples');
  });
});

test('reading does not change the bytes', () => {
  for (const file of [...files('odd'), ...files('broken')]) {
    const bytes = readFileSync(file);
    const copy = Uint8Array.from(bytes);
    attempt(bytes);
    expect(Buffer.compare(bytes, copy), file).toBe(0);
  }
});

// ---- damaged files -------------------------------------------------------------------------------------------------

function files(folder: string): string[] {
  return readdirSync(`samples/${folder}`)
    .filter((name) => name !== 'make.py')
    .map((name) => `samples/${folder}/${name}`);
}

const SMALL = [...files('odd'), ...files('broken')];
const LARGE = [
  'samples/GET.resource_providers.prof',
  'samples/resource-providers.cpuprofile',
  ...files('before').slice(0, 2),
  ...files('after').slice(0, 1),
];

/** Checks that the bytes give a profile that adds up or a PstatError, within 5 s. `how` describes the bytes. */
function survive(bytes: Uint8Array, how: string): void {
  try {
    within(5_000, () => examine(attempt(bytes)));
  } catch (error) {
    throw new Error(`${how}: ${error instanceof Error ? error.stack : error}`);
  }
}

describe('a changed file gives a profile or a PstatError', () => {
  test.each(SMALL)('%s as it is', (file) => {
    survive(readFileSync(file), file);
  });

  test.each(SMALL)('%s cut at every byte', (file) => {
    const bytes = readFileSync(file);
    for (let end = 0; end < bytes.length; end++) survive(bytes.subarray(0, end), `${file} cut at ${end}`);
  });

  test.each(SMALL)('%s with any single byte changed', (file) => {
    const bytes = readFileSync(file);
    const random = seeded(file);
    for (let place = 0; place < bytes.length; place++) {
      const before = bytes[place] ?? 0;
      bytes[place] = before ^ (1 + random(255));
      survive(bytes, `${file} with ${bytes[place]} at ${place}`);
      bytes[place] = before;
    }
  });

  test.each(SMALL)('%s with eight bytes changed', (file) => {
    const original = readFileSync(file);
    const random = seeded(`${file} eight`);
    for (let times = 0; times < 300 && original.length > 0; times++) {
      const bytes = Uint8Array.from(original);
      const places = Array.from({ length: 8 }, () => random(bytes.length));
      for (const place of places) bytes[place] = random(256);
      survive(bytes, `${file} with ${places.map((place) => `${bytes[place]} at ${place}`).join(', ')}`);
    }
  });

  test.each(SMALL)('%s with a part removed or doubled', (file) => {
    const bytes = readFileSync(file);
    const random = seeded(`${file} chunks`);
    for (let times = 0; times < 200 && bytes.length > 0; times++) {
      const [from = 0, to = 0] = [random(bytes.length), random(bytes.length)].sort((a, b) => a - b);
      const [left, chunk, right] = [bytes.subarray(0, from), bytes.subarray(from, to), bytes.subarray(to)];
      survive(Buffer.concat([left, right]), `${file} without ${from} to ${to}`);
      survive(Buffer.concat([left, chunk, chunk, right]), `${file} with ${from} to ${to} twice`);
    }
  });

  test.each(LARGE)('%s cut at 300 bytes', (file) => {
    const bytes = readFileSync(file);
    const random = seeded(file);
    for (let times = 0; times < 300; times++) {
      const end = random(bytes.length);
      survive(bytes.subarray(0, end), `${file} cut at ${end}`);
    }
  });

  test.each(LARGE)('%s with one of 300 bytes changed', (file) => {
    const bytes = readFileSync(file);
    const random = seeded(`${file} turned`);
    for (let times = 0; times < 300; times++) {
      const place = random(bytes.length);
      const before = bytes[place] ?? 0;
      bytes[place] = random(256);
      survive(bytes, `${file} with ${bytes[place]} at ${place}`);
      bytes[place] = before;
    }
  });

  test('random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => examine(attempt(bytes))),
      { seed: 1, numRuns: 1500 },
    );
  });

  test('random marshal: a dict, then any type bytes and small numbers', () => {
    const types = [...'{0()[iIlgfzZaAutsRrNTFSc.'].map((type) => type.charCodeAt(0));
    const byte = fc.oneof(
      fc.constantFrom(...types, ...types.map((type) => type | 0x80)),
      fc.constantFrom(0, 0, 0, 1, 2, 3, 5, 0xff),
    );
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 120 }), (bytes) =>
        examine(attempt(Uint8Array.from([0x7b, 0x29, 3, ...bytes]))),
      ),
      { seed: 2, numRuns: 5000 },
    );
  });
});

// ---- any value in any place ----------------------------------------------------------------------------------------

type Path = readonly (string | number)[];

/** Every place in a document, the document itself first. */
function placesIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [
    path,
    ...Object.entries(value).flatMap(([key, inside]) =>
      placesIn(inside, [...path, Array.isArray(value) ? Number(key) : key]),
    ),
  ];
}

/** A copy with another value in one place; undefined removes it. */
function replaced(document: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value;
  const copy = structuredClone(document) as Record<string | number, unknown>;
  copy[key] = replaced(copy[key], rest, value);
  return copy;
}

const FULL: Document = {
  ...plain({ samples: [5, 6, 8, 3, 4, 8], timeDeltas: [5000, 1000, 1000, 2000, 500, 500], endTime: 1_010_400 }),
  title: 'x',
};
for (const node of FULL.nodes) Object.assign(node, { positionTicks: [{ line: 3, ticks: 1 }], deoptReason: '' });

const PLACES = placesIn(FULL);

describe('any value in any place of a valid profile gives a profile that adds up or a PstatError', () => {
  const ODD = [
    undefined,
    null,
    true,
    false,
    0,
    -0,
    -1,
    0.5,
    1e-300,
    2 ** 31,
    2 ** 32,
    2 ** 53,
    -(2 ** 53),
    1e300,
    '',
    '0',
    '__proto__',
    '(root)',
    '(idle)',
    '\u001b[2J',
    [],
    [[]],
    {},
    { length: 3 },
    [1, 2, 3],
    [5, 5, 5, 5, 5, 5],
    { __proto__: null, id: 1 },
  ];

  test.each(ODD.map((value) => [value]))('%j', (value) => {
    for (const place of PLACES) {
      const document = replaced(FULL, place, value);
      survive(Buffer.from(JSON.stringify(document) ?? ''), `${JSON.stringify(value)} at ${place.join('.')}`);
    }
  });

  test.each<[string, Document]>([
    ['without samples', { ...FULL, samples: undefined, timeDeltas: undefined }],
    ['without times', { ...FULL, timeDeltas: undefined }],
    ['without an end', { ...FULL, endTime: undefined }],
    ['without anything but nodes', { nodes: FULL.nodes }],
  ])('in a profile %s', (_, document) => {
    const places = placesIn(document);
    for (const value of ODD) {
      for (const place of places) {
        const bytes = Buffer.from(JSON.stringify(replaced(document, place, value)) ?? '');
        survive(bytes, `${JSON.stringify(value)} at ${place.join('.')}`);
      }
    }
  });

  test('numbers that JSON can write and doubles cannot hold', () => {
    for (const digits of ['1e999', '-1e999', '9007199254740993', '1e-400', '0.1e1', '-0']) {
      for (const place of PLACES) {
        const text = JSON.stringify(replaced(FULL, place, '@here@')).replace('"@here@"', digits);
        survive(Buffer.from(text), `${digits} at ${place.join('.')}`);
      }
    }
  });

  test('a value nested a hundred thousand deep', () => {
    const depth = 100_000;
    for (const [opening, closing] of [
      ['[', ']'],
      ['{"a":', '}'],
      ['{"profile":', '}'],
      ['{"children":[', ']}'],
      ['{"nodes":[', ']}'],
    ] as const) {
      const deep = `${opening.repeat(depth)}0${closing.repeat(depth)}`;
      survive(Buffer.from(deep), opening);
      survive(Buffer.from(opening.repeat(depth)), `${opening} alone`);
      for (const place of PLACES.filter((_, at) => at % 7 === 0)) {
        const text = JSON.stringify(replaced(FULL, place, '@here@')).replace('"@here@"', deep);
        survive(Buffer.from(text), `${opening} at ${place.join('.')}`);
      }
    }
  });

  test('random JSON', () => {
    fc.assert(
      fc.property(fc.constantFrom(...PLACES), fc.jsonValue(), (place, value) => {
        examine(attempt(json(replaced(FULL, place, value))));
      }),
      { seed: 3, numRuns: 2000 },
    );
  });

  test('random JSON in two places at once', () => {
    const value = fc.oneof(fc.integer({ min: -2, max: 12 }), fc.constantFrom(...ODD), fc.double());
    fc.assert(
      fc.property(fc.constantFrom(...PLACES), value, fc.constantFrom(...PLACES), value, (place, one, other, two) => {
        const document = replaced(FULL, place, one);
        if (other.every((_, depth) => isReachable(document, other.slice(0, depth)))) {
          examine(attempt(Buffer.from(JSON.stringify(replaced(document, other, two)) ?? '')));
        }
      }),
      { seed: 4, numRuns: 2000 },
    );
  });

  test('random samples and deltas: the breakdown adds up', () => {
    const sample = fc.integer({ min: 1, max: 9 });
    const delta = fc.oneof(fc.integer({ min: -2000, max: 3000 }), fc.constantFrom(0, 1, 1_000_000, -1_000_000));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(sample, delta), { maxLength: 12 }),
        fc.integer({ min: -5000, max: 20_000 }),
        (pairs, end) => {
          const bytes = json(
            plain({
              samples: pairs.map(([id]) => id),
              timeDeltas: pairs.map(([, time]) => time),
              endTime: 1_000_000 + end,
            }),
          );
          const outcome = attempt(bytes);
          examine(outcome);
          expect(outcome).not.toBeInstanceOf(PstatError);
        },
      ),
      { seed: 5, numRuns: 2500 },
    );
  });

  test('random fractional times: the breakdown adds up to a relative 1e-12', () => {
    const delta = fc.double({ min: 0, max: 1e5, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(delta, { minLength: 1, maxLength: 50 }),
        fc.double({ min: 0, max: 1e5, noNaN: true }),
        (deltas, rest) => {
          const startTime = 1.7e15;
          const endTime = startTime + deltas.reduce((sum, each) => sum + each, 0) + rest;
          examine(
            attempt(
              json(plain({ samples: deltas.map((_, at) => 5 + (at % 4)), timeDeltas: deltas, startTime, endTime })),
            ),
          );
        },
      ),
      { seed: 6, numRuns: 500 },
    );
  });
});

function isReachable(document: unknown, path: Path): boolean {
  let value = document;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return false;
    value = (value as Record<string | number, unknown>)[key];
  }
  return typeof value === 'object' && value !== null;
}
