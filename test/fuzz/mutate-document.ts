/** Changes values of a JSON document, and of what other formats hold when it is written as one. */

import { pick, type Random } from '../support/seeded.ts';

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

type Container = unknown[] | Record<string, unknown>;

/** Changes a few values of a document at random places, and returns it. */
export function mutateDocument(document: unknown, random: Random): unknown {
  const places = placesIn(document);
  if (places.length === 0) return pick(VALUES, random);
  for (let i = random(4); i >= 0; i--) {
    const { inside, key } = pick(places, random);
    if (Array.isArray(inside)) changeList(inside, Number(key), random);
    else changeObject(inside, key, random);
  }
  return document;
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
  // A document within the document, such as a source map.
  if (typeof value === 'string' && value.startsWith('{')) return mutateJsonText(value, random) ?? value;
  if (typeof value === 'string') return pick([`${value}\u0000`, value.slice(1), value + value, `/${value}`], random);
  return value;
}

/** Null for text that is not JSON, and for JSON too deep to be written again. */
export function mutateJsonText(text: string, random: Random): string | null {
  try {
    return JSON.stringify(mutateDocument(JSON.parse(text), random));
  } catch {
    return null;
  }
}
