/**
 * `npm run fuzz -- --minutes 60 [--seed TEXT]`: feeds mutated files and random arguments to pstat for half of the time, then
 * runs small programs alone and recorded. Prints the seed and each failure, writes failing files to a temporary folder, and
 * exits with 1 if there is one. Copy what it finds to test/fuzz/kept, whose files are tests.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { fuzzRecord } from './fuzz-record.mjs';

const USAGE = 'npm run fuzz -- [--minutes 60] [--seed TEXT]';

const values = valuesOf(process.argv.slice(2));
if (values.help) {
  console.log(USAGE);
  process.exit();
}
const seed = values.seed ?? String(Date.now());
const time = 60_000 * Number(values.minutes);
const end = Date.now() + time;

/** Cases of one seed: a failure is found again with a run of so many. */
const CASES = 2000;

const folder = mkdtempSync(path.join(tmpdir(), 'pstat-fuzz-'));
// Within the project, so that packages are found.
const bundle = path.resolve('node_modules/.cache/pstat-fuzz.mjs');
await build({
  entryPoints: ['test/fuzz/fuzz.ts'],
  outfile: bundle,
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  logLevel: 'error',
});
const { fuzz, seeded } = await import(pathToFileURL(bundle).href);

console.log(`seed ${seed}`);
let failures = 0;
let cases = 0;
for (let round = 0; Date.now() < end - time / 2; round++) {
  for await (const { input, problem } of fuzz(`${seed}/${round}`, CASES)) {
    const file = path.join(folder, `failure-${++failures}`);
    writeFileSync(file, input instanceof Uint8Array ? input : JSON.stringify(input));
    console.log(`seed ${seed}/${round}: ${problem}\n  input in ${file}`);
  }
  cases += CASES;
}
console.log(`${cases} cases from seed ${seed}: ${failures} failures`);
if (failures === 0) rmSync(folder, { recursive: true });
const next = seeded(seed);
const differences = await fuzzRecord({ end, random: () => next(2 ** 30) / 2 ** 30 });
process.exitCode = failures + differences === 0 ? 0 : 1;

/** Ends the process with 2 for arguments that it does not know. */
function valuesOf(args) {
  const options = {
    minutes: { type: 'string', default: '60' },
    seed: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  };
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    console.error(`fuzz: ${error.message}\n${USAGE}`);
    return process.exit(2);
  }
}
