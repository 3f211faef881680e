/** Changes a file at random: its JSON by structure, any file by its bytes. */

import { gunzipSync, gzipSync } from 'node:zlib';
import { DATA_END, DATA_START } from '../../src/formats/report/markup.ts';
import { pick, type Random } from '../support/seeded.ts';
import { mutateText, mutateWire } from './mutate-records.ts';

/** Values that readers must reject or bear wherever they stand. */
const VALUES: readonly unknown[] = [
  null,
  true,
  '',
  '0',
  'Infinity',
  '\u001b]52;c;aGk=\u0007',
  '\u202e\u{e0041}\u3164\ud800',
  '__proto__',
  '(root)',
  '(garbage collector)',
  'x'.repeat(5000),
  0,
  -1,
  0.5,
  -0,
  1e-7,
  2 ** 31,
  -(2 ** 31),
  2 ** 32,
  2 ** 53,
  4e15,
  1e308,
  [],
  {},
  { toString: 1, valueOf: 1 },
  [[[[[[]]]]]],
];

export function mutate(seeds: readonly Uint8Array[], random: Random): Uint8Array {
  const seed = pick(seeds, random);
  const mutated = random(3) === 0 ? null : mutateByStructure(seed, random);
  let bytes = mutated ?? seed;
  // Most changes of a JSON text's bytes only make it invalid.
  const changes = mutated === null ? 1 + random(6) : random(8) === 0 ? 1 : 0;
  for (let i = 0; i < changes; i++) bytes = mutateBytes(bytes, pick(seeds, random), random);
  return bytes;
}

/** Null for a file of no structure that is known here. */
export function mutateByStructure(seed: Uint8Array, random: Random): Uint8Array | null {
  const ways = [mutateReport, mutateJson, mutateWire, mutateText];
  for (const way of ways) {
    const mutated = way(seed, random);
    if (mutated !== null) return mutated;
  }
  return null;
}

/** Changes the packed columns of an HTML report. Null for other files. */
function mutateReport(bytes: Uint8Array, random: Random): Uint8Array | null {
  const html = Buffer.from(bytes).toString('latin1');
  const start = html.indexOf(DATA_START) + DATA_START.length;
  const end = html.indexOf(DATA_END, start);
  if (!html.startsWith('<!doctype') || end === -1) return null;
  let packed: Uint8Array = gunzipSync(Buffer.from(html.slice(start, end), 'base64'));
  for (let i = random(4); i >= 0; i--) packed = mutateBytes(packed, packed, random);
  return Buffer.from(html.slice(0, start) + gzipSync(packed).toString('base64') + html.slice(end), 'latin1');
}

/** Null for bytes that are not JSON, and for JSON too deep to be written again. */
function mutateJson(bytes: Uint8Array, random: Random): Uint8Array | null {
  try {
    const document: unknown = JSON.parse(Buffer.from(bytes).toString());
    return Buffer.from(JSON.stringify(mutateDocument(document, random)));
  } catch {
    return null;
  }
}

type Container = unknown[] | Record<string, unknown>;

/** Changes a few values at random places of a copy. */
function mutateDocument(document: unknown, random: Random): unknown {
  const copy: unknown = structuredClone(document);
  const places = placesIn(copy);
  if (places.length === 0) return pick(VALUES, random);
  for (let i = random(4); i >= 0; i--) {
    const { inside, key } = pick(places, random);
    if (Array.isArray(inside)) changeList(inside, Number(key), random);
    else changeObject(inside, key, random);
  }
  return copy;
}

interface Place {
  readonly inside: Container;
  readonly key: string;
}

/** Every entry of every list and object, up to a number. */
function placesIn(document: unknown): Place[] {
  const places: Place[] = [];
  const open: unknown[] = [document];
  for (let value = open.pop(); value !== undefined && places.length < 20_000; value = open.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    const inside = value as Container;
    for (const [key, inner] of Object.entries(inside)) {
      places.push({ inside, key });
      open.push(inner ?? null);
    }
  }
  return places;
}

function changeList(list: unknown[], at: number, random: Random): void {
  const ways = [
    () => list.splice(at, 1),
    () => list.splice(at, 0, list[random(list.length)]),
    () => list.splice(random(list.length), 1, list[at]),
    () => list.splice(0, list.length, ...list.reverse()),
    () => list.splice(at, 1, nearby(list[at], random)),
    () => list.splice(at, 1, pick(VALUES, random)),
    () => list.splice(random(list.length), list.length),
  ];
  pick(ways, random)();
}

function changeObject(object: Record<string, unknown>, key: string, random: Random): void {
  const keys = Object.keys(object);
  const ways = [
    () => delete object[key],
    () => {
      object[key] = object[pick(keys, random)];
    },
    () => {
      object[key] = nearby(object[key], random);
    },
    () => {
      object[key] = pick(VALUES, random);
    },
    () => {
      object[`${key}\u001b`] = object[key];
    },
  ];
  pick(ways, random)();
}

/** Another value of the same type. */
function nearby(value: unknown, random: Random): unknown {
  if (typeof value === 'number') return pick([value + 1, value - 1, -value, value * 1e6, value / 3], random);
  if (typeof value === 'string') return pick([`${value}\u0000`, value.slice(1), value + value, `/${value}`], random);
  return value;
}

const NUMBERS = [0, 1, -1, 127, 255, 2 ** 15, 2 ** 31 - 1, -(2 ** 31)];

function mutateBytes(bytes: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  const at = random(bytes.length + 1);
  const to = Math.min(bytes.length, at + random(40));
  const parts = (...all: readonly Uint8Array[]) => Buffer.concat(all);
  const ways = [
    () => bytes.subarray(0, at),
    () => parts(bytes.subarray(0, at), bytes.subarray(to)),
    () => parts(bytes.subarray(0, to), bytes.subarray(at, to), bytes.subarray(to)),
    () => parts(bytes.subarray(0, at), Uint8Array.of(random(256)), bytes.subarray(Math.min(bytes.length, at + 1))),
    () => parts(bytes.subarray(0, at), other.subarray(random(other.length + 1))),
    () => {
      const int32 = Buffer.alloc(4);
      int32.writeInt32LE(pick(NUMBERS, random));
      return parts(bytes.subarray(0, at), int32, bytes.subarray(Math.min(bytes.length, at + 4)));
    },
    () => {
      const flipped = Buffer.from(bytes);
      if (at < flipped.length) flipped[at] = (flipped[at] ?? 0) ^ (1 << random(8));
      return flipped;
    },
  ];
  return pick(ways, random)();
}
