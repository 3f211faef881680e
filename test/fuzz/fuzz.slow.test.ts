/** A fixed budget of the fuzzer, and every input that it ever found. */

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { seeded } from '../support/seeded.ts';
import { fuzz, problemOf } from './fuzz.ts';

const KEPT = 'test/fuzz/kept';

test.each(readdirSync(KEPT))('nothing is wrong with %s', async (name) => {
  expect(await problemOf(readFileSync(path.join(KEPT, name)), seeded(name))).toBeNull();
});

/** PSTAT_FUZZ_SEED repeats a run. */
const SEED = process.env['PSTAT_FUZZ_SEED'] ?? String(Date.now());

test(`10,000 mutated files and arguments show nothing wrong, with PSTAT_FUZZ_SEED=${SEED}`, async () => {
  for await (const { input, problem } of fuzz(SEED, 10_000)) {
    const shown = input instanceof Uint8Array ? Buffer.from(input).toString('base64') : JSON.stringify(input);
    expect.fail(`${problem}\nseed ${SEED}, input: ${shown}`);
  }
});
