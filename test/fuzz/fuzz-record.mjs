/** `node test/fuzz/fuzz-record.mjs`: runs every program of recorded-programs.mjs alone and recorded, and compares. */

import { isDeepStrictEqual } from 'node:util';
import { allCases, findNode, runCase, VERSIONS } from './recorded-programs.mjs';

/** Returns the number of cases that differ. Prints each. */
export async function fuzzRecord() {
  const nodes = new Map(VERSIONS.map((version) => [version, findNode(version)]));
  const cases = allCases(VERSIONS.filter((version) => nodes.get(version) !== null));
  let differences = 0;
  let done = 0;
  async function work() {
    for (;;) {
      const drawn = cases[done++];
      if (drawn === undefined) return;
      const { alone, recorded } = await runCase(drawn, nodes.get(drawn.version));
      if (isDeepStrictEqual(alone, recorded)) continue;
      differences++;
      console.log(JSON.stringify({ ...drawn, alone, recorded }, null, 2));
    }
  }
  await Promise.all([work(), work(), work()]);
  console.log(`${cases.length} recorded programs, ${differences} differences`);
  return differences;
}

if (process.argv[1]?.endsWith('fuzz-record.mjs')) process.exitCode = (await fuzzRecord()) === 0 ? 0 : 1;
