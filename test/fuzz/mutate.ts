/** Changes a file at random: what it holds where its structure is known, any file by its bytes. */

import { gzipSync } from 'node:zlib';
import { pick, type Random } from '../support/seeded.ts';
import { mutateJsonText } from './mutate-document.ts';
import { mutateMarshal, mutateReport } from './mutate-packed.ts';
import { mutateText, mutateWire } from './mutate-records.ts';

/** Files of each kind. */
export type Seeds = readonly (readonly Uint8Array[])[];

/** Each kind is as frequent as the others, however many files it has. */
export function pickSeed(seeds: Seeds, random: Random): Uint8Array {
  return pick(pick(seeds, random), random);
}

export function mutate(seeds: Seeds, random: Random): Uint8Array {
  const seed = pickSeed(seeds, random);
  const mutated = random(4) === 0 ? null : mutateByStructure(seed, random);
  let bytes = mutated ?? seed;
  // Most changes of bytes only make a file invalid.
  const changes = mutated === null ? 1 + random(6) : random(8) === 0 ? 1 : 0;
  for (let i = 0; i < changes; i++) bytes = mutateBytes(bytes, pickSeed(seeds, random), random);
  return random(50) === 0 ? mutateGzip(bytes, random) : bytes;
}

/** Null for a file of no structure that is known here. */
export function mutateByStructure(seed: Uint8Array, random: Random): Uint8Array | null {
  const ways = [mutateReport, mutateJson, mutateMarshal, mutateWire, mutateText];
  for (const way of ways) {
    const mutated = way(seed, random);
    if (mutated !== null) return mutated;
  }
  return null;
}

function mutateJson(bytes: Uint8Array, random: Random): Uint8Array | null {
  const text = mutateJsonText(Buffer.from(bytes).toString(), random);
  return text === null ? null : Buffer.from(text);
}

/** A gzipped file, half of them damaged. */
function mutateGzip(bytes: Uint8Array, random: Random): Uint8Array {
  const gzipped = gzipSync(bytes, { level: 1 });
  return random(2) === 0 ? gzipped : mutateBytes(gzipped, gzipped, random);
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
